// Only what a page of ours uses, by its data-module; a page that wants another component adds it here and in app.scss.
// No page uses a script of MoJ Frontend; one that does begins it here.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";

for (const component of [
  SkipLink,
  ServiceNavigation,
  ErrorSummary,
  NotificationBanner,
  Button,
  CharacterCount,
  Checkboxes,
  PasswordInput,
  Radios,
]) {
  createAll(component);
}

"""Drafts: saved from the first keystroke, found again after a time-out or on another desk, gone when the form is sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from ledger.acting import Person
from ledger.models import Draft

LIFE = timedelta(days=30)
MOST_CHARACTERS = 200_000
NEVER_KEPT = {"csrfmiddlewaretoken", "once", "password", "version", "draft", "save_draft", "sent_with"}


def fields_of(posted: Mapping[str, Any]) -> dict[str, list[str]]:
    """The part of a sent form that a draft keeps: no tokens, no passwords, and no empty answers."""
    lists = posted.lists() if hasattr(posted, "lists") else ((k, v) for k, v in posted.items())
    kept = {
        name: [v.replace("\x00", "") for v in values if v.strip()] for name, values in lists if name not in NEVER_KEPT
    }
    return {name: values for name, values in kept.items() if values and "password" not in name}


@transaction.atomic
def save_draft(
    form: str, *, by: Person, path: str, data: dict[str, list[str]], subject: str = "", at: datetime | None = None
) -> Draft:
    """Keep what was typed. Raises ValidationError when it is too much to keep."""
    if sum(len(v) for values in data.values() for v in values) > MOST_CHARACTERS:
        raise ValidationError("This is too long to keep as a draft. Shorten it, or save it in parts.")
    draft, _ = Draft.objects.update_or_create(
        person_id=by.pk,
        form=form,
        subject=subject,
        defaults={"path": path[:300], "data": data, "saved_at": at or timezone.now()},
    )
    return draft


@transaction.atomic
def discard_draft(form: str, *, by: Person, subject: str = "") -> int:
    """Throw a draft away, because the form was sent or the person said so. Returns how many went."""
    return Draft.objects.filter(person_id=by.pk, form=form, subject=subject).delete()[0]


@transaction.atomic
def readdress(reference: str, *, to: str, by: Person) -> int:
    """Let one's drafts about a record stand under another reference, unless there is one of that form already."""
    mine = Draft.objects.filter(person_id=by.pk)
    taken = set(mine.filter(subject=to).values_list("form", flat=True))
    moved = [one for one in mine.filter(subject=reference) if one.form not in taken]
    for draft in moved:
        draft.subject, draft.path = to, draft.path.replace(reference, to)
        draft.save(update_fields=["subject", "path"])
    return len(moved)


def find_draft(form: str, *, by: Person, subject: str = "") -> Draft | None:
    """The draft of this form, if there is one."""
    return Draft.objects.filter(person_id=by.pk, form=form, subject=subject).first()


Form = TypeVar("Form", bound=BaseForm)


def fill(form: type[Form], typed: Mapping[str, Any], **options: Any) -> Form:
    """The form with what was typed in it, and not judged: nobody has sent it."""
    data = typed if isinstance(typed, MultiValueDict) else MultiValueDict(typed)
    initial = {
        name: value
        for name, field in form(**options).fields.items()
        if (value := field.widget.value_from_datadict(data, MultiValueDict(), name)) not in (None, "", [])
    }
    return form(initial=initial, **options)


def typed_before(form: type[Form], name: str, *, by: Person, **options: Any) -> Form | None:
    """The form as a draft kept it; None without a draft. `name` is what the page calls the draft. Runs one query."""
    kept, _, subject = name.partition("/")
    draft = find_draft(kept, by=by, subject=subject)
    return fill(form, draft.data, **options) if draft else None


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Delete drafts that nobody has touched for 30 days. Returns how many."""
    return Draft.objects.filter(saved_at__lt=at - LIFE).delete()[0]

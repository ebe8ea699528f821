"""Reviews of the plan, at most six weeks apart."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Role, User
from cases.actions.cases import REVIEW_DAYS
from cases.actions.story import day_of, lock_open, need_words, write_down
from cases.models import Case, Review


@transaction.atomic
def hold_review(
    case: Case,
    *,
    outcome: Review.Outcome,
    progress: bool,
    summary: str,
    household_view: str = "",
    next_due_on: date | None = None,
    discussed_with: User | None = None,
    manager_words: str = "",
    by: User,
    at: datetime,
) -> Review:
    """Record a held review and when the next is due (by default in six weeks).

    Raises ValidationError where a second review in a row saw no progress and no manager has said what follows.
    """
    case = lock_open(case)
    summary, words, today = need_words(summary, "Say what the review found"), manager_words.strip(), day_of(at)
    if not progress and drifting(case) and not (words and discussed_with):
        raise ValidationError(
            "This is the second review in a row without progress. Discuss it with your manager and write what they direct."
        )
    if bool(words) != bool(discussed_with):
        raise ValidationError("Give both the manager and what they said, or neither.")
    if discussed_with and discussed_with.role != Role.MANAGER:
        raise ValidationError("Choose a manager.")
    due = next_due_on or today + timedelta(days=REVIEW_DAYS)
    if not today < due <= today + timedelta(days=REVIEW_DAYS):
        raise ValidationError("The next review must be after today and within six weeks.")
    review = Review.objects.create(
        case=case,
        was_due_on=case.review_due_on,
        held_at=at,
        by=by,
        outcome=outcome,
        progress=progress,
        summary=summary,
        household_view=household_view.strip(),
        next_due_on=due,
        discussed_with=discussed_with,
        manager_words=words,
    )
    case.review_due_on = due
    case.version += 1
    case.save(update_fields=["review_due_on", "version"])
    moved = "" if progress else ", no progress"
    heading = f"Review held: {review.get_outcome_display().lower()}{moved}"
    write_down(case, "hold_review", heading, by=by, at=at, subject=review, significant=True, fields=["review_due_on"])
    return review


def drifting(case: Case) -> bool:
    """Whether the last review saw no progress. Runs one query."""
    last = case.reviews.order_by("-held_at", "-pk").first()
    return last is not None and not last.progress

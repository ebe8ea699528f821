"""Notes: written once, corrected by an addendum."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases.actions.story import need_manager, need_words, write_down
from cases.models import Case, Note


@transaction.atomic
def write_note(
    case: Case,
    *,
    kind: Note.Kind,
    text: str,
    happened_at: datetime,
    child_seen: bool = False,
    significant: bool = False,
    by: User,
    at: datetime,
) -> Note:
    """Write what happened; also on a closed case, for late notes are better than none. Supervision is a manager's."""
    text = need_words(text, "Say what happened")
    if happened_at > at:
        raise ValidationError("What happened cannot lie in the future.")
    if kind == Note.Kind.SUPERVISION:
        need_manager(by, "record supervision")
    note = Note.objects.create(
        case=case,
        kind=kind,
        text=text,
        happened_at=happened_at,
        written_at=at,
        by=by,
        child_seen=child_seen,
        significant=significant,
    )
    seen = ", child seen" if child_seen else ""
    heading = f"{note.get_kind_display()} recorded{seen}"
    write_down(case, "write_note", heading, by=by, at=happened_at, subject=note, significant=significant)
    return note


@transaction.atomic
def add_addendum(note: Note, *, text: str, by: User, at: datetime) -> Note:
    """Correct or add to a note: the note stays as it was, and this stands under it."""
    text = need_words(text, "Say what is to be added or corrected")
    first = note.addendum_to or note
    added = Note.objects.create(
        case_id=first.case_id, kind=first.kind, text=text, happened_at=at, written_at=at, by=by, addendum_to=first
    )
    write_down(added.case, "add_addendum", "Addition to a note", by=by, at=at, subject=added)
    return added

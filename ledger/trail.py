"""The trail: one append-only table of who did or read what, without personal data.

An entry is written in the transaction of the work itself: if the trail cannot be written, the page fails.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from django.db import connection, models

from ledger import acting
from ledger.acting import Person

request_id: ContextVar[str] = ContextVar("request_id", default="")
_INSERT = """
    INSERT INTO ledger_auditevent
        (at, person_id, role, organisation_id, principal, verb, kind, reference, subject_id, about, fields, why, outcome, request_id)
    VALUES (coalesce(%s, now()), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def record(
    verb: str,
    subject: models.Model | None = None,
    *,
    by: Person | None = None,
    about: Iterable[str] = (),
    fields: Iterable[str] = (),
    why: str = "",
    outcome: str = "done",
    kind: str = "",
    reference: str = "",
    at: Any = None,
) -> None:
    """Write one entry. `about` holds references of the people concerned, `why` a code, never a name or a note.

    Uses raw SQL because the roles that write the trail may not read it back.
    """
    who = acting.current()
    person_id = by.pk if by else (who.person_id or None) if who and who.role != acting.LINK else None
    role = str(by.role) if by else who.role if who else acting.SYSTEM
    organisation_id = by.organisation_id if by else (who.organisation_id or None) if who else None
    subject_id = None
    if subject is not None:
        kind = kind or subject._meta.label
        subject_id = subject.pk if isinstance(subject.pk, int) else None
        reference = reference or getattr(subject, "reference", "") or ""
    values = [at, person_id, role, organisation_id, who.name if who else "", verb, kind, reference, subject_id]
    values += [list(about), sorted(fields), why, outcome, request_id.get()]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)


def opened(subject: models.Model, *, about: Iterable[str] = (), by: Person | None = None) -> None:
    """Write that a record was read."""
    record("open", subject, by=by, about=about)

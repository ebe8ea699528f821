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
_INTO = """
    INSERT INTO ledger_auditevent
        (at, person_id, role, organisation_id, principal, verb, kind, reference, subject_id, about, fields, why, outcome, request_id)
    VALUES """
_ROW = "(coalesce(%s, now()), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_INSERT = _INTO + _ROW
AT_ONCE = 500


def record(verb: str, subject: models.Model | None = None, **more: Any) -> None:
    """Write one entry; `more` is what `entry` takes.

    Uses raw SQL because the roles that write the trail may not read it back.
    """
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, entry(verb, subject, **more))


def entry(
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
) -> list[Any]:
    """One entry as values. `about` holds references of the people concerned, `why` a code, never a name or a note."""
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
    return [*values, list(about), sorted(fields), why, outcome, request_id.get()]


def insert_of(count: int) -> str:
    """The statement that writes so many entries."""
    return _INTO + ", ".join([_ROW] * count)


def recent_places(most: int) -> list[tuple[str, str]]:
    """The kind and reference of the records that whoever acts has opened in the last fortnight, newest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, reference FROM acting.my_recent_places(%s)", [most])
        return cursor.fetchall()


def opened(
    subject: models.Model, *, about: Iterable[str] = (), by: Person | None = None, where: Iterable[str] = ()
) -> None:
    """Write that a record was read; `where` is what `ledger.requests.where_from` says of the request."""
    record("open", subject, by=by, about=about, fields=where)


def record_many(
    entries: Iterable[tuple[str, models.Model, Iterable[str]]], *, by: Person | None = None, where: Iterable[str] = ()
) -> None:
    """Write an entry (verb, subject, about) for each thing done in bulk, by `by` or whoever acts. Runs one statement for 500."""
    fields = list(where)
    rows = [entry(verb, subject, by=by, about=about, fields=fields) for verb, subject, about in entries]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            batch = rows[start : start + AT_ONCE]
            cursor.execute(insert_of(len(batch)), [value for row in batch for value in row])

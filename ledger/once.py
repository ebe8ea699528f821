"""A form makes its row once: its hidden key is kept with the place that the first answer led to."""

import uuid

from django.db import connection
from django.http import HttpRequest

from ledger.acting import Person

FIELD = "once"
_MINE = "key = %s AND person_id IS NOT DISTINCT FROM %s"


def first_location(request: HttpRequest) -> str | None:
    """Where the same form led when it was first sent; None if this is the first time (and then it is remembered).

    A twin that arrives at the same moment waits here until the first one commits.
    """
    key = sent_key(request)
    if key is None:
        return None
    person = getattr(request.user, "pk", None)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_sentform (key, person_id, path, location) VALUES (%s, %s, %s, '') ON CONFLICT (key) DO NOTHING",
            [key, person, request.path[:300]],
        )
        if cursor.rowcount:
            return None
        cursor.execute(f"SELECT location FROM ledger_sentform WHERE {_MINE}", [key, person])
        found = cursor.fetchone()
    return found[0] if found and found[0] else None


def was_sent(given: str, *, by: Person) -> bool:
    """Whether the form that carries this key has been sent and led somewhere. Runs one query; remembers nothing."""
    if (key := _key(given)) is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM ledger_sentform WHERE location <> '' AND {_MINE}", [key, by.pk])
        return cursor.fetchone() is not None


def remember(request: HttpRequest, location: str) -> None:
    """Keep where the form led; an empty location forgets the key, so that a corrected form may be sent again."""
    key = sent_key(request)
    if key is None:
        return
    person = getattr(request.user, "pk", None)
    with connection.cursor() as cursor:
        if location:
            cursor.execute(f"UPDATE ledger_sentform SET location = %s WHERE {_MINE}", [location[:600], key, person])
        else:
            cursor.execute(f"DELETE FROM ledger_sentform WHERE location = '' AND {_MINE}", [key, person])


def sent_key(request: HttpRequest) -> uuid.UUID | None:
    """The key that came with the form, or None without one (or with nonsense)."""
    return _key(request.POST.get(FIELD, ""))


def _key(given: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(given)
    except ValueError:
        return None

"""Who acts: a signed context that travels into each database transaction, where row-level security reads it.

The context is LOCAL to the transaction, so a pooled connection can never answer as the person before.
"""

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction

LIFE_SECONDS = 900
SYSTEM, LINK = "system", "link"


@dataclass(frozen=True)
class Acting:
    """A person (or a named system principal) on whose behalf the database is asked."""

    person_id: int
    role: str
    organisation_id: int
    name: str = ""

    def token(self) -> str:
        """The context as the database wants it: claims, an expiry, and a signature that only we can make."""
        body = f"{self.person_id}:{self.role}:{self.organisation_id}:{int(time.time()) + LIFE_SECONDS}"
        return f"{body}:{hmac.new(signing_key(), body.encode(), hashlib.sha256).hexdigest()}"


class Person(Protocol):
    """What the ledger needs to know of a user; it does not know the user model."""

    pk: Any
    role: Any
    organisation_id: Any


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def signing_key() -> bytes:
    """The key shared with the database, derived from the secret key so that a rotation replaces it."""
    return hashlib.sha256(b"acting-context:" + settings.SECRET_KEY.encode()).digest()


def current() -> Acting | None:
    """Who acts now, or None outside any request or job."""
    return _acting.get()


def apply_context() -> None:
    """Tell the open transaction who acts. Runs one statement."""
    acting = _acting.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cs.acting', %s, true)", [acting.token() if acting else ""])


@contextmanager
def acting(who: Acting | None) -> Iterator[None]:
    """Act as `who` inside the block, in transactions that begin in it and in the one that is open already."""
    reset = _acting.set(who)
    inside = connection.in_atomic_block
    if inside:
        apply_context()
    try:
        yield
    finally:
        _acting.reset(reset)
        if inside and connection.in_atomic_block and not connection.needs_rollback:
            apply_context()


def as_person(user: Person) -> Acting:
    """The context of a signed-in person."""
    return Acting(user.pk, str(user.role), user.organisation_id or 0)


@contextmanager
def acting_as(user: Person) -> Iterator[None]:
    """Act as a user in one transaction of its own (or in the open one)."""
    with acting(as_person(user)), transaction.atomic():
        yield


@contextmanager
def acting_as_system(name: str) -> Iterator[None]:
    """Act as the named system principal (a job, an import), in one transaction of its own (or in the open one)."""
    with acting(Acting(0, SYSTEM, 0, name)), transaction.atomic():
        yield


@contextmanager
def reading_as_system(name: str) -> Iterator[None]:
    """Read as the named system principal inside the open transaction: no savepoint, and nothing to do where it acts already."""
    who = _acting.get()
    if not connection.in_atomic_block:
        with acting_as_system(name):
            yield
    elif who is not None and who.role == SYSTEM:
        yield
    else:
        with acting(Acting(0, SYSTEM, 0, name)):
            yield


def by_link(subject_id: int, organisation_id: int) -> Acting:
    """The context of someone who answers by a link: it reaches the one row that the link was made for."""
    return Acting(subject_id, LINK, organisation_id)

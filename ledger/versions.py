"""A person edits with the version they saw. A stale one is refused, and the page shows both texts."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from ledger import trail
from ledger.acting import Person


class Versioned(models.Model):
    """A record that counts its changes."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class StaleVersion(ValidationError):
    """Someone else changed the record first. `current` is the record as it stands now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(
            "Someone else changed this while you were typing. Check their changes, then save yours again.", code="stale"
        )
        self.current = current


Subject = TypeVar("Subject", bound=Versioned)


@transaction.atomic
def save_changes(
    subject: Subject, *, seen: int, by: Person | None, verb: str = "change", about: Iterable[str] = (), **changes: Any
) -> Subject:
    """Save the named fields if nobody was faster. Raises StaleVersion otherwise."""
    fresh = type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    if fresh.version != seen:
        raise StaleVersion(fresh)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.save(update_fields=[*changes, "version"])
    trail.record(verb, fresh, by=by, about=about, fields=changes)
    return fresh

"""How to keep a promise to somebody safely: what was said on the day, and what the record marks as safe now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intake.models import Contact
from residents.reach import Reach, Way, ways_to_reach, ways_to_reach_all


@dataclass(frozen=True)
class CallBack:
    """The safe ways to whoever a contact is about; without any, what to do instead."""

    ways: tuple[Way, ...]
    instead: str
    mind: str
    said: str


def how_to_reach(contact: Contact, walls: Mapping[str, list[int]] | None = None) -> CallBack:
    """For one contact; `walls`, where it was asked what stands near. Runs two queries at the most, none where it is about nobody known."""
    return _of(contact, ways_to_reach(contact.resident, walls=walls) if contact.resident else None)


def how_to_reach_all(contacts: Iterable[Contact]) -> dict[int, CallBack]:
    """For each of the contacts, by primary key. Runs six queries, or none where nobody is known."""
    rows = list(contacts)
    known = ways_to_reach_all(row.resident for row in rows if row.resident)
    return {row.pk: _of(row, known.get(row.resident_id)) for row in rows}


def _of(contact: Contact, reach: Reach | None) -> CallBack:
    """What was said on the day is shown beside what is marked, never instead of it: it may have changed since."""
    if reach:
        return CallBack(reach.ways, reach.words, reach.mind, contact.safe_contact)
    who = contact.logged_by.name if contact.logged_by else "a manager"
    if contact.safe_contact:
        return CallBack((), "", "Not on anybody’s record: keep to what they said.", contact.safe_contact)
    return CallBack((), f"No safe way to reach them is known. Do not ring or write: ask {who}.", "", "")

"""One search box: what was typed becomes keys, keys become candidates, candidates are judged again one by one.

Candidates come as ids from a definer function; what they are judged by is read under the viewer's own rights, so that a hidden
person is not found by any field.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from accounts.working_time import local_day
from ledger import acting, trail
from ledger.among import Among
from ledger.composed import Composed
from ledger.gathered import built, gathered, keep_fetched
from residents.asked import MOST_TYPED, Asked, asked_keys, read_search, restricted_parts
from residents.keys import keys_for
from residents.matching import Found, Judge, Known, home_of
from residents.merging.former import stands_for
from residents.models import Household, Membership, Resident, ResidentAddress, kept_back
from residents.search_rows import rebuild_keys, write_keys

__all__ = [
    "MOST_SHOWN",
    "MOST_TYPED",
    "Asked",
    "Found",
    "Search",
    "asked_keys",
    "find",
    "home_of",
    "keys_for",
    "look",
    "ranked",
    "read_search",
    "rebuild_keys",
    "write_keys",
]

MOST_SHOWN = 20
FEW, MANY = 80, 200
"""So many candidates are judged at first, and where none of them is decisive."""
DECISIVE_BIRTH, DECISIVE_PLACE, DECISIVE_NAMES = 60.0, 52.0, 33.0
"""What the best reaches where all that was typed agrees well: a whole date with the name, a postcode with it, or names alone."""
MANY_ALIKE = 10
"""From so many people who fit equally by their names, only a date of birth or a postcode can tell them apart."""


@dataclass
class Search:
    """What a search found, and what the page must say beside it."""

    found: list[Found] = field(default_factory=list)
    restricted: bool = False
    ask_more: bool = False


def find(text: str, *, by: User) -> list[Found]:
    """The residents that the person may see and that fit what was typed, best first, each with the reasons."""
    return look(text, by=by).found


def look(text: str, *, by: User, most: int = MOST_SHOWN) -> Search:
    """As `find`, with what else there is to say. Writes one entry in the trail, without words. Runs at most six queries."""
    asked = read_search(text)
    asked.reference = (asked.reference and stands_for(asked.reference)) or asked.reference
    search = Search()
    if asked:
        judged = ranked(asked)
        search.ask_more = asked.only_names and sum(one.score >= judged[0].score - 1 for one in judged) > MANY_ALIKE
        search.found = _shown(judged[:most], by)
        search.restricted = _is_restricted(asked, many=sum(one.named >= 1 for one in judged) > MANY_ALIKE)
    trail.record("search", kind="residents.Resident", by=by, fields=_hashed(asked), why=f"{len(search.found)} found")
    return search


def ranked(asked: Asked) -> list[Found]:
    """The candidates that fit, best first, as whoever acts may see them; nothing but their ids, scores and reasons.

    Runs one query, and a second one where the first candidates decide nothing.
    """
    keys, weights = asked_keys(asked)
    judge, judged = Judge(asked), {}
    best = _judge(judge, judged, keys, weights, FEW)
    if len(judged) >= FEW and best < decisive(asked):
        _judge(judge, judged, keys, weights, MANY)
    return sorted((one for one in judged.values() if one.fits), key=lambda one: (-one.score, one.name, one.pk))


def decisive(asked: Asked) -> float:
    """The score from which nobody further down can fit better than by chance."""
    if asked.births:
        return DECISIVE_BIRTH
    return DECISIVE_PLACE if asked.postcode else DECISIVE_NAMES


def _judge(judge: Judge, judged: dict[int, Found], keys: list[int], weights: list[int], most: int) -> float:
    """Judge the best candidates that were not judged before. Returns the highest score of those that fit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM acting.people_like(%s, %s, %s)", [keys, weights, most])
        for pk, said in cursor.fetchall():
            if pk not in judged:
                judged[pk] = judge.weigh(Known.read(pk, said))
    return max((one.score for one in judged.values() if one.fits), default=0.0)


def _shown(found: list[Found], by: User) -> list[Found]:
    """Those of them that are shown, with the residents, where they live, and how many live together. Runs one query."""
    rows = SHOWN.rows(by, timezone.now(), [one.pk for one in found]) if found else []
    people = {row.pk: row for row in rows}
    kept = [one for one in found if one.pk in people]
    for one in kept:
        one.resident = people[one.pk]
        one.household_size = one.resident.together or 0
        keep_fetched(one.resident, addresses=built(ResidentAddress, one.resident.places))
    return kept


def _of_shown(user: User, at: datetime, keys: list[int]) -> QuerySet[Resident]:
    places = ResidentAddress.objects.filter(resident=OuterRef("pk"), until=None).exclude(
        pk__in=kept_back("place", keys)
    )
    said = ("kind", "care_of", "confidential", "until", "address__lines", "address__postcode", "address__ward__name")
    here = Membership.objects.filter(
        resident=OuterRef("pk"), until=None, household__in=Household.objects.visible_to(user)
    )
    members = Membership.objects.filter(household=OuterRef("household"), until=None)
    together = members.order_by().values("household").annotate(people=Count("pk")).values("people")
    return (
        Resident.objects.visible_to(user)
        .filter(Among("id", keys))
        .only(*("reference", "name", "preferred_name", "born_on", "birth", "died_on"))
        .order_by()
        .annotate(
            places=gathered(places.order_by("pk").only(*said)),
            together=Subquery(here.annotate(people=Subquery(together)).values("people")[:1]),
        )
    )


SHOWN = Composed(_of_shown, days=local_day)


def _is_restricted(asked: Asked, *, many: bool) -> bool:
    """Whether somebody restricted fits by the names, or a name and the date of birth, that were typed. Runs one query."""
    questions = restricted_parts(asked, many=many)
    if not questions:
        return False
    line = " OR ".join(["acting.restricted_fits(%s, %s, %s)"] * len(questions))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {line}", [value for one in questions for value in one])
        return cursor.fetchone()[0]


def _hashed(asked: Asked) -> list[str]:
    """The terms as keyed digests: equal searches can be told, words cannot be read back without our key."""
    terms = {
        "reference": [asked.reference, *asked.near_references[:1]], "email": [asked.email], "phone": [asked.phone],
        "uprn": [asked.uprn], "postcode": [asked.postcode or asked.area], "born": [day.isoformat() for day in asked.births],
        "year": [str(asked.year or "")], "name": asked.words,
    }  # fmt: skip
    key = hashlib.sha256(b"search-terms:" + acting.signing_key()).digest()
    return [
        f"{kind}:{hmac.new(key, term.encode(), hashlib.sha256).hexdigest()[:16]}"
        for kind, all_terms in terms.items()
        for term in all_terms
        if term
    ]

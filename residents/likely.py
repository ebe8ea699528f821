"""Who may be recorded twice: the facts that are weighed, the likely duplicates of a person being entered, and what was decided before."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import User
from ledger.acting import reading_as_system
from residents.comparing import Facts, facts_of
from residents.keys import number_of
from residents.likeness import Likeness, Scale, share_by
from residents.models import LikelyPair, NameShare, Resident
from residents.pairing import pair_numbers
from residents.weights import BOROUGH, SHOW
from residents.written import read_phone

# One row for each person, with their numbers, places and old names, those of records that were merged into theirs included, but not
# those that a merge gave them for a time. Confidential addresses stay out: a reason would tell them. A merged record is nobody.
_FACTS = """
WITH merged AS MATERIALIZED (SELECT * FROM acting.merged_names(%s))
SELECT r.id, r.name, r.preferred_name, r.born_on, r.birth, r.nhs_number,
  ARRAY(SELECT h.name FROM residents_residenthistory h WHERE h.pgh_obj_id = r.id AND h.name <> r.name
        EXCEPT SELECT name FROM merged WHERE stands_in = r.id AND NOT holds
        UNION SELECT name FROM merged WHERE stands_in = r.id AND holds AND name <> r.name),
  ARRAY(SELECT p.number FROM residents_phone p WHERE p.resident_id = r.id),
  ARRAY(SELECT e.address FROM residents_emailaddress e WHERE e.resident_id = r.id),
  ARRAY(SELECT a.lines || chr(31) || a.postcode FROM residents_residentaddress l JOIN residents_address a ON a.id = l.address_id
        WHERE l.resident_id = r.id AND NOT l.confidential),
  ARRAY(SELECT m.household_id FROM residents_membership m WHERE m.resident_id = r.id AND m.until IS NULL)
FROM residents_resident r WHERE r.id = ANY (%s) AND r.merged_into_id IS NULL
"""
# Whom each of those who are asked for shares the most keys with.
_MET = """
SELECT place, resident_id FROM (
  SELECT asked.place, kept.resident_id,
    row_number() OVER (PARTITION BY asked.place ORDER BY count(*) DESC, kept.resident_id) AS nth
  FROM unnest(%s::int[], %s::int[]) AS asked(place, key) CROSS JOIN LATERAL (
    SELECT resident_id FROM residents_pairkey WHERE key = asked.key LIMIT %s) kept
  GROUP BY asked.place, kept.resident_id) met
WHERE nth <= %s ORDER BY place, nth
"""
AT_ONCE = 2000
MOST_SHOWN, MOST_MET = 5, 60


def called(name: str, preferred: str) -> list[str]:
    """The name by which somebody likes to be called, whole: Mina for Amina Okafor is Mina Okafor."""
    if not preferred:
        return []
    family = name.split()[-1:]
    return [" ".join([preferred, *family])] if " " not in preferred else [preferred]


def facts_of_people(people: Iterable[int]) -> Iterator[tuple[int, Facts]]:
    """The facts of these residents, as whoever acts may see them; merged records are left out. Runs one query for 2,000 people."""
    people = list(people)
    with connection.cursor() as cursor:
        for start in range(0, len(people), AT_ONCE):
            some = people[start : start + AT_ONCE]
            cursor.execute(_FACTS, [some, some])
            for pk, name, preferred, born, birth, nhs, former, phones, emails, places, households in cursor:
                yield (
                    pk,
                    facts_of(
                        name=name,
                        other_names=[*called(name, preferred), *former],
                        born=born,
                        birth=birth,
                        places=[tuple(place.split("\x1f")) for place in places],  # type: ignore[misc]
                        phones=phones,
                        emails=emails,
                        nhs=nhs,
                        households=households,
                    ),
                )


def scale(words: Iterable[str] | None = None) -> Scale:
    """The shipped weights, with the shares of names as they were last counted (of these words only, where they are given)."""
    shares = NameShare.objects.all() if words is None else NameShare.objects.filter(word__in=map(number_of, words))
    people = dict(shares.values_list("word", "people"))
    whole = max(NameShare.objects.filter(word=0).values_list("people", flat=True).first() or 0, 1)
    return Scale(BOROUGH, share_by(people, whole))


def share_words(facts: Iterable[Facts]) -> set[str]:
    """All words of these people's names."""
    return {word for one in facts for words in one.names for word in words}


def meeting(facts: Facts, most: int = MOST_MET) -> list[int]:
    """The residents who share a key of the matching with these facts. Asked as the system; nothing of it may be shown unfiltered."""
    return meetings([facts], most)[0]


def meetings(many: Sequence[Facts], most: int = MOST_MET) -> list[list[int]]:
    """The same for each of these. Runs one query."""
    asked = [(place, key) for place, facts in enumerate(many) for key in sorted(pair_numbers(facts))]
    found: list[list[int]] = [[] for _ in many]
    with connection.cursor() as cursor:
        cursor.execute(_MET, [[place for place, _ in asked], [key for _, key in asked], most, most])
        for place, pk in cursor.fetchall():
            found[place].append(pk)
    return found


# --- while a person is being entered ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Likely:
    """A record that may be of the person who is being entered."""

    resident: Resident
    likeness: Likeness


def likely_duplicates(facts: Facts, *, by: User, among: Sequence[int] = (), most: int = MOST_SHOWN) -> list[Likely]:
    """Whom the person may see and who may be the one being entered, likeliest first. `among`: others that a search found.

    Who may not be seen is left out without a trace. Runs five queries.
    """
    with reading_as_system("system:residents"):
        met = meeting(facts)
    seen = {one.pk: one for one in Resident.objects.visible_to(by).filter(pk__in={*met, *among})}
    known = dict(facts_of_people(seen))
    with reading_as_system("system:residents"):
        weigh = scale(share_words([facts])).weigh
    found = [Likely(seen[pk], weigh(facts, theirs)) for pk, theirs in known.items()]
    found = [one for one in found if one.likeness.chance >= SHOW]
    return sorted(found, key=lambda one: (-one.likeness.chance, one.resident.pk))[:most]


def typed_facts(given: dict[str, Any]) -> Facts:
    """The facts of a form in which a person is entered."""
    born: date | None = given["born"].first if given.get("born") else None
    precision = given["born"].precision if given.get("born") else ""
    place = (given.get("lines") or "", given.get("postcode") or "")
    numbers = []
    with suppress(ValidationError):
        numbers = [read_phone(given["number"])] if given.get("number") else []
    return facts_of(
        name=given["name"],
        other_names=called(given["name"], given.get("preferred_name") or ""),
        born=born,
        birth="full" if given.get("born_estimated") and precision == "full" else precision or "full",
        places=[place] if any(place) else [],
        phones=numbers,
        nhs=given.get("nhs_number") or "",
    )


# --- what was decided ---------------------------------------------------------------------------------------------


def never_again(one: Resident, other: Resident) -> bool:
    """Whether somebody decided that these two are not the same person: nothing may suggest them again. Runs one query."""
    return pairs_of(one, other).filter(status=LikelyPair.Status.APART).exists()


def pairs_of(one: Resident, other: Resident) -> Any:
    """The row about these two, if there is one."""
    first, second = sorted((one.pk, other.pk))
    return LikelyPair.objects.filter(one=first, other=second)


def waiting_for(user: User) -> Any:
    """The pairs that wait for a decision, likeliest first, of people who are on record still."""
    return LikelyPair.objects.visible_to(user).waiting().order_by("-per_mille", "id")

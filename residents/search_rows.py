"""The rows that a search reads: for each resident the keys and one document, derived from the record and written with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from residents.keys import TOLD, keys_for, number_of
from residents.matching import BETWEEN, FORMER, WITHIN, words_said
from residents.models import Resident

# One row for each person, their numbers, places and old names with it. Former ones begin with a dash. Of old names those of records that
# were merged into theirs, and not those that a merge gave them for a time.
_FACTS = """
WITH merged AS MATERIALIZED (SELECT * FROM acting.merged_names(%s))
SELECT r.id, r.merged_into_id, r.reference, r.name, r.preferred_name, r.born_on, r.birth, r.restricted,
  ARRAY(SELECT unnest(ARRAY[h.name, h.preferred_name]) FROM residents_residenthistory h WHERE h.pgh_obj_id = r.id
        EXCEPT SELECT unnest(ARRAY[m.name, m.preferred_name]) FROM merged m WHERE m.stands_in = r.id AND NOT m.holds
        UNION SELECT unnest(ARRAY[m.name, m.preferred_name]) FROM merged m WHERE m.stands_in = r.id AND m.holds),
  ARRAY(SELECT (CASE WHEN p.until IS NULL THEN '' ELSE '-' END) || p.number FROM residents_phone p WHERE p.resident_id = r.id),
  ARRAY(SELECT (CASE WHEN e.until IS NULL THEN '' ELSE '-' END) || e.address FROM residents_emailaddress e WHERE e.resident_id = r.id),
  ARRAY(SELECT concat_ws(chr(31), CASE WHEN l.until IS NULL THEN '' ELSE '-' END, a.lines, a.postcode, a.uprn)
        FROM residents_residentaddress l JOIN residents_address a ON a.id = l.address_id
        WHERE l.resident_id = r.id AND NOT l.confidential)
FROM residents_resident r WHERE r.id = ANY (%s) ORDER BY r.id
"""
BATCH = 500


@dataclass(slots=True)
class Line:
    """What is written for one resident: the document and the keys, and which of them may be asked of a restricted person."""

    pk: int
    said: str
    keys: list[int]
    told: list[int]
    restricted: bool


def line_of(
    pk: int,
    *,
    reference: str,
    name: str,
    preferred: str = "",
    former: Iterable[str] = (),
    born: date | None = None,
    birth: str = "",
    restricted: bool = False,
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    places: Iterable[tuple[str, str, str, str]] = (),
) -> Line:
    """The line of one person. Pure: the demonstration borough calls it for everybody.

    Numbers and addresses of former times begin with a dash; so does the first part of a place (dash, lines, postcode, UPRN).
    Leave confidential addresses out: what is hidden on the page must not be found by searching.
    """
    phones, emails = sorted(set(phones)), sorted({one.casefold() for one in emails})
    places = sorted({(ended, words_said(lines), postcode, uprn, lines) for ended, lines, postcode, uprn in places})
    others = dict.fromkeys(one for one in (preferred, *sorted(former)) if one and one != name)
    keys = keys_for(
        name=name,
        reference=reference,
        other_names=others,
        born=born,
        birth=birth,
        phones=[one.lstrip(FORMER) for one in phones],
        emails=[one.lstrip(FORMER) for one in emails],
        postcodes={place[2] for place in places},
        lines={place[4] for place in places},
        uprns={place[3] for place in places},
    )
    here, called = words_said(name), words_said(preferred)
    old = dict.fromkeys(word for one in others for word in words_said(one).split())
    known = {*here.split(), *called.split()}
    said = "\n".join(
        (
            reference,
            f"{born.isoformat()} {birth}" if born else "",
            here,
            called,
            " ".join(word for word in old if word not in known),
            BETWEEN.join(phones),
            BETWEEN.join(emails),
            BETWEEN.join(
                f"{ended}{lines}{WITHIN}{postcode}{WITHIN}{uprn}" for ended, lines, postcode, uprn, _ in places
            ),
        )
    )
    told = [number_of(key) for key in keys if key.startswith(TOLD)] if restricted else []
    return Line(pk, said, sorted({number_of(key) for key in keys}), told, restricted)


def lines_of(ids: list[int]) -> Iterator[Line]:
    """The lines of these residents as their records stand, with the names of records that were merged into them.

    Runs one query, under the rights of whoever acts. A record that was merged away has an empty line: nothing finds it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [ids, ids])
        rows = cursor.fetchall()
    for pk, stands_in, *facts, former, phones, emails, places in rows:
        if stands_in:
            yield Line(pk, "", [], [], restricted=True)
        else:
            yield _line(pk, *facts, filter(None, former), phones, emails, places)


def _line(pk: int, reference: str, name: str, preferred: str, born: date | None, birth: str, restricted: bool, *many: Any) -> Line:  # fmt: skip
    former, phones, emails, places = many
    return line_of(
        pk,
        reference=reference,
        name=name,
        preferred=preferred,
        former=former,
        born=born,
        birth=birth,
        restricted=restricted,
        phones=phones,
        emails=emails,
        places=[tuple(place.split(WITHIN)) for place in places],  # type: ignore[misc]
    )


def write_keys(resident: Resident) -> None:
    """Bring what finds one resident up to date, in the transaction of the change. Runs two queries."""
    for line in lines_of([resident.pk]):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT acting.write_search(%s, %s, %s::integer[], %s::integer[])",
                [line.pk, line.said, line.keys, line.told],
            )


def rebuild_keys(residents: QuerySet[Resident]) -> int:
    """Bring what finds these residents up to date, some hundreds at a time. Returns how many keys there are."""
    total = 0
    for ids in in_batches(residents):
        lines = list(lines_of(ids))
        write_lines(lines)
        total += sum(len(line.keys) for line in lines)
    return total


def write_lines(lines: list[Line]) -> None:
    """Write the lines of many residents in one question; what is as it was stays untouched."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT acting.write_search(one.id, one.said, string_to_array(one.keys, ',')::integer[], string_to_array(one.told, ',')::integer[])"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS one(id, said, keys, told)",
            [
                [line.pk for line in lines],
                [line.said for line in lines],
                [",".join(map(str, line.keys)) for line in lines],
                [",".join(map(str, line.told)) for line in lines],
            ],
        )


def in_batches(residents: QuerySet[Resident], size: int = BATCH) -> Iterator[list[int]]:
    """The ids of residents, so many at a time."""
    last = 0
    while ids := list(residents.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield ids
        last = ids[-1]

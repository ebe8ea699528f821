"""Inside a register or a borough: the same questions asked of the product's search and of what else one might build.

Every engine answers each question in turn, so that a busy moment of the machine meets all of them. What an engine gets is what the
product's own reader made of the line (words, dates, postcode, phone); the product gets the line.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from random import Random
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

import bench.begun  # noqa: F401
from accounts.models import Organisation, Role, User
from bench.asking import Question, Subject, questions
from ledger.acting import acting_as, acting_as_system
from residents.asked import Asked, asked_keys, read_search
from residents.models import Address, Birth, Phone, Resident, ResidentAddress, SearchDocument, SearchKey
from residents.search import look, ranked
from residents.search_rows import write_keys

SAMPLE, TEN = 6_000, 10
EXPLAINED, WRITTEN = 200, 200
ENGINES = ("product", "page", "icontains", "full_text", "primary_key")
INDEX = "CREATE INDEX IF NOT EXISTS bench_words ON residents_resident USING gin (to_tsvector('simple', name))"
FULL_TEXT = """
SELECT r.id FROM residents_resident r
WHERE to_tsvector('simple', r.name) @@ to_tsquery('simple', %(words)s)
ORDER BY (r.born_on = ANY (%(born)s::date[])) DESC NULLS LAST,
  EXISTS (SELECT 1 FROM residents_residentaddress l JOIN residents_address a ON a.id = l.address_id
          WHERE l.resident_id = r.id AND a.postcode = %(postcode)s) DESC,
  ts_rank(to_tsvector('simple', r.name), to_tsquery('simple', %(words)s)) DESC, r.id
LIMIT 10
"""


def subjects(seed: int) -> list[Subject]:
    """People of this database, drawn by chance, as the records say them. Confidential addresses and restricted people are left out."""
    ends = Resident.objects.aggregate(first=models.Min("pk"), last=models.Max("pk"))
    random = Random(f"subjects {seed}")
    drawn = random.sample(range(ends["first"], ends["last"] + 1), min(SAMPLE, ends["last"] - ends["first"] + 1))
    people = Resident.objects.filter(pk__in=drawn, restricted=False, birth="full").order_by("pk")
    bearers = dict(Resident.objects.values_list("name").annotate(models.Count("pk")))
    found = []
    for person in people.prefetch_related("addresses__address", "phones", "events"):
        places = [one for one in person.addresses.all() if one.address and not one.confidential]
        here = next((one.address for one in places if one.until is None), None)
        before = next((one.address for one in places if one.until), None)
        one = Subject(person.pk, person.name, person.born_on, bearers=bearers[person.name])
        if here:
            one.lines, one.postcode = here.lines, here.postcode
        if before:
            one.old_lines, one.old_postcode = before.lines, before.postcode
        former = [old.name for old in person.events.all() if old.name != person.name]  # type: ignore[attr-defined]
        one.former = former[0] if former else ""
        mobile = [phone.number for phone in person.phones.all() if phone.number.startswith("+447")]
        one.phone = mobile[0] if mobile else ""
        found.append(one)
    return found


# --- engines ------------------------------------------------------------------------------------------------------


def by_product(text: str, asked: Asked, user: User, pk: int) -> list[int]:
    """The product: what it ranks, before the page is put together."""
    return [one.pk for one in ranked(read_search(text))[:TEN]]


def by_page(text: str, asked: Asked, user: User, pk: int) -> list[int]:
    """The product with all that the page needs: the residents, where they live, households, the entry in the trail."""
    return [one.pk for one in look(text, by=user).found[:TEN]]


def by_icontains(text: str, asked: Asked, user: User, pk: int) -> list[int]:
    """As an admin page searches: every word somewhere in the name or the address, dates, postcodes and numbers exactly."""
    people = Resident.objects.all()
    for word in asked.words:
        people = people.filter(Q(name__icontains=word) | Q(addresses__address__lines__icontains=word))
    if asked.births:
        people = people.filter(born_on__in=asked.births)
    if asked.postcode:
        people = people.filter(addresses__address__postcode=asked.postcode)
    if asked.phone:
        people = people.filter(phones__number=asked.phone)
    return list(people.order_by("pk").values_list("pk", flat=True).distinct()[:TEN])


def by_full_text(text: str, asked: Asked, user: User, pk: int) -> list[int]:
    """Full text with prefixes: all words, then any; the date of birth and the postcode first."""
    found: list[int] = []
    with connection.cursor() as cursor:
        for between in (" & ", " | ") if asked.words else ():
            words = between.join(f"{word}:*" for word in asked.words)
            cursor.execute(FULL_TEXT, {"words": words, "born": asked.births, "postcode": asked.postcode})
            found += [pk for (pk,) in cursor.fetchall() if pk not in found]
            if len(found) >= TEN:
                break
        if not asked.words and asked.phone:
            cursor.execute("SELECT resident_id FROM residents_phone WHERE number = %s LIMIT 10", [asked.phone])
            found = [pk for (pk,) in cursor.fetchall()]
    return found[:TEN]


def by_primary_key(text: str, asked: Asked, user: User, pk: int) -> list[int]:
    """The limit: one resident by key, as the web asks for it."""
    return [Resident.objects.get(pk=pk).pk]


Engine = Callable[[str, Asked, User, int], list[int]]
ALL: dict[str, Engine] = {
    "product": by_product, "page": by_page, "icontains": by_icontains, "full_text": by_full_text, "primary_key": by_primary_key,
}  # fmt: skip
OURS = ("product", "page", "primary_key")


@contextmanager
def in_role(name: str, user: User) -> Iterator[None]:
    """The product asks as the web does, under its policies; the others as the owner, whom no policy slows down."""
    with acting_as(user):
        if name in OURS:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE cs_app")
        yield


# --- measuring ----------------------------------------------------------------------------------------------------


def measure(asked: list[Question], user: User, engines: tuple[str, ...]) -> dict[str, Any]:
    """Ask everything of every engine in turn: milliseconds, and where the right person stood."""
    ms: dict[str, list[float]] = defaultdict(list)
    places: dict[str, list[int]] = defaultdict(list)
    for question in asked[:20]:  # so that plans and pages are warm
        for name in engines:
            with in_role(name, user):
                ALL[name](question.text, read_search(question.text), user, question.pk)
    for question in asked:
        taken = read_search(question.text)
        for name in engines:
            with in_role(name, user):
                began = time.perf_counter()
                found = ALL[name](question.text, taken, user, question.pk)
                ms[name].append((time.perf_counter() - began) * 1000)
            places[name].append(found.index(question.pk) + 1 if question.pk in found else 0)
    return {"ms": ms, "places": places}


def buffers(asked: list[Question], user: User) -> list[int]:
    """How many pages of the database each question of the product touches."""
    found = []
    for question in asked[:EXPLAINED]:
        keys, weights = asked_keys(read_search(question.text))
        with in_role("product", user), connection.cursor() as cursor:
            line = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM acting.people_like(%s, %s, 80)"
            cursor.execute(line, [keys, weights])
            plan = cursor.fetchone()[0][0]["Plan"]
        found.append(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
    return found


def writing(user: User, people: list[Subject]) -> dict[str, list[float]]:
    """Saving a person with a phone and an address, with what finds them and without: in turn, each with its commit."""
    ms: dict[str, list[float]] = {"plain": [], "found": []}
    made: list[int] = []
    for number, one in enumerate(people[: 2 * WRITTEN]):
        kind = "found" if number % 2 else "plain"
        began = time.perf_counter()
        with in_role("product", user):
            now = timezone.now()
            person = Resident.objects.create(name=one.name, born_on=one.born, birth=Birth.FULL, created_at=now)
            Phone.objects.create(resident=person, number=f"+4477009{number:05d}", since=now.date())
            place = Address.objects.create(lines=one.lines or "1 Nowhere Road", postcode=one.postcode)
            ResidentAddress.objects.create(resident=person, address=place, since=now.date())
            if kind == "found":
                write_keys(person)
        ms[kind].append((time.perf_counter() - began) * 1000)
        made.append(person.pk)
    with acting_as_system("system:bench"), transaction.atomic():
        for model in (SearchKey, SearchDocument, Phone, ResidentAddress):
            model.objects.filter(resident__in=made)._raw_delete(connection.alias)
        Resident.objects.filter(pk__in=made)._raw_delete(
            connection.alias
        )  # no look at tables that hold nothing of theirs
    return ms


def somebody() -> User:
    """Who searches: somebody of the front door."""
    found = User.objects.filter(role=Role.FRONT_DOOR, is_active=True).first()
    if found is None:
        council, _ = Organisation.objects.get_or_create(kind=Organisation.Kind.COUNCIL, defaults={"name": "Council"})
        found = User.objects.create(
            email="bench@council.example", name="Bench", role=Role.FRONT_DOOR, organisation=council
        )
    return found


def main() -> None:
    """Ask so many questions of a seed; print what was found as JSON."""
    count, seed, engines = int(sys.argv[1]), int(sys.argv[2]), tuple(sys.argv[3].split(","))
    with acting_as_system("system:bench"):
        user, people = somebody(), subjects(seed)
    with connection.cursor() as cursor:
        cursor.execute(INDEX)
        cursor.execute("ANALYZE residents_resident")
    try:
        asked = questions(people, count, seed)
        found = measure(asked, user, engines)
        found |= {
            "asked": [asdict(one) for one in asked],
            "buffers": buffers(asked, user),
            "writing": writing(user, people),
        }
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS bench_words")
    print(json.dumps(found))


if __name__ == "__main__":
    main()

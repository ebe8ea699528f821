"""The queue, the decision by the real rules, safeguarding episodes, steps. See `triage.actions`."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from accounts.models import Team, User
from accounts.working_time import add_months, at_local, local_day
from desk.borough.book import Book
from desk.borough.verbs.judging import facts_of, quick
from desk.borough.verbs.kept import as_kept
from desk.borough.verbs.labels import label
from desk.borough.verbs.residents import members_of
from intake.answers import Answer as Said
from intake.models import Answer, Contact
from residents.models import Household, Involvement, Resident
from triage.clocks import Rag
from triage.facts import FACT_KEYS, Facts, facts_from_answers
from triage.models import Decision, FiredRule, SafeguardingEpisode, TriageItem, Urgency
from triage.rules import Assessment
from triage.tiers import Tier

URGENCY = {Rag.RED: Urgency.RED, Rag.AMBER: Urgency.AMBER, Rag.GREEN: Urgency.GREEN}
FOR_CHILDREN = frozenset({"R02", "R03", "R06", "R08", "R14", "R18"})
FOR_ADULTS = frozenset({"R07", "R15"})
NEGLECT = "child_abuse_or_neglect"
SAME_NEED_DAYS = 90
LONGEST_DELAY = timedelta(days=14)
"""Nobody writes a contact down later than this after it came."""


def queue_contact(book: Book, contact: Contact, *, by: User | None, at: datetime) -> TriageItem:
    """Put a logged contact into the queue, with what the rules suggest and by when."""
    book.advance(contact, "queue", by=by, about=contact.about(), at=at)
    found = judged(book, contact)[1]
    return book.add(TriageItem, contact=contact, team=contact.team, queued_at=at, **_suggestion(found))


def questions_answered(book: Book, contact: Contact, item: TriageItem, *, by: User, at: datetime) -> None:
    """What follows answers that were added or corrected: the contact has changed, the rules are asked again."""
    book.change(contact, at=at, version=contact.version + 1)
    reassess_contact(book, contact, item, by=by, at=at)


def reassess_contact(book: Book, contact: Contact, item: TriageItem, *, by: User, at: datetime) -> None:
    """Ask the rules again after answers were added or corrected. The clock still runs from receipt."""
    found = judged(book, contact)[1]
    wanted = _suggestion(found)
    changes = {name: value for name, value in wanted.items() if getattr(item, name) != value}
    if changes:
        book.change(item, at=at, version=item.version + 1, **changes)
        book.record("reassess", item, by=by, about=contact.about(), fields=changes, at=at)


def claim(book: Book, item: TriageItem, *, by: User, at: datetime) -> None:
    """Take a contact from the queue."""
    book.advance(item, "claim", by=by, about=item.about(), at=at, claimed_by=by, claimed_at=at)


def decide_tier(
    book: Book,
    contact: Contact,
    *,
    tier: int,
    outcome: str,
    lower_reason: str = "",
    reason: str = "",
    item: TriageItem | None = None,
    previous: Decision | None = None,
    next_step: str = "",
    next_step_by: datetime | None = None,
    next_step_how: str = "",
    by: User,
    at: datetime,
    team: Team | None,
) -> Decision:
    """Decide how much help, beside what the rules suggest."""
    facts, found = judged(book, contact)
    chosen = Tier(tier)
    lower = chosen < found.suggested_tier
    assert not lower or (lower_reason and reason), f"{chosen.label} is lower than suggested and nobody says why"
    stop = found.hard_stop_tier
    assert stop is None or chosen >= stop or by.duty_manager, "only a duty manager goes below a hard stop"
    decision = book.add(
        Decision,
        contact=contact,
        resident=contact.resident,
        household=contact.household,
        previous=previous,
        made_by=by,
        made_at=at,
        team=team,
        suggested_tier=found.suggested_tier,
        chosen_tier=chosen,
        urgency=URGENCY[found.rag],
        due_at=found.due_at,
        rule_set_version=found.version,
        answers=as_kept(book.of["answers", contact.id], facts, found),
        lower_reason=lower_reason if lower else "",
        reason=reason,
        hard_stop=found.hard_stop,
        may_send=not found.must_not_send,
        needs_case=chosen >= Tier.SUPPORT and outcome != Contact.Outcome.JOINED,
    )
    if contact.household_id:
        _keep(book, decision)
    for rule in found.fired:
        book.put(
            FiredRule,
            decision_id=decision.id,
            number=rule.number,
            tier=int(rule.tier),
            hard_stop=rule.hard_stop,
            because=rule.because[:500],
            route=rule.route[:200],
            due_at=rule.due_at,
        )
    promise = {"next_step": next_step, "next_step_by": next_step_by, "next_step_how": next_step_how}
    changes = {"outcome": outcome, "household": contact.household, **(promise if next_step else {})}
    book.advance(contact, "decide", by=by, about=contact.about(), at=at, **changes)
    if item and item.can("settle"):
        book.advance(item, "settle", by=by, about=contact.about(), at=at)
    book.record("decide_tier", decision, by=by, about=decision.about(), why=lower_reason, at=at)
    _open_episode(book, decision, found, by=by, at=at)
    _tell(book, decision, f"Tier decided: {chosen.label}", by=by, at=at)
    return decision


def withdraw_from_queue(book: Book, contact: Contact, item: TriageItem, *, by: User, at: datetime) -> None:
    """The queue's part of a contact that is withdrawn."""
    book.advance(item, "withdraw", by=by, about=contact.about(), at=at)


def complete_episode(
    book: Book, episode: SafeguardingEpisode, *, outcome: str, rationale: str, by: User, at: datetime
) -> None:
    """Record what the safeguarding hub decided."""
    changes = {"outcome": outcome, "rationale": rationale, "completed_at": at, "completed_by": by}
    book.advance(episode, "complete", by=by, about=episode.about(), at=at, **changes)
    if episode.resident:
        heading = f"Safeguarding hub: {label(episode, 'outcome')}"
        book.tell(
            episode.resident, "complete_episode", heading, subject=episode, by=by, at=at, significant=True
        )  # fmt: skip


def _open_episode(book: Book, decision: Decision, found: Assessment, *, by: User, at: datetime) -> None:
    rules = [rule for rule in found.fired if rule.number in FOR_CHILDREN | FOR_ADULTS]
    if not rules or decision.chosen_tier < Tier.TRIAGE or book.of["episodes", decision.contact_id]:
        return
    soonest = max(rules, key=lambda rule: rule.rag)
    episode = book.add(
        SafeguardingEpisode,
        contact=decision.contact,
        resident=decision.resident,
        urgency=URGENCY[soonest.rag],
        opened_at=at,
        due_at=min(rule.due_at for rule in rules),
        for_adult=all(rule.number in FOR_ADULTS for rule in rules),
    )
    book.of["episodes", decision.contact_id].append(episode)
    book.record("open_episode", episode, by=by, about=episode.about(), at=at)
    if decision.resident:
        heading = "Sent to the safeguarding hub"
        book.tell(
            decision.resident, "open_episode", heading, subject=episode, by=by, at=at, significant=True
        )  # fmt: skip


def record_step(
    book: Book,
    household: Household,
    *,
    previous: Decision,
    kind: str,
    tier: int,
    reason: str,
    team: Team | None,
    by: User,
    at: datetime,
    principal: str,
) -> Decision:
    """Step a household up or down from an earlier decision."""
    chosen = Tier(tier)
    decision = book.add(
        Decision,
        kind=kind,
        household=household,
        resident=previous.resident,
        previous=previous,
        made_by=by,
        made_at=at,
        team=team,
        suggested_tier=chosen,
        chosen_tier=chosen,
        reason=reason,
        may_send=previous.may_send,
    )
    _keep(book, decision)
    book.record("record_step", decision, by=by, about=decision.about(), why=str(kind), at=at, principal=principal)
    word = "up" if kind == Decision.Kind.STEP_UP else "down"
    _tell(book, decision, f"Stepped {word} to {chosen.label} from {Tier(previous.chosen_tier).label}", by=by, at=at)
    return decision


def _keep(book: Book, decision: Decision) -> None:
    """Where the next judgement of the household finds it, in the order of time."""
    home = decision.household_id
    made = book.of["decisions", home]
    assert not made or made[-1].made_at <= decision.made_at, "decisions of a household follow one another"
    made.append(decision)
    if decision.chosen_tier >= Tier.SUPPORT:
        book.of["weighty", home].append(decision)
    book.stirred[home] += 1


def _tell(book: Book, decision: Decision, heading: str, *, by: User, at: datetime) -> None:
    triaged = decision.kind == Decision.Kind.TRIAGE
    weighty = decision.chosen_tier >= Tier.SUPPORT or not triaged
    people = [decision.resident] if decision.resident else []
    if decision.household and weighty:
        first = decision.resident_id
        people += [one for one in members_of(book, decision.household, local_day(at)) if one.id != first]
    if people:
        book.tell(
            people,
            "decide_tier" if triaged else "record_step",
            heading,
            subject=decision,
            by=by,
            at=at,
            household=decision.household,
            significant=weighty,
        )


def _suggestion(found: Assessment) -> dict[str, Any]:
    return {
        "suggested_tier": int(found.suggested_tier),
        "urgency": str(URGENCY[found.rag]),
        "hard_stop": found.hard_stop,
        "rules": " ".join(found.numbers),
        "rule_set_version": found.version,
        "due_at": found.due_at,
    }


# --- what the rules are asked ------------------------------------------------------------------------------------


def judged(book: Book, contact: Contact) -> tuple[Facts, Assessment]:
    """The facts of a contact with what the record knows, and what the real rules say of them."""
    stamp = (book.stirred[contact.household_id or 0], book.stirred[-contact.id])
    before = book.of["judged", contact.id]
    if before and before[2] == stamp and (contact.household_id or contact.resident_id is None):
        return before[0], before[1]
    values = _known(book, contact)
    if not before or before[0].__dict__ != values:
        facts = facts_of(values)
        before[:] = [facts, quick(facts, contact.received_at), stamp]
    before[2] = stamp
    return before[0], before[1]


def _known(book: Book, contact: Contact) -> dict[str, Any]:
    """As `facts_from_answers` puts answers and history together; each answer is read once and remembered."""
    values = {key: value for key, value in history_of(book, contact).items() if value is not None}
    for row in book.of["answers", contact.id]:
        if row.question in _FACTS:
            value = _read(row.question, str(row.said), row.value)
            if value is not None and (row.question not in values or _says_something(value)):
                values[row.question] = value
    values["needs"] = frozenset([need.code for need in book.of["needs", contact.id]])
    values["transactional"] = contact.transactional
    values["safeguarding_reason"] = contact.basis == Contact.Basis.SAFEGUARDING
    return values


def _says_something(value: Any) -> bool:
    return value.known if isinstance(value, Said) else value not in ((), frozenset())


@lru_cache(maxsize=20_000)
def _read(question: str, said: str, value: str) -> Any:
    """One stored answer as the rules want it; None where there is nothing to read."""
    if said == Answer.Said.NOT_APPLICABLE or (said == Answer.Said.VALUE and not value):
        return None
    given: Any = said if said != Answer.Said.VALUE else value
    return getattr(facts_from_answers({question: given}), question)


def history_of(book: Book, contact: Contact) -> dict[str, Any]:
    """What the record knows of the household: ages, earlier contacts, work open and closed. See `triage.history`."""
    if contact.resident is None:
        return {}
    day = local_day(contact.received_at)
    members = members_of(book, contact.household, day) if contact.household else []
    known = any(one.id == contact.resident_id for one in members)
    people = members if known else [contact.resident, *members]
    ages = [(one.id, one.age_on(day)) for one in people if one.died_on is None]
    facts: dict[str, Any] = {
        "person_age": next((age for pk, age in ages if pk == contact.resident.id), None),
        "household_ages": tuple(age for pk, age in ages if age is not None and pk != contact.resident.id),
    }
    return {**facts, **_earlier(book, contact, people, day), **_work(book, people, day)}


def _earlier(book: Book, contact: Contact, people: list[Resident], day: date) -> dict[str, Any]:
    quarter, year = _start(day - timedelta(days=SAME_NEED_DAYS)), _start(add_months(day, -12))
    mine = {need.id for need in book.of["needs", contact.id]}
    times: dict[int, int] = {}
    for one in _counted(book, contact, people, quarter):
        for need in book.of["needs", one.id]:
            if need.id in mine:
                times[need.id] = times.get(need.id, 0) + 1
    neglect = None
    if _about_neglect(book, contact):
        found = [one for one in _counted(book, contact, people, year) if _about_neglect(book, one)]
        neglect = len(found) if any(one is contact for one in found) else None
    return {
        "neglect_contacts_12_months": neglect,
        "same_need_contacts_90_days": max(times.values(), default=None),
    }


def _counted(book: Book, contact: Contact, people: list[Resident], since: datetime) -> list[Contact]:
    """Contacts of these people up to this one that count, from a moment on."""
    until, found = contact.received_at, []
    for person in people:
        for one in reversed(book.of["contacts", person.id]):
            received = one.received_at
            if received < since:
                if since - received > LONGEST_DELAY:
                    break  # they stand in the order in which they were written down
            elif received <= until and one.status != "withdrawn" and one.channel != "phone_out":
                found.append(one)
    return found


def _about_neglect(book: Book, contact: Contact) -> bool:
    if any(need.code == NEGLECT for need in book.of["needs", contact.id]):
        return True
    return any(row.question == "child_abuse" and row.said == "yes" for row in book.of["answers", contact.id])


def _work(book: Book, people: list[Resident], day: date) -> dict[str, Any]:
    """Of those who lead a case or take part in one; partners to whom somebody was referred do not count."""
    rows = [row for one in people for row in book.of["involvements", one.id] if row.since <= day]
    if not rows:
        return _NO_WORK
    rows.sort(key=attrgetter("since", "id"))
    live = [row for row in rows if row.until is None or row.until > day]
    leads = [row for row in live if row.kind == Involvement.Kind.LEAD]
    agencies = {row.organisation_id or row.who for row in live if row.kind == Involvement.Kind.AGENCY}
    facts: dict[str, Any] = {
        "agencies_involved": len(agencies) or None,
        "has_lead": Said.YES if leads else (Said.NO if agencies else None),
        "open_to_social_worker": None,
    }
    if leads:
        return facts | {"open_tier": _tier_until(book, leads[-1], day)}
    ended = [row for row in rows if row.kind == Involvement.Kind.LEAD and row.until and row.until <= day]
    if ended:
        last = max(ended, key=lambda row: row.until)
        facts |= {"closed_from_tier": _tier_until(book, last, last.until), "closed_on": last.until}
    return facts


_FACTS = frozenset(FACT_KEYS)
_NO_WORK = {"agencies_involved": None, "has_lead": None, "open_to_social_worker": None}


def _tier_until(book: Book, lead: Involvement, day: date) -> Tier:
    homes = {row.household_id for row in book.of["homes", lead.resident_id]}
    ends = _start(day + timedelta(days=1))
    made = [next((one for one in reversed(book.of["weighty", home]) if one.made_at < ends), None) for home in homes]
    last = max(filter(None, made), key=lambda one: (one.made_at, one.id), default=None)
    return Tier(last.chosen_tier) if last else Tier.SUPPORT


@lru_cache(maxsize=8192)
def _start(day: date) -> datetime:
    return at_local(day, time(0))

"""Each measure once more, in plain Python: one month, one loop over the records, no SQL. Written from the definitions.

A reading is (numerator, denominator) by slice, the whole under ""; slices of nought are left out.
"""

import calendar
import math
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Team, TeamOpening
from accounts.working_time import OFFICE_HOURS, OpeningHours, working_days_between, working_minutes_between
from cases.models import Case, IncomeGain, Placement
from intake.models import Contact
from referrals.models import Referral
from triage.models import Decision, SafeguardingEpisode

LONDON = ZoneInfo("Europe/London")
HISTORY = Case.pgh_event_models["changed"]
_kept: dict = {}


def forget():
    """The records have changed: read them again."""
    _kept.clear()


def every(model, order="id", prefetch=()):
    """All records of a kind, read once."""
    if (model, order) not in _kept:
        _kept[model, order] = list(model.objects.order_by(*order.split()).prefetch_related(*prefetch))
    return _kept[model, order]


def day_of(moment):
    return moment.astimezone(LONDON).date()


def within(moment, month):
    """Whether a moment or a day falls in a month, by the wall clock in London."""
    if moment is None:
        return False
    day = day_of(moment) if isinstance(moment, datetime) else moment
    return (day.year, day.month) == (month.year, month.month)


def midnight(day):
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def first_of_next(month):
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def year_earlier(day):
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, last))


def counted(names):
    tally = Counter(names)
    return {"": (sum(tally.values()), None)} | {name: (count, None) for name, count in tally.items()}


def shared(pairs):
    """From (slice, whether it counts): a share for the whole and each slice."""
    tops, bases = Counter(), Counter()
    for name, counts in pairs:
        for one in {"", name}:
            bases[one] += 1
            tops[one] += bool(counts)
    return {"": (tops[""], bases[""])} | {name: (tops[name], bases[name]) for name in bases}


def centile(values, part):
    ordered = sorted(values)
    return ordered[math.ceil(part * len(ordered)) - 1] if ordered else 0


# --- housing -----------------------------------------------------------------------------------------------------


def ta_households(month):
    last_night = first_of_next(month) - timedelta(days=1)
    latest = {}
    for one in every(Placement, "starts_on id"):
        if one.starts_on <= last_night and (one.ends_on is None or one.ends_on > last_night):
            latest[one.household_id] = one.kind
    return counted(latest.values())


def ta_placements(month):
    moved = {(one.household_id, one.ends_on) for one in every(Placement) if one.ended_because == "moved_within"}
    return counted(
        one.kind
        for one in every(Placement)
        if within(one.starts_on, month) and one.moved_from is None and (one.household_id, one.starts_on) not in moved
    )


# --- safeguarding ------------------------------------------------------------------------------------------------


def who(episode):
    return "adults" if episode.for_adult else "children"


def mash_high_intensity(month):
    return shared(
        (who(one), one.outcome in ("assessment", "enquiry", "care", "adult_enquiry", "specialist"))
        for one in every(SafeguardingEpisode)
        if one.status == "completed" and within(one.completed_at, month)
    )


def into_social_care():
    accepted = [
        one
        for one in every(SafeguardingEpisode)
        if one.status == "completed" and one.outcome in ("assessment", "enquiry", "care", "adult_enquiry")
    ]
    accepted.sort(key=lambda one: (one.completed_at, one.pk))
    for number, one in enumerate(accepted):
        open_then = [
            other
            for other in accepted[:number]
            if one.resident_id and other.resident_id == one.resident_id and other.completed_at >= one.opened_at
        ]
        if not open_then:
            yield one


def social_care_referrals(month):
    return counted(who(one) for one in into_social_care() if within(one.completed_at, month))


def re_referral(month):
    known = [one for one in into_social_care() if one.resident_id]
    pairs = []
    for number, one in enumerate(known):
        if within(one.completed_at, month):
            since = year_earlier(day_of(one.completed_at))
            again = [
                other
                for other in known[:number]
                if other.resident_id == one.resident_id and day_of(other.completed_at) >= since
            ]
            pairs.append(("", again))
    return shared(pairs)


# --- money -------------------------------------------------------------------------------------------------------


def income_gained(month):
    pence, people = Counter(), defaultdict(set)
    for one in every(IncomeGain):
        if one.status == "confirmed" and within(one.confirmed_on, month):
            yearly = (one.weekly_after_pence - one.weekly_before_pence) * one.weeks
            for name, amount in (
                ("", yearly + one.one_off_pence),
                ("yearly", yearly),
                ("one-off", one.one_off_pence),
            ):
                pence[name] += amount
                if amount:
                    people[name].add(one.resident_id)
    return {"": (pence[""], len(people[""]))} | {name: (pence[name], len(people[name])) for name in people}


# --- tiers -------------------------------------------------------------------------------------------------------


def tier_mix(month):
    return counted(str(one.chosen_tier) for one in every(Decision) if within(one.made_at, month))


def net_step_ups(month):
    ups = downs = 0
    for one in every(Decision, prefetch=("previous",)):
        if within(one.made_at, month):
            before = one.previous.chosen_tier if one.previous else one.chosen_tier
            ups += one.kind == "step_up" or (one.kind == "triage" and one.chosen_tier > before)
            downs += one.kind == "step_down" or (one.kind == "triage" and one.chosen_tier < before)
    return {"": (ups - downs, None), "up": (ups, None), "down": (downs, None)}


def tier_movement(month):
    by_home = defaultdict(list)
    for one in every(Decision, "made_at id"):
        if one.household_id:
            by_home[one.household_id].append(one)
    cases = every(Case)

    def tier_at(home, day):
        edge = midnight(day)
        made = [one for one in by_home[home] if one.made_at < edge]
        if not made:
            return 0
        last, own = made[-1], [case for case in cases if case.household_id == home]
        if any(case.opened_at < edge and (case.closed_at is None or case.closed_at >= edge) for case in own):
            return last.chosen_tier
        if last.made_at < midnight(year_earlier(day)):
            return 0
        closed = any(case.closed_at and last.made_at <= case.closed_at < edge for case in own)
        return 0 if closed and last.chosen_tier >= 4 else last.chosen_tier

    flows = [f"{tier_at(home, month)}>{tier_at(home, first_of_next(month))}" for home in by_home]
    return counted(flow for flow in flows if flow != "0>0")


# --- deciding ----------------------------------------------------------------------------------------------------


def first_decisions(month):
    seen = set()
    for one in every(Decision, "made_at id"):
        if one.kind == "triage" and one.contact_id not in seen:
            seen.add(one.contact_id)
            if within(one.made_at, month):
                yield one


def hours_of(team: Team | None):
    spans = {
        one.weekday: (one.opens_at, one.closes_at) for one in every(TeamOpening) if team and one.team_id == team.pk
    }
    return OpeningHours(tuple(spans.get(day) for day in range(7))) if spans else OFFICE_HOURS


def time_to_triage(month):
    waits = [
        max(0, working_minutes_between(one.contact.received_at, one.made_at, hours_of(one.team)))
        for one in first_decisions(month)
    ]
    if not waits:
        return {"": (0, 0)}
    return {"": (centile(waits, 0.5), len(waits)), "p90": (centile(waits, 0.9), len(waits))}


def triage_in_clock(month):
    return shared((one.urgency, one.made_at <= one.due_at) for one in first_decisions(month) if one.due_at)


def override_rate(month):
    ways = [
        one.chosen_tier - one.suggested_tier
        for one in every(Decision)
        if one.kind == "triage" and within(one.made_at, month)
    ]
    if not ways:
        return {"": (0, 0)}
    ups, downs = sum(way > 0 for way in ways), sum(way < 0 for way in ways)
    return {"": (ups + downs, len(ways)), "up": (ups, len(ways)), "down": (downs, len(ways))}


# --- demand ------------------------------------------------------------------------------------------------------


def contacts(month):
    return counted(one.channel for one in every(Contact) if within(one.received_at, month))


def known_with_needs():
    for one in every(Contact, "received_at id", ("contact_needs",)):
        one.codes = {row.need_id for row in one.contact_needs.all()}
        if one.codes and (one.household_id or one.resident_id):
            yield one


def is_return(later, earlier):
    """Whether a contact is the same household coming back with the same need within 28 days."""
    same = (later.household_id and later.household_id == earlier.household_id) or (
        later.resident_id and later.resident_id == earlier.resident_id
    )
    days = (day_of(later.received_at) - day_of(earlier.received_at)).days
    return bool(same and earlier.codes & later.codes and later.received_at > earlier.received_at and days <= 28)


def made_by_residents(contact):
    by_us_or_agency = ("phone_out", "outreach", "partner", "duty_to_refer", "police")
    return contact.channel not in by_us_or_agency and contact.speaking != "professional"


def first_contact_resolution(month):
    known = list(known_with_needs())
    return shared(
        ("", not any(made_by_residents(later) and is_return(later, one) for later in known))
        for one in known
        if one.outcome == "resolved" and within(one.received_at, month)
    )


def repeat_contact(month):
    known = list(known_with_needs())
    return shared(
        ("", any(earlier.outcome == "resolved" and is_return(one, earlier) for earlier in known))
        for one in known
        if made_by_residents(one) and within(one.received_at, month)
    )


# --- partners and cases ------------------------------------------------------------------------------------------


def referral_acceptance(month):
    taken = ("accepted", "in_progress", "completed")
    return shared(
        ("", one.status in taken)
        for one in every(Referral)
        if within(one.answered_at, month) and one.status in (*taken, "declined")
    )


def referral_first_response(month):
    waits = [
        working_days_between(day_of(one.sent_at), day_of(one.answered_at))
        for one in every(Referral)
        if one.sent_at and within(one.answered_at, month)
    ]
    return {"": (max(0, centile(waits, 0.5)), len(waits))}


def referral_unanswered(month):
    return shared(
        ("", one.unanswered_at or (one.answered_at and one.answer_due_at and one.answered_at > one.answer_due_at))
        for one in every(Referral)
        if within(one.sent_at, month)
    )


def caseload(month):
    end = midnight(first_of_next(month))
    leads = []
    for case in every(Case):
        if case.opened_at < end and (case.closed_at is None or case.closed_at >= end):
            history = type(case).pgh_event_models["changed"].objects.filter(pgh_obj=case)
            later = sorted(
                (row.pgh_created_at, row.pgh_id, row.lead_id) for row in history if row.pgh_created_at >= end
            )
            leads.append(str(later[0][2] if later else case.lead_id))
    return counted(leads)


def reading(key, month):
    """What the measure with this key should say of the month."""
    found = globals()[key.replace("-", "_")](month)
    return {name: value for name, value in found.items() if not name or any(value)}

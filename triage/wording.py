"""Clocks, suggestions and their changes in the words that staff use."""

from datetime import datetime, timedelta

from accounts.working_time import local_day, working_minutes_between
from ledger.templatetags.govuk import clock, day
from triage.models import TriageItem, Urgency
from triage.rules.table import RULE_BY_NUMBER
from triage.tiers import Tier

DAY_MINUTES = 8 * 60
COLOURS = {Urgency.RED: "red", Urgency.AMBER: "orange", Urgency.GREEN: "green"}
URGENCY_WORDS = {Urgency.RED: "Red: today", Urgency.AMBER: "Amber: next day", Urgency.GREEN: "Green"}


def time_left(due_at: datetime, now: datetime, urgency: str) -> str:
    """How long there is, in opening hours; Red runs at night and at weekends too."""
    late = due_at < now
    first, last = (due_at, now) if late else (now, due_at)
    if urgency == Urgency.RED:
        words = _length((last - first) // timedelta(minutes=1), 24 * 60, "day")
    else:
        words = _length(working_minutes_between(first, last), DAY_MINUTES, "working day")
    if words.startswith("0 "):
        return "Just late" if late else "Due now"
    return f"Late by {words}" if late else f"{words} left"


def when_in_words(at: datetime, now: datetime) -> str:
    """Today at 2:30pm, yesterday at 9am, 17 November."""
    days = (local_day(now) - local_day(at)).days
    if days in (0, 1):
        return f"{'Today' if days == 0 else 'Yesterday'} at {clock(at)}"
    same = local_day(now).year == local_day(at).year
    return day(at).rpartition(" ")[0] if same else day(at)


def why_in_a_line(item: TriageItem) -> str:
    """The title of the rule that asks for most, and how many others fired."""
    rules = [RULE_BY_NUMBER[number] for number in item.rules.split() if number in RULE_BY_NUMBER]
    if not rules:
        return "No rule fired"
    first = max(rules, key=lambda rule: (rule.hard_stop, rule.tier if isinstance(rule.tier, int) else 0))
    return first.title + (f", and {len(rules) - 1} more" if len(rules) > 1 else "")


def what_changed(before: TriageItem | None, after: TriageItem | None) -> str:
    """What new answers did to the suggestion, in a sentence; empty if nothing."""
    if before is None or after is None:
        return ""
    if before.suggested_tier != after.suggested_tier:
        return f"The suggestion is now {Tier(after.suggested_tier).label}; it was {Tier(before.suggested_tier).label}."
    if before.due_at != after.due_at:
        return "The suggested tier is the same. The time by which somebody must decide has changed."
    gone, come = (
        set(before.rules.split()) - set(after.rules.split()),
        set(after.rules.split()) - set(before.rules.split()),
    )
    return "The suggested tier is the same, for other reasons." if gone or come else "The suggestion is the same."


def _length(minutes: int, a_day: int, day: str) -> str:
    if minutes < 60:
        return _many(max(minutes, 0), "minute")
    if minutes < a_day:
        return _many(minutes // 60, "hour")
    return _many(minutes // a_day, day)


def _many(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")

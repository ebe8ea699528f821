"""Days, spans of time and counts as people say them: yesterday, 19 November, 20 months, 1,509 cases."""

from datetime import date, datetime, timedelta

from django.utils import timezone


def counted(number: int, one: str, many: str = "") -> str:
    """1 case, 1,509 cases."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def said_day(day: date, today: date) -> str:
    """Today, Yesterday, Tomorrow, 19 November, and the year where it is another one."""
    near = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}
    if said := near.get((day - today).days):
        return said
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"


def said_span(days: int) -> str:
    """3 days, 5 weeks, 20 months, 4 years: never more exact than anybody needs."""
    if days < 28:
        return counted(days, "day")
    if days < 70:
        return counted(days // 7, "week")
    months = days * 12 // 365
    return counted(months, "month") if months < 36 else counted(days // 365, "year")


def said_ago(day: date, today: date) -> str:
    """Today, yesterday, 9 days ago, 5 weeks ago."""
    days = (today - day).days
    return {0: "today", 1: "yesterday"}.get(max(days, 0), f"{said_span(days)} ago")


def said_due(day: date, today: date) -> str:
    """Due today, Due tomorrow, 3 days left, 5 weeks left; 2 days late once the day is over."""
    days = (day - today).days
    if days < 0:
        return f"{said_span(-days)} late"
    return {0: "Due today", 1: "Due tomorrow"}.get(days, f"{said_span(days)} left")


def said_time_left(due: datetime, at: datetime) -> str:
    """The same to the minute while it is a matter of hours: 40 minutes left, 2 hours late."""
    gap = abs(due - at)
    if gap < timedelta(hours=1):
        words = counted(int(gap.total_seconds() // 60), "minute")
    elif gap < timedelta(days=1):
        words = counted(int(gap.total_seconds() // 3600), "hour")
    else:  # as people count: Monday is two days off on Saturday
        words = said_span(abs((timezone.localdate(due) - timezone.localdate(at)).days))
    return f"{words} late" if due < at else f"{words} left"

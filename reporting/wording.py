"""Figures as people read them."""

from reporting.charts import money, share, whole
from reporting.measures import Measure, Unit
from reporting.suppression import Figure
from reporting.svg import Show

HIDDEN = "Not shown"
NOTHING = "None"


def plotted(measure: Measure, figure: Figure | None) -> float | None:
    """Where a figure stands in a picture: pounds, hours, days, a share of one, a count. None where there is none to show."""
    if figure is None or figure.numerator is None:
        return None
    if measure.unit is Unit.SHARE:
        return figure.numerator / figure.denominator if figure.denominator else None
    if measure.unit in (Unit.MINUTES, Unit.DAYS) and not figure.denominator:
        return None
    return figure.numerator / {Unit.PENCE: 100, Unit.MINUTES: 60}.get(measure.unit, 1)


def said(measure: Measure, figure: Figure | None) -> str:
    """A figure in words, for a card or a cell."""
    if figure is not None and figure.hidden:
        return HIDDEN
    value = plotted(measure, figure)
    if value is None:
        return NOTHING
    return show(measure)(value) + (" (restated)" if figure is not None and figure.restated else "")


def show(measure: Measure) -> Show:
    """How a value of this measure is written."""
    shows: dict[Unit, Show] = {Unit.SHARE: share, Unit.PENCE: money, Unit.MINUTES: hours, Unit.DAYS: days}
    return shows.get(measure.unit, whole)


def change_from(measure: Measure, before: float, now: float) -> str:
    """Up from 36, down from 85%; about the same where both are written alike: nobody is told that 2% is up from 2%."""
    said = show(measure)
    if now == before:
        return f"The same as {said(before)}"
    if said(now) == said(before):
        return f"About the same as {said(before)}"
    return f"{'Up' if now > before else 'Down'} from {said(before)}"


def smallest(measure: Measure) -> float:
    """The finest step of a scale."""
    return {Unit.SHARE: 0.01, Unit.MINUTES: 0.25}.get(measure.unit, 1)


def hours(value: float) -> str:
    """Working hours and minutes: 2h 15m."""
    minutes = round(value * 60)
    full, rest = divmod(minutes, 60)
    if not full:
        return f"{rest}m"
    return f"{full}h {rest}m" if rest else f"{full}h"


def days(value: float) -> str:
    """1 day, 4 days."""
    return "1 day" if value == 1 else f"{value:,.0f} days"


def base(measure: Measure, figure: Figure | None) -> str:
    """What a share or a middle value is of: 17 of 50, from 50."""
    if figure is None or figure.numerator is None or figure.denominator is None:
        return ""
    if measure.unit is Unit.SHARE:
        return f"{figure.numerator:,} of {figure.denominator:,}"
    return f"from {figure.denominator:,}"

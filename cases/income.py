"""What an award adds in a year: after minus before, for 52 weeks or the shorter term, and any single payment."""

from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db.models import TextChoices

MOST_PENCE = 100_000_000  # a million pounds: more is a slip of the keyboard


class Per(TextChoices):
    """How often an amount is paid."""

    WEEK = "week", "A week"
    FOUR_WEEKS = "four_weeks", "Every 4 weeks"
    MONTH = "month", "A month"
    YEAR = "year", "A year"


TO_WEEKS = {Per.WEEK: (1, 1), Per.FOUR_WEEKS: (1, 4), Per.MONTH: (12, 52), Per.YEAR: (1, 52)}


def weekly_pence(pence: int, per: str) -> int:
    """An amount as pence a week, to the nearest penny: a year has 52 weeks and 12 months."""
    times, over = TO_WEEKS[Per(per)]
    return int((Decimal(pence) * times / over).quantize(Decimal(1), ROUND_HALF_UP))


def yearly_gain(weekly_before_pence: int, weekly_after_pence: int, weeks: int, one_off_pence: int) -> int:
    """What is added in a year, in pence. Raises ValidationError if that is nothing, or the figures cannot be."""
    if not 1 <= weeks <= 52:
        raise ValidationError("The number of weeks must be from 1 to 52.")
    if min(weekly_before_pence, weekly_after_pence, one_off_pence) < 0:
        raise ValidationError("Amounts must not be negative.")
    if max(weekly_before_pence, weekly_after_pence, one_off_pence) > MOST_PENCE:
        raise ValidationError("Amounts must be £1,000,000 or less.")
    if weekly_after_pence < weekly_before_pence:
        raise ValidationError("The amount after must not be less than the amount before: only what is added counts.")
    value = (weekly_after_pence - weekly_before_pence) * weeks + one_off_pence
    if value == 0:
        raise ValidationError(
            "Nothing is added by these figures. Give the amounts before and after, or a single payment."
        )
    return value

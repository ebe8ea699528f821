"""The needs that people came with most lately: first on the page on which a contact is logged."""

from functools import lru_cache
from time import time

from django.db.models import Count

from intake.models import ContactNeed

LOOKED_AT, TOP = 2000, 8
AT_FIRST = ("information", "debt", "benefits", "home_at_risk", "essentials", "work", "adult_mental_health", "homeless")
"""The needs at the top until the council's own use says otherwise."""


def most_used() -> tuple[str, ...]:
    """The needs to show first: a question, then what people came with lately. Runs one query an hour."""
    return ranked(int(time() // 3600))


@lru_cache(maxsize=1)
def ranked(hour: int) -> tuple[str, ...]:
    """What people came with most in the hour that is named, as far as that was known when it was first asked."""
    lately = ContactNeed.objects.order_by("-id").values("pk")[:LOOKED_AT]
    counts = ContactNeed.objects.filter(pk__in=lately).order_by().values("need__code").annotate(n=Count("pk"))
    found = [row["need__code"] for row in counts.order_by("-n", "need__code")]
    return tuple(dict.fromkeys(["information", *found, *AT_FIRST]))[:TOP]

"""What was drawn of stored figures, kept in this process until a computation or a note changes what stands there.

Only what every person of a role may see alike is kept, and the role is part of the name under which it is kept. Pages and files
are drawn anew each hour at the latest, because months come to their end by themselves.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.cache import caches
from django.db.models import Subquery
from django.utils import timezone

from accounts.models import Role
from reporting.models import Annotation, Run

LATEST_RUNS = 25
"""More than can begin while one of them is busy: the figures of each measure change together with its run's steps."""


@dataclass(frozen=True)
class Standing:
    """What the stored figures are as of: each run's measures done so far, and the latest note."""

    stamp: tuple[Hashable, ...]
    computed_at: datetime | None

    def keep(self, what: str, *key: Hashable, role: Role | str, draw: Callable[[], Any]) -> Any:
        """What `draw` gives, or gave before under the same name. Before the first run nothing is kept."""
        if not self.stamp:
            return draw()
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        name = sha256(repr((what, key, str(role), self.stamp, hour)).encode()).hexdigest()
        return caches["drawn"].get_or_set(name, draw)


def standing() -> Standing:
    """Ask before the figures themselves: what is computed meanwhile is then drawn again, never missed. Runs one query."""
    notes = Annotation.objects.order_by("-pk").values("pk")[:1]
    latest = list(
        Run.objects.order_by("-pk")
        .annotate(note=Subquery(notes))
        .values_list("pk", "steps_done", "state", "ended_at", "note")[:LATEST_RUNS]
    )
    done = [ended_at for _, _, state, ended_at, _ in latest if ended_at and state == Run.State.DONE]
    stamp = tuple((pk, steps) for pk, steps, *_ in latest)
    return Standing((*stamp, latest[0][-1]) if latest else (), max(done, default=None))

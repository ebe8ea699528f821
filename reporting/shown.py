"""What a page shows of a picture: the drawings, the finding in a sentence, and the figures as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Note:
    """Something that happened, marked on the line at the month with this label."""

    at: str
    words: str


@dataclass(frozen=True)
class Chart:
    """What templates/reporting/_chart.html shows: the picture, the finding in a sentence, and the figures as a table."""

    uid: str
    heading: str
    finding: str
    svg: SafeString
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    href: str = ""
    about: str = ""


def drawn(draw: Callable[..., SafeString], *figures: Any, uid: str, brief: bool, **words: Any) -> SafeString:
    """A picture as a page shows it: in brief the narrow drawing on every screen; or a large one and the narrow one for phones.

    The style sheet shows one of two, so that readers too hear only that.
    """
    if brief:
        return draw(*figures, uid=uid, **words | {"size": None, "tips": False})
    narrow = words | {"uid": f"{uid}-narrow", "size": None, "tips": False}
    return draw(*figures, uid=uid, **words) + draw(*figures, **narrow)

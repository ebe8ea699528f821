"""The answers that a person may give, and the five screening questions that everybody is asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Answer(TextChoices):
    """An answer to a yes or no question. Three of the five are ways of not knowing: unknown is not no."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_ASKED = "not_asked", "Not asked"
    DECLINED = "declined", "Asked, did not want to say"
    UNKNOWN = "unknown", "Asked, does not know"

    @property
    def known(self) -> bool:
        """Whether the answer is a plain yes or no."""
        return self in (Answer.YES, Answer.NO)

    @classmethod
    def of(cls, fact: bool) -> Answer:
        """Yes or no for something that is known for certain."""
        return cls.YES if fact else cls.NO


@dataclass(frozen=True, slots=True)
class Screening:
    """One of the five screening questions, and which answer to it is worrying."""

    key: str
    question: str
    worrying: Answer
    yes_means: str
    no_means: str


SCREENING: tuple[Screening, ...] = (
    Screening(
        "safe_now",
        "Are you safe right now?",
        Answer.NO,
        "they are safe right now",
        "they are not safe right now",
    ),
    Screening(
        "sleep_tonight",
        "Do you have somewhere safe to sleep tonight?",
        Answer.NO,
        "they have somewhere safe to sleep tonight",
        "they have nowhere safe to sleep tonight",
    ),
    Screening(
        "child_at_home",
        "Is there a child or a pregnant person in the home, or a child you worry about?",
        Answer.YES,
        "there is a child or a pregnant person in the home, or a child they worry about",
        "there is no child or pregnant person in the home, and no child they worry about",
    ),
    Screening(
        "hurt_or_controlled",
        "Is anyone hurting or controlling you?",
        Answer.YES,
        "somebody is hurting or controlling them",
        "nobody is hurting or controlling them",
    ),
    Screening(
        "needs_essentials",
        "Do you need food, heat, medicine or money today?",
        Answer.YES,
        "they need food, heat, medicine or money today",
        "they have food, heat, medicine and money for today",
    ),
)
SCREENING_KEYS: tuple[str, ...] = tuple(item.key for item in SCREENING)

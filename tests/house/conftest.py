"""What the house tests share: one World, and what every page said of it, asked once for all of them."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from tests.house.answers import Answers, ask_everything


def querysets_with_a_door() -> list[type]:
    """Every class that defines `visible_to`."""
    found = {
        cls
        for model in apps.get_models()
        for cls in type(model._default_manager.get_queryset()).__mro__
        if "visible_to" in vars(cls)
    }
    return sorted(found, key=lambda cls: cls.__qualname__)


class everything_visible:
    """Inside the block every `visible_to` gives everything: only the database holds."""

    def __enter__(self) -> None:
        self.was = {cls: vars(cls)["visible_to"] for cls in querysets_with_a_door()}
        for cls in self.was:
            cls.visible_to = lambda queryset, user: queryset.all()

    def __exit__(self, *failure: object) -> None:
        for cls, method in self.was.items():
            cls.visible_to = method


@pytest.fixture
def unlocked() -> Iterator[None]:
    """Every `visible_to` gives everything."""
    with everything_visible():
        yield


@pytest.fixture(scope="session")
def answers(django_db_setup, django_db_blocker) -> Answers:
    """What every page answers to every role, by every method, for every target."""
    with django_db_blocker.unblock():
        return ask_everything(everything_visible)


def models_with_people() -> list[type[models.Model]]:
    """Our models whose rows are about somebody: those with a door."""
    return [m for m in apps.get_models() if hasattr(m._default_manager.get_queryset(), "visible_to")]

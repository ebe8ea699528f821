"""Every way in which a row can point at a resident, found by looking at all models, with the rule that its model declares."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from ledger.merges import NamesByKind, Rule
from residents.models import Resident


@dataclass(frozen=True)
class Relation:
    """One column by which rows of one model point at residents."""

    model: type[models.Model]
    name: str
    rule: Rule

    @property
    def label(self) -> str:
        """How the journal names the model."""
        return self.model._meta.label

    @property
    def column(self) -> str:
        """The attribute that holds the key: resident_id."""
        return self.model._meta.get_field(self.name).attname

    def rows(self, resident: int) -> models.QuerySet[Any]:
        """Its rows that point at a resident, by key."""
        kind = {self.rule.kind: Resident._meta.label} if isinstance(self.rule, NamesByKind) else {}
        return self.model._base_manager.filter(**{self.column: resident}, **kind).order_by("pk")


def is_history(model: type[models.Model]) -> bool:
    """Whether the table holds old values: they stay what they were, and follow their row by its key."""
    return hasattr(model, "pgh_tracked_model")


def declared(model: type[models.Model]) -> dict[str, Rule]:
    """What a model itself says of its relations; the table behind a many-to-many is spoken for by the model that has it."""
    owner = model._meta.auto_created
    if not owner:
        return vars(model).get("ON_MERGE", {})
    rules = vars(owner).get("ON_MERGE", {})
    mine = [one for one in owner._meta.local_many_to_many if one.remote_field.through is model]
    return {field.name: rules[one.name] for one in mine if one.name in rules for field in model._meta.concrete_fields}


def keys_to_residents(within: list[type[models.Model]] | None = None) -> Iterator[tuple[type[models.Model], str]]:
    """Model and name of each foreign key and one-to-one to Resident, those behind a many-to-many included."""
    for model in within if within is not None else apps.get_models(include_auto_created=True):
        if is_history(model) or model._meta.proxy:
            continue
        for field in model._meta.local_concrete_fields:
            if field.is_relation and field.related_model is Resident:
                yield model, field.name


def undeclared(within: list[type[models.Model]] | None = None) -> list[str]:
    """Keys to Resident for which no model says what becomes of the row when two residents are merged."""
    return [
        f"{model._meta.label}.{name}"
        for model, name in keys_to_residents(within)
        if not isinstance(declared(model).get(name), Rule)
    ]


def relations() -> list[Relation]:
    """All of them, in a fixed order. Raises ImproperlyConfigured where one has no rule: nothing is merged then."""
    if missing := undeclared():
        raise ImproperlyConfigured(f"These say not what a merge does to them (ON_MERGE): {missing}")
    found = [Relation(model, name, declared(model)[name]) for model, name in keys_to_residents()]
    for model in apps.get_models():
        rules = {} if is_history(model) else declared(model)
        found += [Relation(model, name, rule) for name, rule in rules.items() if isinstance(rule, NamesByKind)]
    return sorted(found, key=lambda one: (one.label, one.name))

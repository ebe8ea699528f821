"""No way to a resident is forgotten when two records are merged: every key has a rule, and what looks like one has been looked at."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.test.utils import isolate_apps

from ledger.merges import Derived, Moves, NamesByKind, OneOpen, Paired, Stays
from ledger.references import ReferenceField
from residents.merging.relations import Relation, declared, is_history, keys_to_residents, relations, undeclared
from residents.models import Merge, Resident
from tests.house.rules import ROOMS

# What is shaped like a reference and names no resident.
NO_RESIDENT = {
    "accounts.Organisation.about",
    "ledger.AuditEvent.organisation_id",
    "ledger.AuditEvent.person_id",
    "ledger.SentForm.person_id",
    "ledger.Draft.person_id",
    "residents.Address.uprn",
    "directory.FeedRun.reasons",
}
LOOSE = {"reference", "about", "subject", "subject_id", "path", "location", "our_id"}


def test_every_key_to_a_resident_has_a_rule():
    assert undeclared() == [], "Say in ON_MERGE what becomes of the row when two residents are merged (docs/merging.md)"


@isolate_apps("residents")
def test_a_new_key_without_a_rule_is_found():
    class Planted(models.Model):  # noqa: DJ008
        resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
        second = models.OneToOneField(Resident, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "residents"

    class Several(models.Model):  # noqa: DJ008
        ON_MERGE: dict = {}
        residents = models.ManyToManyField(Resident, related_name="+")

        class Meta:
            app_label = "residents"

    class Ruled(models.Model):  # noqa: DJ008
        ON_MERGE = {"residents": Moves()}
        residents = models.ManyToManyField(Resident, related_name="+")

        class Meta:
            app_label = "residents"

    through = [one._meta.get_field("residents").remote_field.through for one in (Several, Ruled)]
    found = undeclared([Planted, Several, Ruled, *through])

    assert found == ["residents.Planted.resident", "residents.Planted.second", "residents.Several_residents.resident"]


def test_what_is_planted_stops_every_merge(monkeypatch):
    monkeypatch.setattr("residents.merging.relations.undeclared", lambda: ["residents.Planted.resident"])

    with pytest.raises(Exception, match="Planted"):
        relations()


def test_every_rule_is_about_something_that_is_there():
    wrong = []
    for model in apps.get_models():
        if is_history(model):
            continue
        keys = {name for _, name in keys_to_residents([model])}
        loose = {field.name for field in loose_references(model)}
        names = {field.name for field in model._meta.get_fields()}
        for name, rule in declared(model).items():
            if name not in names or (name not in keys and not isinstance(rule, Stays | NamesByKind)):
                wrong.append(f"{model._meta.label}.{name}")
            if name not in keys | loose:
                wrong.append(f"{model._meta.label}.{name} is no reference")
            if isinstance(rule, Stays) and not rule.why:
                wrong.append(f"{model._meta.label}.{name} does not say why it stays")
            wrong += [f"{model._meta.label}.{one}" for one in _fields_of(rule) if one not in _columns(model)]

    assert not wrong, wrong


def _columns(model: type[models.Model]) -> set[str]:
    return {name for field in model._meta.concrete_fields for name in (field.name, field.attname)}


def _fields_of(rule: object) -> list[str]:
    if isinstance(rule, OneOpen):
        return [*rule.same, rule.begins, rule.ends, *rule.agree, *rule.restricts]
    if isinstance(rule, Paired):
        return [rule.other, *rule.same, *rule.ordered]
    return [rule.kind] if isinstance(rule, NamesByKind) else []


def loose_references(model: type[models.Model]) -> list[models.Field]:
    """Texts and numbers that may name a record without being a key."""
    found = []
    for field in model._meta.concrete_fields:
        inside = field.base_field if isinstance(field, ArrayField) else field
        text = isinstance(inside, models.CharField) and not field.choices and not isinstance(field, ReferenceField)
        number = isinstance(field, models.BigIntegerField) and field.name.endswith("_id") and not field.is_relation
        short = text and inside.max_length == 12
        named = field.name in LOOSE and not field.is_relation and not isinstance(field, ReferenceField)
        if short or number or named or isinstance(field, models.JSONField) or (model._meta.label, field.name) in _ROWS:
            found.append(field)
    return found


_ROWS = {("residents.MergedRow", "row"), ("intake.CarriedOut", "row")}


def test_what_names_a_record_without_being_a_key_was_looked_at():
    undecided = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS and not is_history(model)
        for field in loose_references(model)
        if field.name not in declared(model)
    ]

    assert set(undecided) == NO_RESIDENT, "In ON_MERGE of the model, or here if it can name no resident"


def test_rows_that_may_be_there_once_are_reconciled():
    """A key in a unique constraint cannot simply move: it would clash."""
    wrong = [
        f"{one.label}.{one.name}"
        for one in relations()
        if _is_unique(one) and (isinstance(one.rule, Moves) and not isinstance(one.rule, OneOpen))
    ]

    assert not wrong, wrong


def _is_unique(relation: Relation) -> bool:
    meta = relation.model._meta
    field = meta.get_field(relation.name)
    return (
        field.unique
        or any(relation.name in one.fields for one in meta.total_unique_constraints)
        or any(isinstance(one, models.UniqueConstraint) and relation.name in one.fields for one in meta.constraints)
    )


@pytest.mark.django_db
def test_the_database_sends_late_rows_after_the_merge(db):
    """A row that is written about a merged record in the moment of the merge follows it, in every table whose rows go over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'follow_merge%'")
        following = set(cursor.fetchall())
        cursor.execute(
            "SELECT polrelid::regclass::text FROM pg_policy WHERE polname = 'may_change' AND pg_get_expr(polqual, polrelid) = 'false'"
        )
        fixed = {table for (table,) in cursor.fetchall()}
    rooms = [
        one
        for one in relations()
        if one.model not in (Resident, Merge) and not isinstance(one.rule, Stays | Derived | NamesByKind)
    ]
    tables = {(one.model._meta.db_table, f"follow_merge_{one.column}".removesuffix("_resident_id")) for one in rooms}

    assert tables - following == set(), "Add ledger.merges.follow(table) to a migration of its room"
    assert {
        one.label for one in rooms if one.model._meta.db_table in fixed and not getattr(one.rule, "through", "")
    } == set()

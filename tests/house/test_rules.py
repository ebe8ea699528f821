"""Rules about all rooms that fail the build: imports, doors, moves, words, shapes. Each is shown broken in test_rules_can_fail.py."""

import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, models, transaction

from ledger.acting import acting_as_system
from ledger.moves import InvalidMove, Moving, advance
from tests.house import reviewed, rules
from tests.house.answers import our_pages
from tests.house.second_lock import as_owner, tables_with_people
from tests.house.world import World

TEXTS = (models.CharField, models.TextField, models.JSONField)


def our_models() -> list[type[models.Model]]:
    """The models of our rooms, without the history tables that are made from them."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in rules.ROOMS and not model.__name__.endswith("History")
    ]


@pytest.mark.parametrize("name", sorted(rules.EVERYWHERE))
def test_no_file_breaks_the_rule(name):
    found = [line for line in rules.breaches(rules.EVERYWHERE[name]) if not allowed(name, line)]

    assert not found, f"{rules.EVERYWHERE[name].__doc__}\n" + "\n".join(found)


def allowed(name: str, line: str) -> bool:
    """Whether somebody has looked at this place and written down why it stands."""
    path, _, what = line.split(":", 2)
    return any(path == place and words in what for place, words in reviewed.PLACES.get(name, {}))


def test_views_ask_through_the_door():
    guarded = frozenset(
        label.partition(".")[2] for table, label in tables_with_people().items() if table not in {"accounts_user"}
    )
    found = rules.breaches(lambda source: rules.views_begin_at_the_door(source, guarded))
    fresh = [line for line in found if not allowed("views_begin_at_the_door", line)]

    assert not fresh, "Begin at visible_to, or say in tests/house/reviewed.py why not:\n" + "\n".join(fresh)


def test_what_was_reviewed_is_still_there():
    """A reviewed place that is gone goes from the list too."""
    everything = {name: rules.breaches(rule) for name, rule in rules.EVERYWHERE.items()}
    guarded = frozenset(label.partition(".")[2] for label in tables_with_people().values())
    everything["views_begin_at_the_door"] = rules.breaches(lambda s: rules.views_begin_at_the_door(s, guarded))
    gone = [
        (name, place, words)
        for name, places in reviewed.PLACES.items()
        for place, words in places
        if not any(line.startswith(f"{place}:") and words in line for line in everything[name])
    ]

    assert not gone, gone


def test_every_page_says_who_may_ask():
    bare = [name for name, entry in our_pages().items() if not hasattr(entry.callback, "access")]

    assert not bare, f"Give these @roles(…) or @public(): {bare}"


def test_public_pages_are_these():
    public = {name for name, entry in our_pages().items() if entry.callback.access["public"]}

    assert public == reviewed.PUBLIC


def test_every_model_says_which_fields_are_personal():
    without = [model._meta.label for model in our_models() if "PERSONAL" not in vars(model)]

    assert not without, without


def test_every_personal_field_exists():
    wrong = [
        f"{model._meta.label}.{name}"
        for model in our_models()
        for name in model.PERSONAL
        if name not in {field.name for field in model._meta.get_fields()}
    ]

    assert not wrong, wrong


def free_texts(model: type[models.Model]) -> set[str]:
    """Fields into which people write what they like."""
    return {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, TEXTS) and not field.choices and field.name not in {"reference", "password"}
    }


def test_every_free_text_is_personal_or_was_looked_at():
    undecided = [
        f"{model._meta.label}.{name}"
        for model in our_models()
        for name in sorted(free_texts(model) - set(model.PERSONAL))
        if f"{model._meta.label}.{name}" not in reviewed.NOT_PERSONAL
    ]
    stale = sorted(reviewed.NOT_PERSONAL - {f"{m._meta.label}.{name}" for m in our_models() for name in free_texts(m)})

    assert not undecided, f"In PERSONAL, or in reviewed.NOT_PERSONAL: {undecided}"
    assert not stale, stale


def test_every_model_with_people_in_it_has_a_door():
    without = [
        model._meta.label
        for model in our_models()
        if model.PERSONAL and not hasattr(model._default_manager.get_queryset(), "visible_to")
    ]

    assert not without, f"These hold people and have no visible_to: {without}"


@pytest.mark.django_db
def test_a_role_that_nobody_knows_sees_nothing(db):
    """The last line of every `visible_to` is none(): a new role sees nothing until somebody says otherwise."""
    with acting_as_system("system:test"):
        world = World()
        stranger = SimpleNamespace(
            pk=10**9,
            id=10**9,
            role="volunteer",
            organisation_id=world.harbour.pk,
            teams=world.ben.teams,
            is_active=True,
        )
        seen = []
        for model in our_models():
            queryset = model._default_manager.get_queryset()
            if not hasattr(queryset, "visible_to") or model._meta.label in reviewed.FOR_EVERYBODY:
                continue
            assert model._default_manager.exists(), f"the World has no {model._meta.label}"
            try:
                found = queryset.visible_to(stranger).exists()
            except (TypeError, ValueError):  # asked the database for a person who is none
                found = False
            if found:
                seen.append(model._meta.label)

    assert not seen, seen


MOVING = [model for model in our_models() if issubclass(model, Moving)]


@pytest.mark.parametrize("model", MOVING, ids=lambda model: model.__name__)
def test_moves_name_statuses_of_the_model(model):
    statuses = set(model.Status.values)
    named = {status for move in model.MOVES.values() for status in (*move.sources, move.target)}

    assert named <= statuses
    assert statuses - {move.target for move in model.MOVES.values()} <= {model._meta.get_field("status").default}, (
        "a status that nothing leads to"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("model", MOVING, ids=lambda model: model.__name__)
def test_the_button_and_the_move_agree(db, model):
    """From every status every verb: what `can` says is what `advance` does."""
    tried = 0
    with transaction.atomic():
        with acting_as_system("system:test"):
            World()
        drop_checks(model)
        for status in model.Status.values:
            for verb, move in model.MOVES.items():
                with acting_as_system("system:test"):
                    row = model._default_manager.order_by("pk").first()
                    model._default_manager.filter(pk=row.pk).update(status=status)
                    row.refresh_from_db()
                    if row.can(verb):
                        assert advance(row, verb, by=None).status == move.target
                    else:
                        with pytest.raises(InvalidMove):
                            advance(row, verb, by=None)
                        row.refresh_from_db()
                        assert row.status == status
                    assert row.can(verb) == (status in move.sources) or row.status == move.target
                    tried += 1
        transaction.set_rollback(True)

    assert tried == len(model.Status.values) * len(model.MOVES)


def drop_checks(model: type[models.Model]) -> None:
    """Let any status stand for a moment: what goes with a status is another rule than what may follow it."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{constraint.name}"')
            elif isinstance(constraint, models.UniqueConstraint) and constraint.condition is not None:
                cursor.execute(f'DROP INDEX "{constraint.name}"')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_names_of_constraints_tell_where_they_stand():
    """`<app>_<model>_<what>`; a long model may be called by the beginning or the end of its name."""
    wrong = []
    for model in our_models():
        app, name = model._meta.app_label, model._meta.model_name
        for constraint in (*model._meta.constraints, *model._meta.indexes):
            found = re.match(rf"{app}_([a-z]+)_[a-z_]+$", constraint.name)
            if not found or not (name.startswith(found[1]) or name.endswith(found[1])):
                wrong.append(f"{model._meta.label}: {constraint.name}")

    assert not wrong, wrong


def test_rows_stay_where_they_are_unless_the_model_says_otherwise():
    """PROTECT, or CASCADE with a reason (see cascades_say_why); nothing is set to nothing behind anybody's back."""
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.on_delete not in {models.PROTECT, models.CASCADE}
    ]

    assert not wrong, wrong


def test_no_model_inherits_from_another_table():
    wrong = [model._meta.label for model in our_models() if model._meta.parents]

    assert not wrong, wrong


@pytest.mark.django_db
def test_migrations_are_complete(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_have_names():
    wrong = [
        path.name
        for room in rules.ROOMS
        for path in (rules.ROOT / room / "migrations").glob("0*.py")
        if "_auto_" in path.name
    ]

    assert not wrong, wrong


def test_every_template_compiles(capsys):
    call_command("check_templates")


TEMPLATE_RULES = {
    r"\|\s*safe\b": "text is escaped",
    r"\{%\s*autoescape\s+off": "text is escaped",
    r"<script(?![^>]*\bsrc=)[^>]*>(?!document\.body)": "no script in the page",
    r"\sstyle=\"": "no style in the markup",
    r"\son[a-z]+=\"": "no handler in the markup",
    r"\{%\s*csrf_exempt": "every form has its token",
    r"\.objects\.": "no question to the database",
}


@pytest.mark.parametrize("pattern", sorted(TEMPLATE_RULES))
def test_templates_do_not(pattern):
    folders = [rules.ROOT / "templates", *rules.ROOT.glob("*/templates")]
    found = [
        f"{path.relative_to(rules.ROOT)}:{number}"
        for folder in folders
        for path in sorted(folder.rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line) and str(path.relative_to(rules.ROOT)) not in reviewed.TEMPLATES.get(pattern, ())
    ]

    assert not found, f"{TEMPLATE_RULES[pattern]}: {found}"


def test_ways_to_people_come_from_reach():
    """No page of another room prints a resident's number or address past `residents.reach`."""
    pattern = re.compile(r"\.(phones|emails)\b|\bsafe_to_\w+|\|\s*phone\b")
    pages = [path for path in (rules.ROOT / "templates").rglob("*.html") if path.parent.name != "residents"]
    found = [path.name for path in pages if pattern.search(path.read_text(encoding="utf-8"))]

    assert not found, found


def test_every_form_that_is_posted_carries_its_token():
    """A form by hand has {% csrf_token %} in it, or is put together by the shared part that has."""
    found = []
    for path in sorted((rules.ROOT / "templates").rglob("*.html")):
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.S | re.I):
            if not re.search(r"csrf_token|csrf_field|_parts/", form):
                found.append(str(path.relative_to(rules.ROOT)))

    assert not found, found


def test_a_refusal_of_a_move_is_a_refusal_in_words():
    assert issubclass(InvalidMove, ValidationError)

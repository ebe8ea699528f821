"""Replaying one story twice: through the real actions, and through the borough's verbs; and what each leaves behind."""

import json
import re
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

from django.apps import apps
from django.db import connection, transaction

from cases import actions as cases
from desk.borough.book import Book
from desk.borough.make import write_keys
from desk.borough.verbs import cases as borough_cases
from desk.borough.verbs import intake as borough_intake
from desk.borough.verbs import money as borough_money
from desk.borough.verbs import plans as borough_plans
from desk.borough.verbs import referrals as borough_referrals
from desk.borough.verbs import residents as borough_residents
from desk.borough.verbs import triage as borough_triage
from intake import actions as intake
from intake.models import Answer, Need
from ledger.acting import acting_as, acting_as_system
from ledger.fields import PartialDate
from referrals import actions as referrals
from residents import actions as residents
from residents.models import Resident, Restriction
from triage import actions as triage

ROOMS = ("residents", "intake", "triage", "cases", "referrals")
# Not left by the borough on purpose: nobody is told anything, for nobody is real.
NOT_OURS = {"referrals_answerlink"}
# Derived from the rest: what people are found by is compared with what it is derived from, what the matching counts is made each night.
FOUND_BY = {
    "residents_search_document", "residents_search_key", "residents_restricted_key", "residents_pairkey", "residents_nameshare",
}  # fmt: skip
# Moments that the database takes for itself, and the transaction's own marks.
OF_THE_DATABASE = {"pgh_id", "pgh_created_at", "xid", "epoch", "request_id"}
REFERENCE = re.compile(r"CS-\w{4}-\w{3}")


class Real:
    """The verbs of the rooms, each done by the person who does it."""

    modules = (residents, intake, triage, cases, referrals)

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __getattr__(self, verb):
        return lambda *subject, **given: self._do(verb, *subject, **given)

    def _do(self, verb, *subject, **given):
        for mine in DROPPED.get(verb, ()):
            given.pop(mine, None)
        if verb in VERSIONED:
            subject[0].refresh_from_db()
            given["seen"] = subject[0].version
        action = next(getattr(one, verb) for one in self.modules if hasattr(one, verb))
        by = given.get("by")
        with acting_as(by) if by else acting_as_system("system:referrals.chase"):
            return action(*subject, **given)

    def register_resident(self, *, born_on, **given):
        born = PartialDate(born_on.year, born_on.month, born_on.day)
        return self._do("register_resident", born=born, **given)

    def answer_questions(self, contact, item, *, answers, by, at):
        return self._do("answer_questions", contact, answers=answers, by=by, at=at)

    def withdraw_contact(self, contact, item, *, outcome, by, at):
        return self._do("withdraw_from_queue", contact, outcome=outcome, by=by, at=at)

    def episode_of(self, contact):
        return contact.safeguarding_episode

    def restriction_of(self, resident):
        with acting_as_system("system:test"):
            return Restriction.objects.select_related("resident").get(resident=resident)

    def settle_return(self, referral, *, text, by, at):
        return self._do("settle_return", referral, how="elsewhere", text=text, by=by, at=at)


DROPPED = {
    "decide_tier": ("item", "team"),
    "join_case": ("case",),
    "step_down": ("closing",),
    "send_referral": ("agreement",),
}
VERSIONED = {"withdraw_agreement", "end_warning", "review_warning", "keep_restriction"}


class Borough:
    """The borough's verbs, with the same names and arguments."""

    modules = (
        borough_residents, borough_intake, borough_triage, borough_cases, borough_plans, borough_money, borough_referrals,
    )  # fmt: skip

    def __init__(self, start: datetime) -> None:
        self.book = Book(Random(1), start)

    @property
    def now(self):
        return self.book.now

    @now.setter
    def now(self, at):
        self.book.now = at

    def __getattr__(self, verb):
        action = next(getattr(one, verb) for one in self.modules if hasattr(one, verb))
        return lambda *subject, **given: action(self.book, *subject, **given)

    def record_contact(self, resident, *, needs, by, at, **given):
        rows = [Need.objects.get(code=code) for code in needs]
        team = by.teams.first()
        return borough_intake.record_contact(self.book, resident, needs=rows, by=by, at=at, team=team, **given)

    def decide_tier(self, contact, *, by, **given):
        return borough_triage.decide_tier(self.book, contact, by=by, team=by.teams.first(), **given)

    def step_up(self, case, *, by, **given):
        return borough_cases.step_up(self.book, case, by=by, team=by.teams.first(), **given)

    def step_down(self, case, *, by, **given):
        return borough_cases.step_down(self.book, case, by=by, team=by.teams.first(), **given)

    def join_case(self, decision, *, case, by, at):
        return borough_cases.join_case(self.book, decision, case, by=by, at=at)

    def answer_questions(self, contact, item, *, answers, by, at):
        rows = {row.question: row for row in self.book.of["answers", contact.pk]}
        for question, said in answers.items():
            if question in rows:
                borough_intake.correct_answer(self.book, rows[question], said=Answer.Said(said), by=by, at=at)
            else:
                borough_intake.add_answer(self.book, contact, question=question, answer=said, by=by, at=at)
        borough_triage.questions_answered(self.book, contact, item, by=by, at=at)

    def withdraw_contact(self, contact, item, *, outcome, by, at):
        borough_intake.withdraw_contact(self.book, contact, outcome=outcome, by=by, at=at)
        borough_triage.withdraw_from_queue(self.book, contact, item, by=by, at=at)

    def episode_of(self, contact):
        return self.book.of["episodes", contact.pk][0]

    def restriction_of(self, resident):
        return next(one for one in self.book.rows(Restriction) if one.resident_id == resident.id)

    def write(self):
        write_keys(self.book, self.book.rows(Resident))
        self.book.write()


class Ticking:
    """A clock for stories: every `later` is a moment at which something is done."""

    def __init__(self, do, start: datetime) -> None:
        self.do, self.at = do, start

    def later(self, **how) -> datetime:
        self.at += timedelta(**(how or {"minutes": 10}))
        self.do.now = self.at
        return self.at


def tables() -> list[str]:
    """Every table in which a story may leave something."""
    found = [model._meta.db_table for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return ["ledger_auditevent", *sorted(set(found) - NOT_OURS - FOUND_BY)]


def rows_of(table: str, after: int) -> list[dict]:
    """The rows that were added to a table."""
    key = "pgh_id" if table.endswith("history") else "id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {key} > %s ORDER BY {key}", [after])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def highest() -> dict[str, int]:
    """The highest key of each table."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            key = "pgh_id" if table.endswith("history") else "id"
            cursor.execute(f"SELECT coalesce(max({key}), 0) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def left_behind(before: dict[str, int], at_of_trail: bool = False) -> dict[str, list[str]]:
    """What a story left: rows by table as text, with keys, references and events numbered as they came."""
    raw = {table: rows_of(table, before[table]) for table in before}
    names: dict[str, str] = {}
    for table, rows in raw.items():
        for number, row in enumerate(rows):
            if row.get("reference") and "pgh_id" not in row and table not in ("ledger_auditevent", "residents_chronologyentry", "residents_involvement"):  # fmt: skip
                names[row["reference"]] = f"{table}#{number}"
    keys = {(table, row["id"]): number for table, rows in raw.items() for number, row in enumerate(rows) if "id" in row}
    links = _links()
    events: dict[object, int] = {}
    for row in raw["residents_chronologyentry"]:
        events.setdefault(row["event"], len(events))
    subjects = {model._meta.label: model._meta.db_table for model in apps.get_models()}

    def plain(table: str, name: str, value, row):
        if name in OF_THE_DATABASE or (name == "id" and not table.endswith("history")):
            return None
        if table == "ledger_auditevent" and name == "at":
            return None
        if name == "event":
            return "event"
        if name == "subject_id":
            return keys.get((subjects.get(row["kind"], ""), value), value)
        target = links.get((table, name))
        if target:
            return keys.get((target, value), value)
        text = json.dumps(value, default=str, sort_keys=True)
        return REFERENCE.sub(lambda found: names.get(found[0], found[0]), text)

    told = {}
    for table, rows in raw.items():
        told[table] = sorted(
            json.dumps({name: plain(table, name, value, row) for name, value in row.items()}, default=str)
            for row in rows
        )
    told["events"] = [str(len(events))]
    return told


def _links() -> dict[tuple[str, str], str]:
    """Which columns hold a key of which table."""
    found = {}
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            table = model._meta.db_table
            for field in model._meta.concrete_fields:
                if field.remote_field:
                    found[table, field.column] = field.remote_field.model._meta.db_table
            if table.endswith("history"):
                found[table, "id"] = table.removesuffix("history")
    return found


@contextmanager
def undone():
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

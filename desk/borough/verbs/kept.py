"""What is kept of a judgement beside its decision, as the text of the JSON: nearly all of its parts were written before."""

import json
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from desk.borough.pages import Written
from desk.borough.verbs.judging import NOT_KNOWN
from intake.models import Answer
from triage.facts import Facts, facts_snapshot
from triage.rules import Assessment

_KEYS = ("number", "title", "because", "tier", "clock", "rag", "route", "hard_stop", "safeguarding", "source")
_RULE = attrgetter(*_KEYS)
_written = json.JSONEncoder(ensure_ascii=False).encode


def as_kept(given: Iterable[Answer], facts: Facts, found: Assessment) -> Written:
    """The answers, the facts and the assessment as `triage.actions` keeps them. A test compares the two."""
    answers = ",".join([_answer(row.question, str(row.said), row.value, row.why) for row in given])
    known = ",".join([_fact(key, value) for key, value in facts.__dict__.items() if value != NOT_KNOWN[key]])
    fired = ",".join([f'{{"due_at":"{rule.due_at.isoformat()}",{_rule(*_RULE(rule))}' for rule in found.fired])
    asked = ",".join([_question(one.key, one.question, one.how) for one in found.not_asked])
    return Written(
        f'{{"given":{{{answers}}},"facts":{{{known}}},"assessment":{{"version":"{found.version}",'
        f'"received_at":"{found.received_at.isoformat()}","suggested_tier":{int(found.suggested_tier)},'
        f'"due_at":"{found.due_at.isoformat()}","rag":{int(found.rag)},"hard_stop":{_truth(found.hard_stop)},'
        f'"must_not_send":{_truth(found.must_not_send)},"fired":[{fired}],"not_asked":[{asked}]}}}}'
    )


@lru_cache(maxsize=20_000)
def _answer(question: str, said: str, value: str, why: str) -> str:
    return f"{_written(question)}:{_written({'said': said, 'value': value, 'why': why})}"


@lru_cache(maxsize=20_000)
def _fact(key: str, value: Any) -> str:
    return f"{_written(key)}:{_written(facts_snapshot(Facts(**{key: value}))[key])}"


@lru_cache(maxsize=20_000)
def _rule(*values: Any) -> str:
    plain = {key: int(value) if key in ("tier", "rag") else value for key, value in zip(_KEYS, values, strict=True)}
    return _written(plain)[1:]


@lru_cache(maxsize=1_000)
def _question(key: str, question: str, how: str) -> str:
    return _written({"key": key, "question": question, "how": how})


def _truth(value: bool) -> str:
    return "true" if value else "false"

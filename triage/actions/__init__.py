"""What may happen at triage: one function per verb."""

from triage.actions.decisions import (
    answer_questions,
    claim,
    decide_tier,
    link_contact,
    log_contact,
    queue_contact,
    reassess_contact,
    record_step,
    release,
    rules_of,
    suggestion_of,
    withdraw_from_queue,
)
from triage.actions.safeguarding import FOR_ADULTS, FOR_CHILDREN, MASH_RULES, complete_episode

__all__ = [
    "FOR_ADULTS",
    "FOR_CHILDREN",
    "MASH_RULES",
    "answer_questions",
    "claim",
    "complete_episode",
    "decide_tier",
    "link_contact",
    "log_contact",
    "queue_contact",
    "reassess_contact",
    "record_step",
    "release",
    "rules_of",
    "suggestion_of",
    "withdraw_from_queue",
]

"""What may happen on a case: one function per verb."""

from cases.actions.cases import (
    close_case,
    join_case,
    open_case,
    open_cases,
    reallocate,
    reallocate_several,
    record_check,
)
from cases.actions.checks import CLOSURE_CHECKS, remaining_work
from cases.actions.gains import claim_gain, confirm_gain, refuse_gain
from cases.actions.notes import add_addendum, write_note
from cases.actions.people import add_agency, add_member, end_agency, end_member, end_person, name_person
from cases.actions.placements import end_placement, move_placement, start_placement
from cases.actions.plan import (
    add_action,
    add_need,
    close_need,
    drop_action,
    finish_action,
    record_progress,
    reopen_action,
    reopen_need,
    revise_action,
    revise_goal,
)
from cases.actions.reviews import hold_review
from cases.actions.steps import step_down, step_up

__all__ = [
    "CLOSURE_CHECKS",
    "add_action",
    "add_addendum",
    "add_agency",
    "add_member",
    "add_need",
    "claim_gain",
    "close_case",
    "close_need",
    "confirm_gain",
    "drop_action",
    "end_agency",
    "end_member",
    "end_person",
    "end_placement",
    "finish_action",
    "hold_review",
    "join_case",
    "move_placement",
    "name_person",
    "open_case",
    "open_cases",
    "reallocate",
    "reallocate_several",
    "record_check",
    "record_progress",
    "refuse_gain",
    "remaining_work",
    "reopen_action",
    "reopen_need",
    "revise_action",
    "revise_goal",
    "start_placement",
    "step_down",
    "step_up",
    "write_note",
]

"""What may happen to the people we help, by noun. Each verb writes the trail, the chronology and the search keys."""

from residents.actions.agreements import record_agreement, withdraw_agreement
from residents.actions.contact_points import add_email, add_phone, change_email, change_phone, end_email, end_phone
from residents.actions.households import household_of, join_household, leave_household, start_household
from residents.actions.many import register_residents
from residents.actions.pairs import (
    call_same,
    find_pairs,
    keep_apart,
    leave_unsure,
    look_for_pairs,
    look_soon,
    record_shown,
    said_of,
    think_again,
)
from residents.actions.people import birth_of, change_details, register_resident
from residents.actions.places import (
    correct_address,
    end_address,
    move_to,
    record_care_of,
    record_no_fixed_abode,
)
from residents.actions.relationships import (
    add_person_who_matters,
    add_relationship,
    change_person_who_matters,
    correct_relationship,
    doubts,
    end_person_who_matters,
    end_relationship,
)
from residents.actions.restriction import (
    end_access,
    grant_access,
    keep_restriction,
    lift_restriction,
    restrict_resident,
)
from residents.actions.separating import separate_household, undo_separation, undo_unite, unite_households
from residents.actions.warnings import add_warning, agree_warning, end_warning, refuse_warning, review_warning

__all__ = [
    "add_email",
    "add_person_who_matters",
    "add_phone",
    "add_relationship",
    "add_warning",
    "agree_warning",
    "birth_of",
    "call_same",
    "change_details",
    "change_email",
    "change_person_who_matters",
    "change_phone",
    "correct_address",
    "correct_relationship",
    "doubts",
    "end_access",
    "end_address",
    "end_email",
    "end_person_who_matters",
    "end_phone",
    "end_relationship",
    "end_warning",
    "find_pairs",
    "grant_access",
    "household_of",
    "join_household",
    "keep_apart",
    "keep_restriction",
    "leave_household",
    "leave_unsure",
    "lift_restriction",
    "look_for_pairs",
    "look_soon",
    "move_to",
    "record_agreement",
    "record_care_of",
    "record_no_fixed_abode",
    "record_shown",
    "refuse_warning",
    "register_resident",
    "register_residents",
    "restrict_resident",
    "review_warning",
    "said_of",
    "separate_household",
    "start_household",
    "think_again",
    "undo_separation",
    "undo_unite",
    "unite_households",
    "withdraw_agreement",
]

"""Contacts are recorded, answered, linked, promised and withdrawn; what cannot be is refused in words."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from intake import actions
from intake.actions import Given
from intake.models import Answer, Contact
from intake.reference_data import seed_needs
from ledger.models import AuditEvent
from ledger.moves import InvalidMove
from residents.models import ChronologyEntry
from tests import make
from tests.make import NOON

SOON = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _needs(system):
    seed_needs()


def record(resident=None, **fields):
    """A phone call at noon."""
    return actions.record_contact(
        resident,
        **{
            "channel": "phone_in",
            "received_at": NOON,
            "words": "I am behind with the rent.",
            "basis": "privacy_notice",
            "at": NOON,
            **fields,
        },
    )


def test_a_contact_with_everything(finn, as_owner):
    person = make.resident()
    home = make.household(person)
    answers = {
        "safe_now": "yes",
        "arrears": "rent utilities",
        "hurt_or_controlled": Given("not_asked", why="Not alone"),
    }
    contact = record(person, needs=["debt", "benefits"], answers=answers, by=finn, next_step="Call", next_step_by=SOON)

    assert contact.household == home and contact.team == finn.teams.get()
    assert [row.need.code for row in contact.contact_needs.all()] == ["debt", "benefits"]
    assert {(row.question, row.said, row.value, row.why) for row in contact.answers.all()} == {
        ("safe_now", "yes", "", ""),
        ("arrears", "value", "rent utilities", ""),
        ("hurt_or_controlled", "not_asked", "", "Not alone"),
    }
    entry = ChronologyEntry.objects.get(resident=person, verb="record_contact")
    assert entry.reference == contact.reference and "rent" not in entry.heading
    with as_owner():
        assert AuditEvent.objects.filter(verb="record_contact", reference=contact.reference).exists()


def test_anonymous_and_nameless(finn):
    contact = record(None, speaking="anonymous", person_named="Jay", not_linked_because="Gave no name", by=finn)

    assert contact.resident is None and contact.person_named == "Jay"
    assert not ChronologyEntry.objects.exists()


REFUSED = [
    ({"received_at": NOON + timedelta(minutes=1)}, "now or earlier"),
    ({"next_step": "Call"}, "by when"),
    ({"next_step_by": SOON}, "what was promised"),
    ({"next_step": "Call", "next_step_by": NOON - timedelta(days=1)}, "later than the contact"),
    ({"needs": ["gold"]}, "Not on the list"),
    ({"answers": {"safe_now": Given("perhaps")}}, "one of the answers"),
    ({"answers": {"dash_score": Given("value")}}, "A value goes with"),
    ({"answers": {"dash_score": "9" * 201}}, "200 characters"),
]


@pytest.mark.parametrize(("fields", "words"), REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_half_saved(finn, fields, words):
    with pytest.raises(ValidationError, match=words):
        record(make.resident(), by=finn, **fields)

    assert not Contact.objects.exists() and not Answer.objects.exists()


def test_an_answer_is_added_once_and_corrected_with_its_history(finn, ben, as_owner):
    contact = record(make.resident(), by=finn)
    answer = actions.add_answer(contact, question="safe_now", answer="yes", by=finn, at=NOON)
    with pytest.raises(ValidationError, match="in the meantime"):
        actions.add_answer(contact, question="safe_now", answer="no", by=ben, at=NOON)

    fresh = actions.correct_answer(answer, said="no", by=ben, at=SOON)

    assert (fresh.said, fresh.by) == ("no", ben)
    history = Answer.pgh_event_model if hasattr(Answer, "pgh_event_model") else None
    rows = history or contact.answers.model._meta.apps.get_model("intake", "AnswerHistory")
    assert rows.objects.get(pgh_obj_id=answer.pk).said == "yes"


def test_a_nameless_contact_is_linked_once(finn):
    contact, person = record(None, by=finn, needs=["debt"]), make.resident()
    linked = actions.link_resident(contact, resident=person, by=finn, at=SOON)

    assert actions.link_resident(linked, resident=person, by=finn, at=SOON).resident == person
    assert ChronologyEntry.objects.get(resident=person).at == NOON
    with pytest.raises(ValidationError, match="linked to somebody"):
        actions.link_resident(contact, resident=make.resident("Other"), by=finn, at=SOON)


def test_a_promise_is_kept_once(finn):
    contact = record(make.resident(), by=finn, next_step="Call", next_step_by=SOON)
    assert actions.keep_promise(contact, by=finn, at=SOON).next_step_done_at == SOON

    with pytest.raises(ValidationError, match="done already"):
        actions.keep_promise(contact, by=finn, at=SOON)
    with pytest.raises(ValidationError, match="Nothing was promised"):
        actions.keep_promise(record(None, by=finn), by=finn, at=SOON)


def test_withdrawn_once_and_only_with_an_outcome_of_that_kind(finn):
    contact = record(make.resident(), by=finn)
    with pytest.raises(ValidationError, match="withdrawn or abandoned"):
        actions.withdraw_contact(contact, outcome="resolved", by=finn, at=NOON)

    assert actions.withdraw_contact(contact, by=finn, at=NOON).status == "withdrawn"
    with pytest.raises(InvalidMove):
        actions.withdraw_contact(contact, by=finn, at=NOON)

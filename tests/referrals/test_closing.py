"""A case cannot close while a partner has not answered."""

import pytest
from django.core.exceptions import ValidationError

from cases import actions
from cases.actions import CLOSURE_CHECKS
from referrals.closing import unanswered_referrals
from tests import make


def close(case, ben):
    return actions.close_case(
        case, reason=make.outcomes_met(), summary="All is well", resident_view="Glad", by=ben, at=make.NOON
    )


def test_a_case_cannot_close_while_a_partner_has_not_answered(ben, ela):
    case = make.case(lead=ben)
    referral = make.referral(case, to=ela.organisation)
    with pytest.raises(ValidationError, match="waiting for an answer"):
        close(case, ben)
    referral.status, referral.answered_at = "accepted", make.NOON
    referral.save(update_fields=["status", "answered_at"])
    assert unanswered_referrals(case) == ""


def test_another_cases_referral_does_not_matter(ben, cath, ela):
    make.referral(make.case(lead=cath), to=ela.organisation)
    assert unanswered_referrals(make.case(lead=ben)) == ""


def test_the_check_is_published_once():
    assert CLOSURE_CHECKS.count(unanswered_referrals) == 1

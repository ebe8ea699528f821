"""Several referrals at a time: the partner has them, or we ask again; each named before, all or none."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from referrals import actions
from referrals.models import Referral
from tests import make
from tests.cases.test_pages import post


def sent_to(organisation, ben, number, **fields):
    now = timezone.now()
    asked = {"made_by": ben, "made_at": now, "sent_at": now, "answer_due_at": now + timedelta(days=7)}
    person = make.resident(f"Person {number}")
    return make.referral(to=organisation, resident=person, **{**asked, **fields})


def test_a_partner_says_of_several_that_they_have_them(sign_in, ela, ben):
    found = [sent_to(ela.organisation, ben, number, shared_name=f"Person {number}") for number in range(3)]
    other = sent_to(make.organisation("Another"), ben, 9, shared_name="Not theirs")
    picked = [one.reference for one in found[:2]]
    client = sign_in(ela)
    asked = "/inbox/several?" + "&".join(f"pick={one}" for one in [*picked, other.reference])
    page = client.get(asked).content.decode()
    assert "You have 2 referrals" in page and "Person 1" in page and "Not theirs" not in page
    assert post(client, "/inbox/several", pick=picked).status_code == 302
    assert Referral.objects.filter(status="received").count() == 2
    assert post(client, "/inbox/several", pick=[found[2].reference, other.reference]).status_code == 302
    found[2].refresh_from_db()
    assert found[2].status == "sent"


def test_several_partners_who_are_silent_are_asked_again(sign_in, ben, dev):
    there, now = make.organisation("Harbour Two"), timezone.now()
    late = {"answer_due_at": now - timedelta(days=2), "unanswered_at": now - timedelta(days=1)}
    found = [sent_to(there, ben, number, **late) for number in range(2)]
    client = sign_in(ben)
    assert "Ask again those who have not answered" in client.get("/referrals").content.decode()
    page = client.get("/referrals/chase").content.decode()
    assert ("Person 0, to Harbour Two" in page and "1 day late" in page) or "2 days late" in page
    assert post(client, "/referrals/chase", pick=[one.reference for one in found]).status_code == 302
    assert not Referral.objects.filter(answer_due_at__lt=now).exists()
    assert "Nobody owes you an answer" in client.get("/referrals/chase").content.decode()


def test_of_several_all_are_asked_again_or_none(ben):
    there, now = make.organisation("Harbour Two"), timezone.now()
    silent = sent_to(there, ben, 1, answer_due_at=now - timedelta(days=2), unanswered_at=now)
    fresh = sent_to(there, ben, 2)
    with pytest.raises(ValidationError, match=fresh.reference):
        actions.chase_several([silent, fresh], by=ben, at=now)
    silent.refresh_from_db()
    assert silent.unanswered_at is not None

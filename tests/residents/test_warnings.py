"""A warning is proposed, agreed, shown, reviewed, and ends by itself on its day."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from ledger.moves import InvalidMove
from residents import actions
from residents.identity import identity_of
from residents.models import Involvement, Warning
from tests import make


@pytest.fixture
def amina(finn):
    return make.resident()


def given(**more):
    now = timezone.now()
    return {"kind": "disclosure", "text": "Do not reveal the address to her brother", "at": now} | {
        "review_on": timezone.localdate() + timedelta(days=90),
        **more,
    }


def names_of(user, person):
    return list(Warning.objects.visible_to(user).filter(resident=person).values_list("status", flat=True))


def test_a_proposal_shows_to_whom_it_must_and_stands_once_agreed(amina, finn, ben, cath, dev, sign_in):
    proposal = actions.add_warning(amina, by=finn, **given(evidence="She said so on the phone"))
    today = timezone.localdate()
    assert proposal.status == "proposed" and proposal.decided_by is None
    assert not amina.warnings.in_force().exists() and identity_of(amina, today)["warnings"] == []
    assert [names_of(one, amina) for one in (finn, dev, ben, cath)] == [["proposed"], ["proposed"], [], []]
    Involvement.objects.create(resident=amina, kind="lead", user=ben, what="Leads", since=today)
    assert names_of(ben, amina) == ["proposed"]
    assert (
        "Proposed, not yet agreed"
        in sign_in(ben).get(reverse("residents:resident", args=[amina.reference])).content.decode()
    )
    assert (
        "her brother" not in sign_in(cath).get(reverse("residents:resident", args=[amina.reference])).content.decode()
    )
    page = reverse("residents:answer_warning", args=[amina.reference, proposal.pk])
    assert sign_in(dev).post(page, {"answer": "refuse", "because": ""}).status_code == 200
    assert sign_in(dev).post(page, {"answer": "agree"}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by) == ("agreed", dev)
    who = identity_of(amina, today)
    assert who["warnings"][0]["text"] == "Disclosure risk" and "her brother" in who["facts"][0]["value"]
    with pytest.raises(InvalidMove):
        actions.refuse_warning(proposal, because="No", by=dev, at=timezone.now())


def test_a_refusal_says_why_to_its_author(amina, finn, cath, dev):
    proposal = actions.add_warning(amina, by=finn, **given())
    refused = actions.refuse_warning(proposal, because="It rests on hearsay", by=dev, at=timezone.now())
    assert refused.refused_because == "It rests on hearsay"
    assert names_of(finn, amina) == ["refused"] and names_of(cath, amina) == []
    assert actions.add_warning(amina, by=dev, **given()).status == "agreed"


def test_it_ends_by_itself_on_its_day_and_is_shown_as_ended(amina, dev, sign_in):
    today = timezone.localdate()
    warning = actions.add_warning(amina, by=dev, **given(kind="order", expires_on=today + timedelta(days=1)))
    assert amina.warnings.in_force(today).exists() and not amina.warnings.in_force(today + timedelta(days=1)).exists()
    Warning.objects.filter(pk=warning.pk).update(expires_on=today)
    assert identity_of(amina, today)["warnings"] == []
    page = sign_in(dev).get(reverse("residents:warnings", args=[amina.reference])).content.decode()
    assert "by itself" in page and "Ended" in page
    actions.add_warning(amina, by=dev, **given(kind="order"))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"review_on": timezone.localdate() + timedelta(days=400)}, "within 12 months"),
        ({"expires_on": timezone.localdate()}, "in the future"),
        ({"told": "no"}, "why they were not told"),
        ({"told": "yes", "told_on": timezone.localdate() + timedelta(days=2)}, "in the past"),
    ],
)
def test_what_is_refused(amina, dev, more, words):
    with pytest.raises(ValidationError, match=words):
        actions.add_warning(amina, by=dev, **given(**more))

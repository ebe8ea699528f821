"""Restricted records are looked at again: by those who are named, and by reference alone for other managers."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cases import safety_due
from ledger.acting import acting_as
from residents import actions
from residents.models import Restriction, Warning
from tests import make


@pytest.fixture
def mona(system):
    return make.user("Mona Reid", Role.MANAGER, teams=[make.team("Homes and money")])


def restrict(dev):
    amina = make.resident("Amina Hidden")
    with acting_as(dev):
        return actions.restrict_resident(
            amina, named=[], category="high_risk", reason="Refuge", by=dev, at=timezone.now()
        )


def test_it_is_reviewed_within_90_days_by_who_is_named(dev, mona, ben):
    amina, today = restrict(dev), timezone.localdate()
    with acting_as(dev):
        row = Restriction.objects.visible_to(dev).get()
        assert (row.review_on, row.category) == (today + timedelta(days=90), "high_risk")
        assert safety_due.work_for(dev, timezone.now()) == []
        Restriction.objects.filter(pk=row.pk).update(review_on=today)
        assert [one.reference for one in safety_due.work_for(dev, timezone.now())] == [amina.reference]
        kept = actions.keep_restriction(
            row, seen=1, category="high_risk", reason="Still there", by=dev, at=timezone.now()
        )
        assert kept.review_on == today + timedelta(days=90) and safety_due.work_for(dev, timezone.now()) == []
        actions.lift_restriction(amina, by=dev, at=timezone.now())
        with pytest.raises(ValidationError, match="lifted"):
            actions.keep_restriction(kept, seen=2, category="high_risk", reason="x", by=dev, at=timezone.now())
    for other in (mona, ben):
        with acting_as(other):
            assert not Restriction.objects.visible_to(other).exists()


def test_a_manager_who_is_not_named_reads_the_reference_and_whom_to_ask(dev, mona, ben, sign_in):
    amina, page = restrict(dev), reverse("residents:restrictions")
    said = sign_in(mona).get(page).content.decode()
    assert amina.reference in said and "Dev Patel" in said and "Amina Hidden" not in said and "Refuge" not in said
    assert reverse("residents:keep_restriction", args=[amina.reference]) not in said
    assert reverse("residents:keep_restriction", args=[amina.reference]) in sign_in(dev).get(page).content.decode()
    assert sign_in(ben).get(page).status_code == 403
    assert sign_in(dev).get(page + "?after=nonsense").status_code == 200


def test_warnings_come_up_for_the_manager_who_answers_or_agreed(dev, mona, ben):
    amina, now = make.resident(), timezone.now()
    soon = timezone.localdate() + timedelta(days=3)
    about = {"text": "x", "review_on": soon, "at": now}
    actions.add_warning(amina, kind="staff", by=ben, **about)
    actions.add_warning(amina, kind="self", by=dev, **about)
    assert sorted(one.kind for one in safety_due.work_for(dev, now)) == ["proposal", "warning"]
    assert safety_due.work_for(mona, now) == [] and safety_due.work_for(ben, now) == []
    Warning.objects.update(expires_on=timezone.localdate())
    assert [one.kind for one in safety_due.work_for(dev, now)] == ["proposal"]

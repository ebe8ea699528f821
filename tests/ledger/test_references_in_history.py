"""A record that changes twice keeps both of its old forms under one reference."""

import pytest

from accounts.models import User
from tests import make


@pytest.mark.django_db
def test_a_record_can_change_more_than_once(as_owner, ben):
    for name in ("Ben O", "Ben Osei", "Benjamin Osei"):
        User.objects.filter(pk=ben.pk).update(name=name)
    with as_owner():
        assert User._meta.apps.get_model("accounts", "UserHistory").objects.filter(reference=ben.reference).count() == 3


@pytest.mark.django_db
def test_a_reference_stands_for_one_record_only(system):
    first = make.resident("Amina Okafor")
    assert type(first)._meta.get_field("reference").unique
    assert not type(first)._meta.apps.get_model("residents", "ResidentHistory")._meta.get_field("reference").unique

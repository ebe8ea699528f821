"""Rows of several tables in one question are the rows that Django would have fetched one list after another."""

from django.utils import timezone

from ledger.gathered import gather
from residents.models import Involvement, Warning
from tests import make


def test_gathered_rows_are_those_of_the_querysets(ben, system, django_assert_num_queries):
    person = make.resident("Amina Okafor")
    home = make.household(person, make.resident("Chidi Okafor"))
    Involvement.objects.create(resident=person, kind="lead", user=ben, what="Case", since=make.TODAY)
    Warning.objects.create(resident=person, kind="staff", text="“x”\n", added_at=make.NOON, review_on=make.TODAY)

    with django_assert_num_queries(1):
        found = gather(
            person,
            warnings=person.warnings.all(),
            phones=person.phones.all(),
            working=person.involvements.only("what", "since", "user__name", "team__name"),
            members=home.memberships.only("since", "resident__name").order_by("-resident__name"),
        )
        warning, working = found["warnings"][0], found["working"][0]
        assert (warning.text, warning.added_at, warning.review_on) == ("“x”\n", make.NOON, make.TODAY)
        assert (working.what, working.user.name, working.team) == ("Case", ben.name, None)
        assert [one.resident.name for one in found["members"]] == ["Chidi Okafor", "Amina Okafor"]
        assert found["phones"] == [] and found["members"][1].since <= timezone.localdate()
    assert warning == person.warnings.get() and working.kind == "lead"

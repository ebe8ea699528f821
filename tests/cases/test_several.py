"""Several at a time: decisions to one lead, the cases of somebody who is away; each named before, all or none."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cases import actions
from cases.models import Case
from residents.models import ChronologyEntry
from tests import make
from tests.cases.test_pages import post

PICK = {"once": ""}


def decided(count):
    people = [make.resident(f"Person {number}") for number in range(count)]
    return [make.decision(make.contact(one), household=make.household(one)) for one in people]


def where(name, references):
    return f"{reverse(name)}?" + "&".join(f"pick={one}" for one in references)


def test_several_decisions_go_to_one_lead_after_a_page_that_names_each(sign_in, dev, ben):
    found = decided(3)
    picked = [one.reference for one in found[:2]]
    client = sign_in(dev)
    page = client.get(where("cases:allocate_several", picked)).content.decode()
    assert (
        "Give 2 decisions to one lead" in page and "Person 0" in page and "Person 1" in page and "Person 2" not in page
    )
    team = dev.teams.first()
    answer = post(client, where("cases:allocate_several", picked), pick=picked, lead=ben.pk, team=team.pk)
    assert answer.status_code == 302
    assert Case.objects.filter(lead=ben).count() == 2 and not Case.objects.filter(decision=found[2]).exists()


def test_of_several_decisions_all_are_opened_or_none(dev, ben):
    first, second = decided(2)
    second = make.decision(second.contact, household=first.household)
    with pytest.raises(ValidationError, match=second.reference):
        actions.open_cases([first, second], lead=ben, team=dev.teams.first(), by=dev, at=timezone.now())
    assert not Case.objects.exists()


def test_what_may_not_be_seen_cannot_be_picked(sign_in, dev, ben):
    hidden = make.restricted_resident()
    secret = make.decision(make.contact(hidden), household=make.household(hidden))
    (open_one,) = decided(1)
    client, picked = sign_in(dev), [open_one.reference, secret.reference]
    assert hidden.name not in client.get(where("cases:allocate_several", picked)).content.decode()
    sent = {"pick": picked, "lead": ben.pk, "team": dev.teams.first().pk}
    assert "One of these has changed" in post(client, reverse("cases:allocate_several"), **sent).content.decode()
    assert not Case.objects.exists()


def test_the_cases_of_somebody_who_is_away_go_to_another_but_for_those_left_out(sign_in, dev, ben):
    at = timezone.now() - timedelta(days=3)
    cases = [
        make.case(lead=ben, household=make.household(make.resident(f"Person {n}")), opened_at=at) for n in range(3)
    ]
    lin = make.user("Lin Chow", Role.CASEWORKER, teams=[ben.teams.first()])
    client, page = sign_in(dev), f"{reverse('cases:hand_over')}?from={ben.reference}"
    shown = client.get(page).content.decode()
    assert all(case.reference in shown for case in cases)
    picked = [case.reference for case in cases[:2]]
    sent = {"pick": picked, "lead": lin.pk, "team": ben.teams.first().pk}
    assert "Enter" in post(client, page, **sent).content.decode()  # the reason is missing
    assert post(client, page, **sent, reason="Ben is on leave").status_code == 302
    assert {case.reference for case in Case.objects.filter(lead=lin)} == set(picked)
    assert ChronologyEntry.objects.filter(verb="cases.reallocate").count() == 2


def test_a_manager_passes_on_only_cases_of_their_teams(sign_in, dev, cath, ben):
    other = make.case(lead=cath)
    sent = {"pick": [other.reference], "lead": ben.pk, "team": ben.teams.first().pk, "reason": "x"}
    assert "One of these has changed" in post(sign_in(dev), reverse("cases:hand_over"), **sent).content.decode()
    other.refresh_from_db()
    assert other.lead_id == cath.pk


def test_the_list_says_what_comes_next_and_leads_back_to_itself(sign_in, ben):
    today = timezone.localdate()
    late = make.case(lead=ben, opened_at=timezone.now(), review_due_on=today - timedelta(days=2))
    client = sign_in(ben)
    page = client.get("/cases?whose=mine&late=on").content.decode()
    assert (
        "2 days late" in page
        and "Hold the review" in page
        and '<th scope="col" class="govuk-table__header">Lead' not in page
    )
    assert f"/cases/{late.reference}?list=whose%3Dmine%26late%3Don" in page
    inside = client.get(f"/cases/{late.reference}?list=whose%3Dmine%26late%3Don%26next%3Dhttps%3A%2F%2Fevil.example")
    assert f'href="/cases?whose=mine&amp;late=on#{late.reference}"' in inside.content.decode()
    assert "evil" not in inside.content.decode()


def test_the_story_is_told_by_month_and_filtered(sign_in, ben):
    now = timezone.now()
    case = make.case(lead=ben, opened_at=now - timedelta(days=90))
    for days in (1, 40, 80):
        kept = {"kind": "call", "text": f"Spoke {days}", "happened_at": now - timedelta(days=days)}
        actions.write_note(case, **kept, significant=days == 40, by=ben, at=now)
    client, here = sign_in(ben), reverse("cases:story", args=[case.reference])
    page = client.get(here).content.decode()
    assert "Spoke 1" in page and f"{timezone.localtime(now - timedelta(days=80)):%B %Y}" in page
    page = client.get(here + "?kind=notes&significant=on").content.decode()
    assert "Spoke 40" in page and "Spoke 80" not in page
    for odd in ("?before=x", "?kind=nonsense", "?person=CS-1", "?agency=CS-1", "?before=99999999999999999-1"):
        assert client.get(here + odd).status_code == 200


def test_two_hundred_notes_are_paged_by_place_and_each_is_told_once(sign_in, ben):
    now = timezone.now()
    case = make.case(lead=ben, opened_at=now - timedelta(days=400))
    case.notes.model.objects.bulk_create(
        case.notes.model(
            case=case,
            kind="call",
            text="We spoke. " * 60,
            happened_at=now - timedelta(days=n // 2),
            written_at=now,
            by=ben,
        )
        for n in range(200)
    )
    client, seen = sign_in(ben), []
    page = client.get(reverse("cases:notes", args=[case.reference]))
    while True:
        assert len(page.content) < 60_000
        seen += [row["note"].pk for month in page.context["months"] for row in month["entries"]]
        if not page.context["older"]:
            break
        page = client.get(page.context["older"].partition("#")[0])
    assert len(seen) == len(set(seen)) == 200
    filtered = client.get(reverse("cases:notes", args=[case.reference]) + "?kind=visit")
    assert "No note fits this filter" in filtered.content.decode()

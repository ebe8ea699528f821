"""What an administrator may do, and what bites at once."""

import re
from datetime import time

import pytest
from django.core.exceptions import ValidationError

from accounts import actions
from accounts.models import Role, Team, User
from ledger import acting, trail
from ledger.models import AuditEvent
from ledger.versions import StaleVersion
from tests import make


def test_a_new_account_has_no_password_and_stands_in_the_trail(ada, gus):
    team = make.team("Family help")
    with acting.acting_as(ada):
        user = actions.add_user(
            email="New.Person@Example.org",
            name="New Person",
            role=Role.CASEWORKER,
            organisation=make.council(),
            teams=[team],
            by=ada,
        )
    assert (
        user.email == "new.person@example.org" and not user.has_usable_password() and list(user.teams.all()) == [team]
    )
    with acting.acting_as(gus):
        assert AuditEvent.objects.get(verb="add_user").person_id == ada.pk


@pytest.mark.parametrize("role", [Role.PARTNER, Role.CASEWORKER])
def test_partners_work_for_partners_and_the_rest_for_the_council(ada, role):
    wrong = make.council() if role == Role.PARTNER else make.organisation()
    with acting.acting_as(ada), pytest.raises(ValidationError, match="A partner’s people"):
        actions.add_user(email="x@example.org", name="X", role=role, organisation=wrong, by=ada)


def test_a_closed_account_is_out_at_the_next_click(ada, finn, client):
    client.force_login(finn)
    assert client.get("/people").status_code == 403  # signed in, wrong role
    with acting.acting_as(ada):
        actions.end_account(finn, seen=finn.version, by=ada)
    answer = client.get("/people")
    assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]


def test_a_changed_role_bites_at_the_next_click(ada, gus, client):
    client.force_login(gus)
    assert client.get("/trail").status_code == 200
    with acting.acting_as(ada):
        actions.change_user(
            gus,
            seen=gus.version,
            name=gus.name,
            role=Role.ADMINISTRATOR,
            organisation=gus.organisation,
            teams=[],
            duty_manager=False,
            by=ada,
        )
    assert client.get("/trail").status_code == 403


def test_nobody_changes_their_own_role_or_closes_their_own_account(ada):
    with acting.acting_as(ada):
        with pytest.raises(ValidationError, match="your own role"):
            actions.change_user(
                ada,
                seen=ada.version,
                name=ada.name,
                role=Role.MANAGER,
                organisation=ada.organisation,
                teams=[],
                duty_manager=False,
                by=ada,
            )
        with pytest.raises(ValidationError, match="your own account"):
            actions.end_account(ada, seen=ada.version, by=ada)


def test_the_second_of_two_administrators_is_told(ada, finn):
    with acting.acting_as(ada):
        actions.end_account(finn, seen=1, by=ada)
        with pytest.raises(StaleVersion):
            actions.reopen_account(finn, seen=1, by=ada)


def test_only_a_manager_is_a_duty_manager(ada, sign_in):
    form = {
        "email": "n@example.org",
        "name": "N",
        "role": "caseworker",
        "organisation": make.council().pk,
        "duty_manager": "on",
    }
    answer = sign_in(ada).post("/people/new", form)
    assert answer.status_code == 200 and "Only a manager can be a duty manager" in answer.content.decode()
    assert not User.objects.filter(email="n@example.org").exists()


def test_opening_hours_are_replaced_as_a_whole(ada):
    team = make.team("Evenings")
    with acting.acting_as(ada):
        actions.set_opening(team, hours={1: (time(12), time(20))}, by=ada)
        assert [(o.weekday, o.opens_at, o.closes_at) for o in Team.objects.get(pk=team.pk).openings.all()] == [
            (1, time(12), time(20))
        ]
        with pytest.raises(ValidationError, match="closes after it opens"):
            actions.set_opening(team, hours={1: (time(20), time(12))}, by=ada)


def test_half_an_opening_is_refused_in_words(ada, sign_in):
    team = make.team()
    answer = sign_in(ada).post(f"/teams/{team.reference}", {"opens_0": "9:00"})
    assert "Enter both times for Monday, or neither" in answer.content.decode()


@pytest.mark.parametrize("typed", ["9", "9:00", "9.00", "09:00", "9:00am"])
def test_times_are_read_as_people_write_them(ada, sign_in, typed):
    team = make.team()
    answer = sign_in(ada).post(f"/teams/{team.reference}", {"opens_0": typed, "closes_0": "17:00"})
    assert answer.status_code == 302, answer.content.decode()
    assert [o.opens_at for o in team.openings.all()] == [time(9)]


def test_a_name_with_hidden_characters_is_refused_and_kept(ada, sign_in):
    answer = sign_in(ada).post("/organisations", {"name": "Har\x00bour", "email": "a@b.example"})
    assert answer.status_code == 200 and "hidden control characters" in answer.content.decode()


def test_looking_into_the_trail_shows_who_opened_a_record(gus, finn, sign_in):
    person = make.resident()
    with acting.acting_as(finn):
        trail.opened(person, about=[person.reference], by=finn)
    page = sign_in(gus).get("/trail", {"record": person.reference.lower()}).content.decode()
    assert "Finn Archer" in page and person.reference in page and person.name not in page


def test_a_mistyped_reference_is_refused_in_words(gus, sign_in):
    page = sign_in(gus).get("/trail", {"record": "CS-1111-111"}).content.decode()
    assert "check each character" in page


def test_a_name_typed_into_the_trail_reaches_no_address(gus, finn, ben, sign_in):
    for person in (finn, ben):
        with acting.acting_as(person):
            trail.record("search", kind="residents.Resident", by=person)
    browser = sign_in(gus)
    answer = browser.post(
        "/trail", {"person": "finn arch", "what": "search", "since_0": "1", "since_1": "1", "since_2": "2020"}
    )
    assert answer.status_code == 302
    assert finn.reference in answer["Location"] and "inn" not in answer["Location"].replace(finn.reference, "")
    page = browser.get(answer["Location"]).content.decode()
    assert "Finn Archer" in page and "Ben Osei" not in page
    wrong = browser.post("/trail", {"person": "Nobody Here"}).content.decode()
    assert "Nobody of that name has an account" in wrong and "Nobody Here" in wrong


def test_two_people_of_one_name_are_told_apart(gus, finn, sign_in, system):
    other = make.user("Finn Archibald", Role.CASEWORKER)
    page = sign_in(gus).post("/trail", {"person": "Finn"}).content.decode()
    assert finn.reference in page and other.reference in page


def test_the_list_of_people_is_read_page_by_page_and_from_a_letter(ada, sign_in, system):
    for number in range(30):
        make.user(f"Zed Number {number:02}", Role.CASEWORKER)
    browser = sign_in(ada)
    first = browser.get("/people?from=z").content.decode()
    assert "Zed Number 24" in first and "Zed Number 25" not in first and f"/people/{ada.reference}" not in first
    after = re.search(r'href="(\?from=Z&amp;after=[^"]+)"', first).group(1).replace("&amp;", "&")
    second = browser.get(f"/people{after}").content.decode()
    assert "Zed Number 25" in second and "Zed Number 29" in second and "Zed Number 24" not in second

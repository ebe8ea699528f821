"""What may happen to the people we help."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Role
from ledger import acting
from ledger.fields import PartialDate
from ledger.models import AuditEvent
from ledger.versions import StaleVersion
from residents import actions
from residents.keys import number_of
from residents.models import (
    Agreement,
    Birth,
    ChronologyEntry,
    Household,
    Membership,
    Resident,
    ResidentAddress,
    SearchKey,
    Warning,
)
from tests import make

TODAY = make.TODAY


def story(resident):
    return list(resident.chronology.values_list("heading", flat=True))


def trail_of(as_owner, verb):
    with as_owner():
        return list(AuditEvent.objects.filter(verb=verb))


def register(finn, **fields):
    return actions.register_resident(**{"name": "Amina Okafor", "by": finn, "at": make.NOON, **fields})


def test_registering_needs_only_a_name(finn, as_owner):
    amina = register(finn)

    assert (amina.birth, amina.born_on) == (Birth.UNKNOWN, None)
    assert story(amina) == ["Record begun"]
    assert trail_of(as_owner, "register_resident")[0].about == [amina.reference]
    assert SearchKey.objects.filter(resident=amina, key=number_of(f"r:{amina.reference}")).exists()


def test_a_name_of_blanks_is_refused(finn):
    with pytest.raises(ValidationError, match="as they give it"):
        register(finn, name="  \n ")


@pytest.mark.parametrize(
    ("born", "estimated", "day", "birth"),
    [
        (PartialDate(1984, 5, 17), False, date(1984, 5, 17), Birth.FULL),
        (PartialDate(1984, 5), False, date(1984, 5, 1), Birth.MONTH),
        (PartialDate(1984), False, date(1984, 1, 1), Birth.YEAR),
        (PartialDate(1984), True, date(1984, 1, 1), Birth.ESTIMATED),
        (PartialDate(), False, None, Birth.UNKNOWN),
    ],
)
def test_a_date_of_birth_may_be_known_in_part(finn, born, estimated, day, birth):
    amina = register(finn, born=born, born_estimated=estimated)
    assert (amina.born_on, amina.birth) == (day, birth)


def test_an_estimate_needs_a_year(finn):
    with pytest.raises(ValidationError, match="at least a year"):
        register(finn, born=PartialDate(), born_estimated=True)


def test_details_change_by_the_version_that_was_seen(finn):
    amina = register(finn)
    changed = actions.change_details(amina, seen=1, by=finn, name="Amina Bello", language="Yoruba")

    assert (changed.name, changed.version) == ("Amina Bello", 2)
    assert "Details changed: name, language" in story(amina)
    with pytest.raises(StaleVersion):
        actions.change_details(amina, seen=1, by=finn, name="Amina B")


def test_saving_what_is_there_already_changes_nothing(finn):
    amina = register(finn)
    assert actions.change_details(amina, seen=1, by=finn, name="Amina Okafor").version == 1
    assert story(amina) == ["Record begun"]


def test_nobody_dies_before_they_are_born(finn):
    amina = register(finn, born=PartialDate(1984, 5, 17))
    with pytest.raises(ValidationError, match="after the date of birth"):
        actions.change_details(amina, seen=1, by=finn, died_on=date(1984, 5, 16))


def test_a_death_is_a_significant_event(finn):
    amina = register(finn, born=PartialDate(1984, 5, 17))
    actions.change_details(amina, seen=1, by=finn, died_on=date(2026, 1, 2))
    assert amina.chronology.get(verb="record_death").significant


def test_a_phone_is_kept_in_international_form_and_is_not_safe_by_itself(finn):
    amina = register(finn)
    phone = actions.add_phone(amina, number="07700 900 123", by=finn)

    assert phone.number == "+447700900123"
    assert not (phone.safe_to_call or phone.safe_to_text or phone.safe_to_leave_message)
    with pytest.raises(ValidationError, match="already"):
        actions.add_phone(amina, number="+44 7700 900123", by=finn)


@pytest.mark.parametrize("number", ["ring me", "123", "0" * 30, "😀", "٠٧٧"])
def test_what_is_no_phone_number_is_refused_in_words(finn, number):
    with pytest.raises(ValidationError, match="Enter a phone number"):
        actions.add_phone(register(finn), number=number, by=finn)


def test_what_is_safe_with_a_phone_changes_by_version(finn):
    amina = register(finn)
    phone = actions.add_phone(amina, number="07700 900123", safe_to_call=True, by=finn)
    safer = actions.change_phone(
        phone, seen=1, safe_to_call=False, safe_to_text=True, safe_to_leave_message=False, note="After 6pm", by=finn
    )
    assert (safer.safe_to_call, safer.safe_to_text, safer.note) == (False, True, "After 6pm")
    with pytest.raises(StaleVersion):
        actions.change_phone(phone, seen=1, safe_to_call=True, safe_to_text=True, safe_to_leave_message=True, by=finn)


def test_a_phone_ends_once_and_may_come_back(finn):
    amina = register(finn)
    phone = actions.end_phone(actions.add_phone(amina, number="07700 900123", by=finn), by=finn)
    with pytest.raises(ValidationError, match="ended already"):
        actions.end_phone(phone, by=finn)
    actions.add_phone(amina, number="07700900123", by=finn)
    assert amina.phones.count() == 2


def test_emails_are_told_apart_without_regard_to_case(finn):
    amina = register(finn)
    email = actions.add_email(amina, address="Amina@example.org", safe_to_write=True, by=finn)
    with pytest.raises(ValidationError, match="already"):
        actions.add_email(amina, address="amina@EXAMPLE.org", by=finn)
    assert actions.change_email(email, seen=1, safe_to_write=False, by=finn).safe_to_write is False
    assert actions.end_email(email, by=finn).until is not None
    with pytest.raises(ValidationError, match="has ended"):
        actions.change_email(email, seen=2, safe_to_write=True, by=finn)


def test_moving_ends_the_former_home_but_not_the_care_of_address(finn):
    amina = register(finn)
    first = actions.move_to(amina, lines="12 Heathway\nDagenham", postcode="rm107ab", since=date(2020, 1, 1), by=finn)
    actions.record_care_of(amina, care_of="Her aunt", lines="1 Ripple Road", since=date(2021, 1, 1), by=finn)
    second = actions.move_to(amina, lines="3 Abbey Road", postcode="IG11 7AB", since=date(2022, 1, 1), by=finn)
    first.refresh_from_db()

    assert (first.address.lines, first.address.postcode) == ("12 Heathway, Dagenham", "RM10 7AB")
    assert (first.until, second.until) == (date(2022, 1, 1), None)
    kinds = amina.addresses.filter(until=None).values_list("kind", flat=True)
    assert set(kinds) == {"home", "care_of"}


def test_no_fixed_abode_ends_the_home(finn):
    amina = register(finn)
    actions.move_to(amina, lines="12 Heathway", since=date(2020, 1, 1), by=finn)
    actions.record_no_fixed_abode(amina, since=date(2024, 1, 1), by=finn)
    assert amina.addresses.get(until=None).kind == ResidentAddress.Kind.NO_FIXED_ABODE


def test_nobody_moves_before_they_moved_in(finn):
    amina = register(finn)
    actions.move_to(amina, lines="12 Heathway", since=date(2020, 1, 1), by=finn)
    with pytest.raises(ValidationError, match="1 January 2020 or later"):
        actions.move_to(amina, lines="3 Abbey Road", since=date(2019, 1, 1), by=finn)


def test_a_wrong_postcode_or_uprn_is_refused_in_words(finn):
    amina = register(finn)
    with pytest.raises(ValidationError, match="full UK postcode"):
        actions.move_to(amina, lines="12 Heathway", postcode="RM10", by=finn)
    with pytest.raises(ValidationError, match="1 to 12 digits"):
        actions.move_to(amina, lines="12 Heathway", uprn="1" * 13, by=finn)


def test_people_at_one_address_share_the_place(finn):
    one = actions.move_to(register(finn), lines="12 Heathway", postcode="RM10 7AB", by=finn)
    other = actions.move_to(register(finn, name="Chidi"), lines="12 heathway", postcode="rm10 7ab", by=finn)
    assert one.address == other.address


def test_a_household_is_made_when_there_is_none(finn):
    amina = register(finn)
    assert actions.household_of(amina, TODAY) is None
    home = actions.household_of(amina, TODAY, create=True, by=finn)
    assert actions.household_of(amina, TODAY, create=True, by=finn) == home
    assert home.memberships.get().resident == amina


def test_joining_leaves_the_present_household_unless_someone_lives_in_both(finn):
    amina, chidi = register(finn), register(finn, name="Chidi Okafor")
    first = actions.household_of(amina, date(2020, 1, 1), create=True, by=finn)
    alone = actions.household_of(chidi, date(2020, 1, 1), create=True, by=finn)
    actions.join_household(chidi, household=first, part="child", since=date(2021, 1, 1), by=finn)

    assert actions.household_of(chidi, date(2020, 6, 1)) == alone
    assert actions.household_of(chidi, TODAY) == first
    assert "Someone joined the household" in story(amina)
    with pytest.raises(ValidationError, match="already"):
        actions.join_household(chidi, household=first, by=finn)
    second = make.household(make.resident("Father"))
    actions.join_household(chidi, household=second, part="child", leave_present=False, by=finn)
    assert chidi.memberships.filter(until=None).count() == 2


def test_leaving_has_its_day_and_happens_once(finn):
    amina = register(finn)
    actions.household_of(amina, date(2020, 1, 1), create=True, by=finn)
    membership = amina.memberships.get()
    with pytest.raises(ValidationError, match="they joined then"):
        actions.leave_household(membership, on=date(2019, 1, 1), by=finn)
    assert actions.leave_household(membership, on=date(2021, 1, 1), by=finn).until == date(2021, 1, 1)
    with pytest.raises(ValidationError, match="left this household already"):
        actions.leave_household(membership, by=finn)


def test_starting_a_new_household_splits_the_old_one(finn):
    amina, chidi = register(finn), register(finn, name="Chidi")
    old = make.household(amina, chidi)
    new = actions.start_household(chidi, since=date(2026, 1, 1), by=finn)
    assert [m.resident for m in new.memberships.all()] == [chidi]
    assert old.memberships.get(until=None).resident == amina


def test_a_hidden_household_counts_as_none(finn, ben):
    amina = make.resident()
    hidden = make.household(amina, make.restricted_resident(named=[ben]))
    with acting.acting_as(finn):
        assert actions.household_of(amina, TODAY) is None
        assert actions.household_of(amina, TODAY, create=True, by=finn) != hidden
    with acting.acting_as(ben):
        assert set(Household.objects.values_list("pk", flat=True)) >= {hidden.pk}


def test_the_others_are_not_told_of_a_restricted_person(ben, finn):
    amina, rosa = make.resident(), make.restricted_resident(named=[ben])
    home = make.household(amina)
    with acting.acting_as(ben):
        actions.join_household(rosa, household=home, by=ben)
    assert story(amina) == []
    assert "Joined a household" in story(rosa)


def test_only_a_manager_agrees_to_a_warning(finn, ben, dev):
    amina = make.resident()
    warn = {
        "kind": Warning.Kind.STAFF,
        "text": "Visit in pairs",
        "review_on": TODAY + timedelta(days=90),
        "at": make.NOON,
    }
    warning = actions.add_warning(amina, by=dev, **warn)
    for verb in (actions.agree_warning, actions.review_warning, actions.end_warning):
        given = {"seen": 1} if verb is not actions.agree_warning else {}
        given |= {"text": "x", "review_on": TODAY} if verb is actions.review_warning else {}
        with pytest.raises(ValidationError, match="Only a manager"):
            verb(warning, by=ben, at=make.NOON, **given)
    with pytest.raises(ValidationError, match="already"):
        actions.add_warning(amina, by=dev, **warn)
    reviewed = actions.review_warning(
        warning, seen=1, text="Visit in pairs, ring first", review_on=TODAY + timedelta(days=180), by=dev, at=make.NOON
    )
    with pytest.raises(StaleVersion):
        actions.end_warning(warning, seen=1, by=dev, at=make.NOON)
    assert actions.end_warning(warning, seen=reviewed.version, by=dev, at=make.NOON).ended_on
    assert story(amina)[0] == "Warning ended: Risk to staff"
    assert "pairs" not in " ".join(story(amina))


def agree(resident, organisation, by, **fields):
    return actions.record_agreement(
        resident,
        organisation=organisation,
        purpose="Food parcels",
        shared="Name and phone",
        by=by,
        **{"basis": Agreement.Basis.AGREED, "since": TODAY, "at": make.NOON, **fields},
    )


def test_an_agreement_holds_until_it_is_withdrawn(finn, ela):
    amina = make.resident()
    agreement = agree(amina, ela.organisation, finn)
    assert amina.agreements.live(TODAY).count() == 1
    actions.withdraw_agreement(agreement, seen=1, by=finn, at=make.NOON)
    assert amina.agreements.live(TODAY).count() == 0
    with pytest.raises(ValidationError, match="withdrawn already"):
        actions.withdraw_agreement(Agreement.objects.get(), seen=2, by=finn, at=make.NOON)


def test_sharing_without_agreement_needs_a_reason_and_a_manager(finn, dev, ela):
    amina, basis = make.resident(), Agreement.Basis.SAFEGUARDING
    with pytest.raises(ValidationError, match="why we share"):
        agree(amina, ela.organisation, finn, basis=basis, authorised_by=dev)
    with pytest.raises(ValidationError, match="manager who authorised"):
        agree(amina, ela.organisation, finn, basis=basis, reason="Risk of harm", authorised_by=finn)
    done = agree(amina, ela.organisation, finn, basis=basis, reason="Risk of harm", authorised_by=dev)
    assert done.authorised_by == dev


def test_a_manager_restricts_and_keeps_the_way_in(dev, ben, finn, cath):
    amina = make.resident()
    with acting.acting_as(dev):
        actions.restrict_resident(amina, named=[ben], reason="Works here", by=dev, at=timezone.now())
        assert Resident.objects.visible_to(dev).filter(pk=amina.pk).exists()
    for person, sees in ((ben, True), (finn, False), (cath, False)):
        with acting.acting_as(person):
            assert Resident.objects.filter(pk=amina.pk).exists() is sees
            assert Resident.objects.visible_to(person).filter(pk=amina.pk).exists() is sees


def test_nobody_but_a_manager_restricts(ben):
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.restrict_resident(make.resident(), named=[], reason="x", by=ben, at=make.NOON)


def test_lifting_opens_the_record_and_ends_the_grants(dev, ben, finn):
    amina = make.resident()
    with acting.acting_as(dev):
        restricted = actions.restrict_resident(amina, named=[ben], reason="Works here", by=dev, at=timezone.now())
        actions.lift_restriction(restricted, by=dev, at=timezone.now())
    assert not amina.access_grants.live().exists()
    with acting.acting_as(finn):
        assert Resident.objects.filter(pk=amina.pk).exists()


def test_a_manager_must_stay_named(dev, ben, finn, ela):
    amina = make.resident()
    other = make.user("Mia Grant", Role.MANAGER)
    with acting.acting_as(dev):
        amina = actions.restrict_resident(amina, named=[ben], reason="Works here", by=dev, at=timezone.now())
        own = amina.access_grants.get(user=dev)
        with pytest.raises(ValidationError, match="At least one manager"):
            actions.end_access(own, by=dev, at=timezone.now())
        with pytest.raises(ValidationError, match="Only front door staff"):
            actions.grant_access(amina, user=ela, reason="x", by=dev, at=timezone.now())
        actions.grant_access(amina, user=other, reason="Covers for Dev", by=dev, at=timezone.now())
        actions.end_access(own, by=dev, at=make.NOON)  # of old: “until now” still holds for the rest of a transaction
        assert not Resident.objects.filter(pk=amina.pk).exists()
    with acting.acting_as(other):
        assert Resident.objects.filter(pk=amina.pk).exists()


def test_whoever_looks_after_a_restricted_record_hears_of_its_twin_and_nobody_else(finn, ben):
    rosa = make.restricted_resident("Rosa Hidden", named=[ben], born_on=date(1990, 2, 3))
    with acting.acting_as(finn):
        twin = register(finn, name="Rosa Hiden", born=PartialDate(1990, 2, 3))
        other = register(finn, name="Tom Baker", born=PartialDate(1990, 2, 3))
        assert story(twin) == ["Record begun"] and story(other) == ["Record begun"]
        assert not ChronologyEntry.objects.filter(verb="notice_twin").exists()
    assert [entry.reference for entry in rosa.chronology.filter(verb="notice_twin")] == [twin.reference]


def test_membership_rows_say_the_part(finn):
    amina = register(finn)
    actions.start_household(amina, part=Membership.Part.PARENT, by=finn)
    assert amina.memberships.get().get_part_display() == "Parent or carer"

"""Whatever changes a figure marks its month: one row or many, the ORM or raw SQL, on time or late."""

import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from cases.models import Case, IncomeGain, Placement
from intake.models import Contact, ContactNeed
from referrals.models import Referral
from reporting import actions
from reporting.measures import MEASURES
from reporting.models import Reading, TouchedMonth
from reporting.months import ending_at, kept, month_of
from tests import make
from tests.reporting.worlds import World
from triage.models import Decision, SafeguardingEpisode

DAY = timedelta(days=1)
Work = TouchedMonth.Kind


def now():
    return datetime.now(UTC)


def present():
    return month_of(now())


def figures():
    months = ending_at(present(), 40)
    return {(one.key, *row[:2]): row[2:] for one in MEASURES for row in one.readings(months)}


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


def contact_of(world):
    return world.any.choice(world.contact_rows)


# Each changes the work in some way: by the ORM in bulk, or by raw SQL as a repair at night would.
CHANGES = {
    "contacts move": lambda w: Contact.objects.filter(pk=contact_of(w).pk).update(
        received_at=F("received_at") - 40 * DAY
    ),
    "contacts begin sooner": lambda w: Contact.objects.update(received_at=F("received_at") - 3 * DAY),
    "contacts in bulk": lambda w: Contact.objects.update(channel="web", outcome="resolved"),
    "one contact in SQL": lambda w: sql("UPDATE intake_contact SET outcome = 'advice' WHERE outcome = 'resolved'"),
    "another household": lambda w: Contact.objects.update(household=w.homes[0]),
    "a new contact": lambda w: make.contact(w.people[0], needs=["food"], received_at=w.moment() - DAY),
    "needs go": lambda w: ContactNeed.objects.filter(contact__outcome="resolved", need=w.needs[0]).delete(),
    "needs come": lambda w: ContactNeed.objects.bulk_create(
        [ContactNeed(contact=one, need=w.needs[1]) for one in w.contact_rows], ignore_conflicts=True
    ),
    "decisions move": lambda w: Decision.objects.filter(pk__in=[one.pk for one in w.decision_rows[:5]]).update(
        made_at=F("made_at") - 100 * DAY
    ),
    "decisions change tier": lambda w: sql("UPDATE triage_decision SET chosen_tier = 6 - chosen_tier"),
    "a late decision": lambda w: make.decision(
        contact_of(w), household=w.homes[0], made_at=datetime(2024, 5, 1, tzinfo=UTC)
    ),
    "households of decisions": lambda w: Decision.objects.filter(household=w.homes[0]).update(household=None),
    "cases open earlier": lambda w: Case.objects.update(opened_at=F("opened_at") - 65 * DAY),
    "cases close earlier": lambda w: Case.objects.filter(status="closed").update(closed_at=F("opened_at") + DAY),
    "cases close": lambda w: Case.objects.filter(status="open", opened_at__lt=now()).update(
        status="closed", closed_at=now(), closure_reason=make.outcomes_met()
    ),
    "another lead": lambda w: Case.objects.update(lead=make.user("New Lead", Role.CASEWORKER)),
    "placements end": lambda w: Placement.objects.filter(ends_on=None, starts_on__lt=now().date()).update(
        ends_on=F("starts_on") + 30, ended_because="moved_within"
    ),
    "placements end sooner": lambda w: sql(
        "UPDATE cases_placement SET ends_on = starts_on + 1 WHERE ends_on > starts_on + 60"
    ),
    "placements begin sooner": lambda w: Placement.objects.update(starts_on=F("starts_on") - 40),
    "placements of another kind": lambda w: Placement.objects.update(kind="hostel"),
    "gains refused": lambda w: IncomeGain.objects.filter(status="confirmed").update(
        status="refused", confirmed_on=None
    ),
    "gains move": lambda w: sql(
        "UPDATE cases_incomegain SET confirmed_on = confirmed_on - 31 WHERE confirmed_on IS NOT NULL"
    ),
    "episodes of another person": lambda w: SafeguardingEpisode.objects.update(resident=w.people[0]),
    "episodes end otherwise": lambda w: SafeguardingEpisode.objects.filter(status="completed").update(outcome="care"),
    "an early episode": lambda w: SafeguardingEpisode.objects.filter(resident=w.people[1], status="completed").update(
        completed_at=F("opened_at") + DAY * 90
    ),
    "referrals answered late": lambda w: Referral.objects.filter(answered_at=None).update(
        status="accepted", answered_at=F("sent_at") + DAY * 35
    ),
    "referrals silent": lambda w: sql(
        "UPDATE referrals_referral SET unanswered_at = now() WHERE unanswered_at IS NULL"
    ),
}


def marked():
    """Measures and their months to take again, by what the marks say."""
    kinds = defaultdict(set)
    for kind, month in TouchedMonth.objects.values_list("kind", "month"):
        kinds[kind].add(month)
    return {(one.key, month) for one in MEASURES for kind in one.touched_by for month in kinds[kind]}


@pytest.mark.parametrize("change", CHANGES)
def test_every_month_whose_figures_change_is_marked_for_the_measure(change, system):
    world = World(11, size=40).fill()
    before = figures()
    TouchedMonth.objects.all().delete()
    CHANGES[change](world)
    after = figures()
    differ = {key[:2] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert differ, "the change was to change something"
    assert differ <= marked(), sorted(differ - marked())


def test_folding_in_change_after_change_equals_recomputing(system):
    world = World(12, size=30).fill()
    actions.fold_in()
    for name in (
        "contacts move",
        "a late decision",
        "cases close",
        "placements end",
        "needs go",
        "gains move",
        "another lead",
        "an early episode",
        "referrals answered late",
        "contacts begin sooner",
    ):
        CHANGES[name](world)
        actions.fold_in()
    assert actions.recompute().changed == 0


# --- what a measure reads is what touches it ---------------------------------------------------------------------


def watched():
    """Of each view that figures read: its columns, and the triggers' function behind it, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.view_name, coalesce(pg_get_functiondef(to_regproc('reporting_touch_' || v.table_name)), ''),
                   array_agg(c.column_name::text)
            FROM information_schema.view_table_usage v
            JOIN information_schema.columns c ON (c.table_schema, c.table_name) = (v.view_schema, v.view_name)
            WHERE v.view_schema = 'figures' AND v.table_schema = 'public' GROUP BY 1, 2
            """
        )
        return {view: (body, set(columns)) for view, body, columns in cursor}


@pytest.fixture
def behind(as_owner):
    """Of each view, the kinds of work that its table's triggers write: only the owner of a table may ask for them."""
    with as_owner():
        found = watched()
    kinds = {view: {kind for kind in Work if f"'{kind}'" in body} for view, (body, _) in found.items()}
    return kinds | {"former_leads": {Work.LEADS}}  # the history is written when the case changes


def test_every_column_that_figures_read_is_watched(as_owner):
    with as_owner():
        for view, (body, columns) in watched().items():
            if view != "former_leads":
                unseen = {name for name in columns - {"id"} if not re.search(rf"\bn\.{name}\b", body)}
                assert not unseen, (view, unseen)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.key)
def test_a_measure_is_touched_by_all_that_it_reads_and_by_nothing_else(measure, behind, system):
    with CaptureQueriesContext(connection) as asked:
        measure.readings([present()])
    sql = " ".join(query["sql"] for query in asked)
    read = [behind[view] for view in set(re.findall(r"\bfigures\.(\w+)\b(?!\()", sql))]
    assert read and all(kinds & set(measure.touched_by) for kinds in read)
    assert set(measure.touched_by) <= set().union(*read)
    if Work.CONTACTS in measure.touched_by:  # the triggers see only whether it is “resolved”
        assert all(words.startswith(" = 'resolved'") for words in sql.split("outcome")[1:])


def test_every_kind_is_written_by_a_trigger_and_read_by_a_measure(behind):
    assert set(Work) == set().union(*behind.values()) == {kind for one in MEASURES for kind in one.touched_by}


def test_only_the_measures_that_work_can_change_are_taken_again(system):
    World(12, size=20).fill()
    actions.fold_in()
    assert actions.fold_in() is None
    CHANGES["gains move"](None)
    run = actions.fold_in()
    assert (run.steps, run.steps_done) == (1, 1)
    Reading.objects.filter(measure="contacts", month=present()).delete()
    run = actions.fold_in()
    assert (run.steps, run.months) == (1, 1), "what has no figure is taken, whatever was touched"


def touched(change):
    TouchedMonth.objects.all().delete()
    change()
    return sorted(set(TouchedMonth.objects.values_list("month", flat=True)))


def test_a_placement_marks_every_month_that_it_spans(system, ben):
    case = make.case(lead=ben)

    def place():
        Placement.objects.create(
            case=case,
            household=case.household,
            kind="hostel",
            starts_on=date(2026, 1, 31),
            ends_on=date(2026, 4, 1),
            ended_because="settled",
            recorded_at=make.NOON,
        )

    assert touched(place) == [date(2026, month, 1) for month in (1, 2, 3, 4)]


def test_a_contact_marks_the_months_in_which_it_may_be_a_return_or_have_one(system):
    found = touched(lambda: make.contact(make.resident(), received_at=datetime(2026, 5, 31, 23, 30, tzinfo=UTC)))
    assert found == [date(2026, 5, 1), date(2026, 6, 1)], "half past midnight on 1 June, and 28 days either side"


def test_what_no_figure_reads_marks_nothing(system, ben):
    case = make.case(lead=ben, opened_at=datetime(2026, 1, 5, tzinfo=UTC))
    assert touched(lambda: Case.objects.update(closing_summary="…", version=9)) == []
    assert touched(lambda: Contact.objects.update(words="…")) == []
    assert touched(lambda: Case.objects.filter(pk=case.pk).update(tier=5)) == []


def test_deciding_a_contact_of_long_ago_leaves_its_month_as_it_was(system, ben):
    old = make.contact(make.resident(), received_at=datetime(2019, 5, 5, tzinfo=UTC), outcome="to_triage")
    assert touched(lambda: Contact.objects.filter(pk=old.pk).update(outcome="referred")) == []
    assert touched(lambda: make.decision(old, made_at=now())) == [present()]
    later = touched(lambda: Contact.objects.filter(pk=old.pk).update(outcome="resolved"))
    assert date(2019, 5, 1) in later


def test_an_episode_marks_months_when_it_ends_and_those_of_later_ones_of_the_person(system):
    person = make.resident()

    def episode(ended):
        return SafeguardingEpisode.objects.create(
            contact=make.contact(person),
            resident=person,
            status="completed" if ended else "open",
            urgency="amber",
            opened_at=make.NOON,
            due_at=make.NOON,
            completed_at=ended,
            outcome="care" if ended else "",
        )

    def ends(month):
        SafeguardingEpisode.objects.filter(status="open").update(
            status="completed", completed_at=datetime(2026, month, 9, tzinfo=UTC), outcome="care"
        )

    for month in (1, 3, 5):
        episode(datetime(2026, month, 9, tzinfo=UTC))
    TouchedMonth.objects.all().delete()
    episode(None)
    assert not TouchedMonth.objects.filter(kind=Work.EPISODES).exists(), "it is open"
    assert touched(lambda: ends(2)) == [date(2026, 2, 1), date(2026, 3, 1), date(2026, 5, 1)]


def test_ending_an_old_placement_marks_only_the_months_since(system, ben):
    case = make.case(lead=ben)
    Placement.objects.create(
        case=case, household=case.household, kind="hostel", starts_on=date(2019, 1, 1), recorded_at=make.NOON
    )
    found = touched(lambda: Placement.objects.update(ends_on=now().date(), ended_because="settled"))
    assert found == [present()]


def test_a_deletion_marks_its_months(system, as_owner):
    row = make.contact(make.resident(), received_at=datetime(2026, 2, 14, 12, tzinfo=UTC))
    TouchedMonth.objects.all().delete()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM intake_contact WHERE id = %s", [row.pk])
    assert date(2026, 2, 1) in set(TouchedMonth.objects.values_list("month", flat=True))


def test_a_change_that_is_undone_leaves_no_mark(system):
    TouchedMonth.objects.all().delete()
    with pytest.raises(ZeroDivisionError):
        _fail()
    assert not TouchedMonth.objects.exists()


def _fail():
    from django.db import transaction

    with transaction.atomic():
        make.contact(make.resident())
        raise ZeroDivisionError


def test_a_partner_or_a_link_marks_months_without_reading_them(system, dev, ela):
    """The triggers work in their owner's name: a partner's answer touches figures that the partner may not see."""
    from ledger.acting import acting_as

    case = make.case(lead=dev)
    row = make.referral(case, to=ela.organisation)
    TouchedMonth.objects.all().delete()
    with acting_as(ela):
        Referral.objects.filter(pk=row.pk).update(status="accepted", answered_at=make.NOON)
    assert set(TouchedMonth.objects.values_list("month", flat=True)) == {date(2026, 3, 1)}


def test_marks_of_the_future_and_of_the_distant_past_are_not_kept_waiting(system):
    for month in (date(1901, 1, 1), date(2999, 1, 1)):
        TouchedMonth.objects.create(month=month, transaction=1)
    actions.fold_in()
    assert not TouchedMonth.objects.exists()
    assert not Reading.objects.filter(month__year__in=(1901, 2999)).exists()
    assert kept([date(1901, 1, 1), date(2999, 1, 1)], now()) == []

"""What may happen to a referral, and what may not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import Role
from directory.models import Service
from ledger.acting import acting_as, acting_as_system
from ledger.models import OutboxJob
from ledger.moves import InvalidMove
from ledger.outbox import _do_once
from ledger.versions import StaleVersion
from referrals import actions, tasks
from referrals.models import AnswerLink, Referral
from referrals.work_due import work_for
from residents.models import ChronologyEntry, EmailAddress, Involvement, Phone, Warning
from tests import make

Status = Referral.Status
NOON = make.NOON


@pytest.fixture
def harbour(ela):
    ela.organisation.email = "in@harbour.example"
    ela.organisation.save(update_fields=["email"])
    return ela.organisation


@pytest.fixture
def amina(system):
    return make.resident("Amina Okafor", preferred_name="Mina", language="Yoruba", needs_interpreter=True)


@pytest.fixture
def draft(amina, harbour, ben):
    def draft(**fields):
        asked = {"organisation": harbour, "service": None, "reason": "No food until Friday", "goal": "Food each week"}
        return actions.draft_referral(fields.pop("resident", amina), **{**asked, **fields}, by=ben, at=NOON)

    return draft


@pytest.fixture
def sent(draft, amina, harbour, ben):
    make.agreement(amina, harbour)
    return actions.send_referral(draft(), by=ben, at=NOON)


def job_of(referral: Referral) -> list[OutboxJob]:
    return list(OutboxJob.objects.filter(job="referrals.tell_partner", key__contains=referral.reference))


def run(job: OutboxJob) -> bool:
    return _do_once(job.job, job.key, tasks.tell_partner.run.__wrapped__)


# --- nothing leaves without an agreement --------------------------------------------------------------------------


def test_nothing_leaves_without_an_agreement(draft, ben, harbour):
    referral = draft()
    with pytest.raises(ValidationError, match="Record an agreement first"):
        actions.send_referral(referral, by=ben, at=NOON)
    referral.refresh_from_db()
    assert (referral.status, referral.shared_name) == (Status.DRAFT, "")
    assert not job_of(referral) and not Involvement.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"withdrawn_at": NOON - timedelta(hours=1)},
        {"since": date(2026, 1, 1), "until": date(2026, 3, 3)},
        {"since": date(2026, 3, 5)},
        {"shared": "Telephone only"},
        {"shared": "Name only"},
        {"shared": "Need, but not the name"},
    ],
)
def test_nor_under_one_that_is_withdrawn_expired_early_or_too_narrow(draft, ben, amina, harbour, fields):
    make.agreement(amina, harbour, **fields)
    with pytest.raises(ValidationError):
        actions.send_referral(draft(), by=ben, at=NOON)


def test_nor_under_an_agreement_with_somebody_else_or_of_somebody_else(draft, ben, amina, harbour):
    make.agreement(amina, make.organisation("Another charity"))
    make.agreement(make.resident("Another person"), harbour)
    with pytest.raises(ValidationError, match="Record an agreement"):
        actions.send_referral(draft(), by=ben, at=NOON)


def test_an_agreement_holds_on_its_first_and_last_day(draft, ben, amina, harbour):
    make.agreement(amina, harbour, since=make.TODAY, until=make.TODAY)
    assert actions.send_referral(draft(), by=ben, at=NOON).status == Status.SENT


def test_withdrawal_stops_messages_that_are_not_yet_said(sent, ben):
    actions.send_message(sent, text="She can come on Monday", by=ben, at=NOON)
    sent.agreement.withdrawn_at = NOON
    sent.agreement.save(update_fields=["withdrawn_at"])
    with pytest.raises(ValidationError, match="Record an agreement"):
        actions.send_message(sent, text="And her sister", by=ben, at=NOON)


def test_a_contact_must_be_decided_and_let_it_go(draft, ben, amina, harbour):
    contact = make.contact(amina)
    make.agreement(amina, harbour, recorded_at=NOON - timedelta(days=1))
    referral = draft(contact=contact)
    with pytest.raises(ValidationError, match="waits for a decision"):
        actions.send_referral(referral, by=ben, at=NOON)
    make.decision(contact, may_send=False)
    with pytest.raises(ValidationError, match="nothing may be sent"):
        actions.send_referral(referral, by=ben, at=NOON)
    make.agreement(amina, harbour, recorded_at=NOON + timedelta(hours=2))
    assert actions.send_referral(referral, by=ben, at=NOON + timedelta(hours=3)).status == Status.SENT


def test_a_restricted_record_is_a_managers_to_refer(draft, ben, dev, harbour):
    rosa = make.restricted_resident(named=[ben, dev])
    make.agreement(rosa, harbour)
    with pytest.raises(ValidationError, match="Ask a manager"):
        draft(resident=rosa)
    asked = {"organisation": harbour, "service": None, "reason": "Food"}
    referral = actions.draft_referral(rosa, **asked, by=dev, at=NOON)
    with pytest.raises(ValidationError, match="Ask a manager"):
        actions.send_referral(referral, by=ben, at=NOON)
    assert actions.send_referral(referral, by=dev, at=NOON).status == Status.SENT


# --- what leaves --------------------------------------------------------------------------------------------------


def test_what_leaves_is_what_the_agreement_covers_and_is_safe(draft, ben, amina, harbour):
    Phone.objects.create(resident=amina, number="+447700900001", since=make.TODAY, safe_to_call=True)
    Phone.objects.create(resident=amina, number="+447700900002", since=make.TODAY)
    Phone.objects.create(resident=amina, number="+447700900003", since=make.TODAY, until=make.TODAY, safe_to_call=True)
    EmailAddress.objects.create(resident=amina, address="amina@example.org", since=make.TODAY)
    Warning.objects.create(
        resident=amina, kind="staff", text="Dog in the yard", added_at=NOON, review_on=make.TODAY, status="agreed"
    )
    Warning.objects.create(
        resident=amina, kind="marac", text="Heard in May", added_at=NOON, review_on=make.TODAY, status="agreed"
    )
    make.agreement(amina, harbour, shared="Name, safe contact, need, risks, access needs")
    sent = actions.send_referral(draft(risks="Do not ring before noon"), by=ben, at=NOON)
    assert sent.shared_name == "Amina Okafor (known as Mina)"
    assert sent.shared_contact == "07700 900001: call"
    assert sent.shared_need == "No food until Friday"
    assert sent.shared_risks == "Risk to staff: Dog in the yard\nDo not ring before noon"
    assert sent.shared_access_needs == "Speaks Yoruba\nNeeds an interpreter"


def test_what_the_agreement_leaves_out_stays_here(draft, ben, amina, harbour):
    Phone.objects.create(resident=amina, number="+447700900001", since=make.TODAY, safe_to_call=True)
    make.agreement(amina, harbour, shared="Name and need, not the phone")
    sent = actions.send_referral(draft(risks="Something private"), by=ben, at=NOON)
    assert (sent.shared_contact, sent.shared_risks, sent.shared_access_needs) == ("", "", "")


def test_it_stays_frozen_when_the_record_changes(sent, amina):
    amina.name = "Amina Bello"
    amina.save(update_fields=["name"])
    sent.refresh_from_db()
    assert sent.shared_name.startswith("Amina Okafor")


def test_sending_begins_an_involvement_a_clock_and_a_line_of_the_story(sent, amina):
    assert sent.answer_due_at == datetime(2026, 3, 11, 17, tzinfo=UTC)
    row = Involvement.objects.get(reference=sent.reference)
    assert (row.kind, row.resident, row.until) == ("partner", amina, None)
    line = ChronologyEntry.objects.get(verb="send_referral")
    assert "Friday" not in line.heading + line.detail


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 4, 1, 12, tzinfo=UTC), datetime(2026, 4, 10, 16, tzinfo=UTC)),  # Good Friday, Easter Monday
        (datetime(2026, 12, 23, 12, tzinfo=UTC), datetime(2027, 1, 4, 17, tzinfo=UTC)),  # Christmas and New Year
        (datetime(2026, 3, 27, 23, 30, tzinfo=UTC), datetime(2026, 4, 7, 16, tzinfo=UTC)),  # summer time begins
        (datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 3, 13, 17, tzinfo=UTC)),  # a Saturday
    ],
)
def test_the_partner_has_five_working_days(draft, ben, amina, harbour, at, due):
    make.agreement(amina, harbour)
    assert actions.send_referral(draft(), by=ben, at=at).answer_due_at == due


# --- drafts -------------------------------------------------------------------------------------------------------


def test_a_draft_is_changed_with_the_version_that_was_seen(draft, ben, harbour):
    referral = draft()
    asked = {"organisation": harbour, "service": None, "reason": "No food at all", "by": ben}
    fresh = actions.change_draft(referral, seen=1, **asked)
    assert (fresh.reason, fresh.version) == ("No food at all", 2)
    with pytest.raises(StaleVersion):
        actions.change_draft(referral, seen=1, **asked)


def test_a_sent_one_is_not_changed(sent, ben, harbour):
    with pytest.raises(InvalidMove, match="can no longer be changed"):
        actions.change_draft(sent, seen=sent.version, organisation=harbour, service=None, reason="x", by=ben)


def test_only_those_who_take_referrals_are_asked(draft, harbour):
    closed = Service.objects.create(organisation=harbour, name="Closed")
    with pytest.raises(ValidationError, match="takes no referrals"):
        draft(service=closed)
    with pytest.raises(ValidationError, match="not a service of"):
        draft(organisation=make.organisation("Elsewhere"), service=closed)
    with pytest.raises(ValidationError, match="do not refer to"):
        draft(organisation=make.organisation("Asleep", active=False))
    with pytest.raises(ValidationError, match="do not refer to"):
        draft(organisation=make.council())


def test_somebody_who_cannot_be_told_is_not_sent_to(draft, ben, amina):
    mute = make.organisation("Mute")
    make.agreement(amina, mute)
    with pytest.raises(ValidationError, match="no address for Mute"):
        actions.send_referral(draft(organisation=mute), by=ben, at=NOON)


def test_the_case_and_the_contact_must_be_theirs(draft, ben):
    with pytest.raises(ValidationError, match="not a member"):
        draft(case=make.case(lead=ben))
    with pytest.raises(ValidationError, match="somebody else"):
        draft(contact=make.contact(make.resident("Other")))


# --- every move from every status ---------------------------------------------------------------------------------

LATER = NOON + timedelta(hours=2)
VERBS = {
    "send": lambda r, ben: actions.send_referral(r, by=ben, at=LATER),
    "cancel": lambda r, ben: actions.cancel_draft(r, by=ben, at=LATER),
    "receive": lambda r, ben: actions.receive(r, by=None, at=LATER),
    "accept": lambda r, ben: actions.accept(r, by=None, at=LATER),
    "decline": lambda r, ben: actions.decline(r, reason="capacity", by=None, at=LATER),
    "wait": lambda r, ben: actions.put_on_waiting_list(r, until=date(2026, 6, 1), by=None, at=LATER),
    "start": lambda r, ben: actions.start(r, by=None, at=LATER),
    "complete": lambda r, ben: actions.complete(r, outcome="met", by=None, at=LATER),
    "withdraw": lambda r, ben: actions.withdraw_referral(r, reason="They moved away", by=ben, at=LATER),
}


def in_status(status: str, amina, harbour, ben) -> Referral:
    """A referral as its verbs leave it in a status."""
    fields = {"status": status, "answered_at": NOON, "decline_reason": "", "made_by": ben}
    if status in (Status.DRAFT, Status.CANCELLED):
        fields |= {"sent_at": None, "answered_at": None}
    if status == Status.DECLINED:
        fields["decline_reason"] = "capacity"
    if status == Status.COMPLETED:
        fields |= {"completed_at": NOON, "outcome": "met"}
    if status in (Status.SENT, Status.RECEIVED):
        fields["answered_at"] = None
    return make.referral(to=harbour, resident=amina, **fields)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", Status.values)
def test_every_move_from_every_status(status, verb, amina, harbour, ben):
    assert set(VERBS) == set(Referral.MOVES)
    referral = in_status(status, amina, harbour, ben)
    move = Referral.MOVES[verb]
    if status in move.sources:
        assert VERBS[verb](referral, ben).status == move.target
    else:
        with pytest.raises(InvalidMove):
            VERBS[verb](referral, ben)
        referral.refresh_from_db()
        assert referral.status == status


# --- answers ------------------------------------------------------------------------------------------------------


def test_the_first_answer_is_remembered_and_also_says_received(sent):
    waiting = actions.put_on_waiting_list(sent, until=date(2026, 4, 1), by=None, at=NOON + timedelta(days=1))
    assert waiting.received_at == waiting.answered_at == NOON + timedelta(days=1)
    accepted = actions.accept(waiting, by=None, at=NOON + timedelta(days=9))
    assert accepted.answered_at == NOON + timedelta(days=1)


def test_answers_need_what_they_need(sent):
    with pytest.raises(ValidationError, match="Select why"):
        actions.decline(sent, reason="because", by=None, at=NOON)
    with pytest.raises(ValidationError, match="today or in the future"):
        actions.put_on_waiting_list(sent, until=date(2026, 3, 1), by=None, at=NOON)
    with pytest.raises(ValidationError, match="what came of it"):
        actions.complete(sent, outcome="", by=None, at=NOON)


def test_a_partner_does_all_of_it_under_their_own_rights(sent, ela, amina):
    with acting_as(ela):
        mine = Referral.objects.visible_to(ela).get()
        actions.receive(mine, by=ela, at=NOON)
        actions.accept(mine, by=ela, at=NOON)
        actions.start(mine, by=ela, at=NOON)
        actions.send_message(mine, text="We met on Monday", by=ela, at=NOON)
        done = actions.complete(mine, outcome="met", text="Food for a month", by=ela, at=NOON)
        assert done.status == Status.COMPLETED
        assert not ChronologyEntry.objects.exists()
    assert list(ChronologyEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "send_referral",
        "accept",
        "start",
        "complete",
    ]
    assert Involvement.objects.get(reference=sent.reference).until == make.TODAY


def test_a_stepped_back_one_needs_the_concern_and_comes_back(sent, ben):
    taken = actions.accept(sent, by=None, at=NOON)
    with pytest.raises(ValidationError, match="concern"):
        actions.complete(taken, outcome="stepped_back", by=None, at=NOON)
    actions.complete(taken, outcome="stepped_back", text="Nobody opens the door", by=None, at=NOON)
    assert Referral.objects.returned().get().returned
    assert [one.kind for one in work_for(ben, NOON)] == ["returned"]


# --- what comes back ----------------------------------------------------------------------------------------------


def test_a_declined_one_comes_back_as_a_task(sent, ben, cath):
    actions.decline(sent, reason="capacity", alternative="Lantern House", by=None, at=NOON)
    (task,) = work_for(ben, NOON)
    assert (task.kind, task.link, task.reference, task.late) == (
        "returned",
        "referrals:referral",
        sent.reference,
        False,
    )
    assert work_for(ben, NOON + timedelta(days=3))[0].late
    assert work_for(cath, NOON) == []
    actions.settle_return(sent, how="closed", text="Her sister helps", by=ben, at=NOON)
    assert work_for(ben, NOON) == []
    with pytest.raises(ValidationError, match="already"):
        actions.settle_return(sent, how="closed", text="Again", by=ben, at=NOON)


def test_silence_comes_back_as_a_task_after_five_working_days_not_before(sent, ben):
    due = sent.answer_due_at
    assert actions.mark_unanswered(sent, at=due - timedelta(minutes=1)) is None
    assert actions.mark_unanswered(sent, at=due).unanswered_at == due
    assert actions.mark_unanswered(sent, at=due) is None, "once"
    assert "not answered" in work_for(ben, due)[0].why


def test_the_clock_brings_back_the_silent_ones_only(sent, amina, harbour):
    make.referral(to=harbour, resident=amina, status=Status.ACCEPTED, answered_at=NOON)
    make.referral(to=harbour, resident=amina, answer_due_at=datetime(2999, 1, 1, tzinfo=UTC))
    assert tasks.chase() == 1
    assert tasks.chase() == 0
    assert Referral.objects.returned().get() == sent


def test_a_late_answer_settles_the_silence_but_a_late_no_comes_back(sent, ben):
    actions.mark_unanswered(sent, at=sent.answer_due_at)
    late = actions.accept(sent, by=None, at=sent.answer_due_at + timedelta(days=1))
    assert not late.returned and late.settled_how == "They answered late"


def test_a_no_comes_back_though_the_silence_was_dealt_with(sent, ben):
    actions.mark_unanswered(sent, at=sent.answer_due_at)
    actions.settle_return(sent, how="more_time", by=ben, at=sent.answer_due_at)
    again = actions.decline(sent, reason="risk", by=None, at=sent.answer_due_at)
    assert again.returned


def test_asking_again_gives_five_more_days_and_tells_them(sent, ben):
    actions.mark_unanswered(sent, at=sent.answer_due_at)
    asked = actions.settle_return(sent, how="more_time", by=ben, at=sent.answer_due_at)
    assert asked.answer_due_at == datetime(2026, 3, 18, 17, tzinfo=UTC) and not asked.returned
    assert len(job_of(sent)) == 2


def test_a_silent_one_that_goes_elsewhere_is_taken_back(sent, ben):
    actions.mark_unanswered(sent, at=sent.answer_due_at)
    gone = actions.settle_return(sent, how="elsewhere", by=ben, at=sent.answer_due_at)
    assert gone.status == Status.WITHDRAWN and not gone.returned


def test_settling_needs_a_way_and_words(sent, ben):
    actions.decline(sent, reason="capacity", by=None, at=NOON)
    with pytest.raises(ValidationError, match="Select what"):
        actions.settle_return(sent, how="", by=ben, at=NOON)
    with pytest.raises(ValidationError, match="why nothing more"):
        actions.settle_return(sent, how="closed", by=ben, at=NOON)
    with pytest.raises(ValidationError, match="They have answered"):
        actions.settle_return(sent, how="more_time", by=ben, at=NOON)


# --- telling the partner ------------------------------------------------------------------------------------------


def test_the_partner_is_told_once_and_the_message_names_nobody(sent, amina):
    (job,) = job_of(sent)
    assert run(job) and not run(job)
    (message,) = mail.outbox
    text = message.subject + message.body
    for secret in ("Amina", "Okafor", "Mina", "food", "Food", "Friday", amina.reference):
        assert secret not in text
    assert message.to == ["in@harbour.example"]
    assert AnswerLink.objects.get().referral == sent
    assert AnswerLink.objects.get().secret_hash not in text


def test_a_message_that_had_to_be_sent_again_is_the_same_message(sent):
    (job,) = job_of(sent)
    run(job)
    OutboxJob.objects.update(done_at=None)
    run(job)
    first, second = mail.outbox
    assert first.body == second.body
    assert first.extra_headers == second.extra_headers
    assert AnswerLink.objects.count() == 1


def test_nothing_is_sent_for_one_that_was_taken_back_meanwhile(sent, ben):
    actions.withdraw_referral(sent, reason="They moved", by=ben, at=NOON)
    run(job_of(sent)[0])
    assert mail.outbox == [] and not AnswerLink.objects.exists()


def test_nor_under_an_agreement_that_was_taken_back_meanwhile(sent):
    sent.agreement.withdrawn_at = NOON
    sent.agreement.save(update_fields=["withdrawn_at"])
    run(job_of(sent)[0])
    assert mail.outbox == [] and not AnswerLink.objects.exists()


def test_a_roll_back_tells_nobody(draft, ben):
    referral = draft()
    with pytest.raises(ValidationError):
        actions.send_referral(referral, by=ben, at=NOON)
    assert job_of(referral) == []


# --- a case cannot close while a partner has not answered ----------------------------------------------------------


def test_the_trail_says_of_whom_a_partner_read(sent, ela, amina, as_owner):
    with acting_as(ela):
        actions.receive(sent, by=ela, at=NOON)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT role, about FROM ledger_auditevent WHERE verb = 'receive'")
        assert cursor.fetchall() == [(Role.PARTNER, [amina.reference])]


def test_the_system_principal_is_given_back(sent, ela):
    with acting_as(ela):
        actions.accept(sent, by=ela, at=NOON)
        assert not ChronologyEntry.objects.exists()
    with acting_as_system("system:test"):
        assert ChronologyEntry.objects.exists()

"""The World: the cast and one of each kind of record, for the tests that hold all rooms against the access table.

Own: what a role of that kind works with every day (Ben's case, Dev's team, a referral to Ela's organisation). Other: of another
team or another partner (Cath's case, a referral to Otis's organisation). Restricted: Rosa's, whom of the cast only Cath and
Mona may open. Missing: nobody's. Built as a system principal, inside a transaction that the caller rolls back.
"""

import hashlib
import uuid
from datetime import date, timedelta

from django.db import models
from django.utils import timezone

from accounts.models import Role, User
from cases.models import (
    Case,
    CaseAgency,
    CaseMember,
    CasePerson,
    IncomeGain,
    Note,
    Placement,
    PlanAction,
    PlanNeed,
    Review,
)
from desk.models import GuidePutAway
from intake.models import (
    Answer,
    CarriedOut,
    Changeset,
    Contact,
    ImportedRecord,
    ImportRun,
    ProposedChange,
    QuarantinedMatch,
)
from ledger import trail
from ledger.models import AuditSeal, Draft, Marker, OutboxJob
from referrals.models import AnswerLink, Referral, ReferralMessage
from residents.models import (
    AccessGrant,
    Address,
    Agreement,
    Characteristics,
    ChronologyEntry,
    EmailAddress,
    Household,
    Involvement,
    LikelyPair,
    Membership,
    Merge,
    MergedRow,
    PairKey,
    PersonWhoMatters,
    Phone,
    Relationship,
    Resident,
    ResidentAddress,
    RestrictedKey,
    Restriction,
    SearchDocument,
    SearchKey,
    ShownBefore,
    United,
    Warning,
)
from tests import make
from triage.models import Decision, FiredRule, SafeguardingEpisode, TriageItem, Urgency
from triage.tiers import Tier

MISSING = "CS-2222-222"  # a well-formed reference of no record
MISSING_NUMBER = 999_999_999
NOON, TODAY = make.NOON, make.TODAY
CHANGED: dict[type[models.Model], dict[str, object]] = {
    User: {"last_login": NOON},
    Resident: {"language": "Portuguese"},
    Membership: {"part": "other"},
    Phone: {"note": "After six"},
    EmailAddress: {"note": "Hers alone"},
    Warning: {"text": "Two to visit, always"},
    AccessGrant: {"reason": "Asked for"},
    Restriction: {"reason": "Works here still"},
    Characteristics: {"gender": "woman"},
    LikelyPair: {"note": "Ask her"},
    ResidentAddress: {"tenure": "private"},
    Agreement: {"purpose": "Food and fuel"},
    Relationship: {"note": "She said so"},
    PersonWhoMatters: {"lives": "Leeds"},
    Contact: {"safe_contact": "After six"},
    Answer: {"why": "Asked twice"},
    TriageItem: {"rules": "R10"},
    SafeguardingEpisode: {"rationale": "Looked into"},
    Case: {"resident_view": "It helps"},
    CaseMember: {"since": date(2026, 3, 3)},
    CaseAgency: {"contact": "The desk"},
    CasePerson: {"reason": "Knows them well"},
    PlanNeed: {"goal": "Rent paid every month"},
    PlanAction: {"what": "Write to the landlord"},
    Placement: {"place": "Hostel"},
    IncomeGain: {"evidence": "Letter"},
    Referral: {"goal": "Food every week"},
}


class World:
    """The cast, and records by who works with them. Attributes are the records; see `_people` to `_ledger` for their names."""

    def __init__(self) -> None:
        self._cast()
        self._residents()
        self._contacts()
        self._cases()
        self._referrals()
        self._ledger()
        self._history()
        # No clock runs beside the tests; without its word the installation would not be ready.
        Marker.objects.create(name=Marker.CLOCK, set_at=timezone.now() + timedelta(hours=1))

    # --- who ---------------------------------------------------------------------------------------------------------

    def _cast(self) -> None:
        self.harbour = make.organisation("Harbour Food Bank", email="inbox@harbour.example")
        self.anchor = make.organisation("Anchor Advice", email="inbox@anchor.example")
        help_, homes = make.team("Family help"), make.team("Homes and money")
        self.team, self.other_team, self.front_door = help_, homes, make.team("Front door")
        self.finn = make.user("Finn Archer", Role.FRONT_DOOR, teams=[self.front_door])
        self.ben = make.user("Ben Osei", Role.CASEWORKER, teams=[help_])
        self.cath = make.user("Cath Lowe", Role.CASEWORKER, teams=[homes])
        self.dev = make.user("Dev Patel", Role.MANAGER, teams=[help_], duty_manager=True)
        self.ela = make.user("Ela Novak", Role.PARTNER, organisation=self.harbour)
        self.gus = make.user("Gus Whyte", Role.GOVERNANCE)
        self.ada = make.user("Ada Bright", Role.ADMINISTRATOR)
        # Beside the cast, so that policies can be told apart: a colleague of Ben's, a caseworker without a team or a case,
        # someone who is named on Ben's case, the manager of the other team, and somebody at another partner.
        self.fay = make.user("Fay Kerr", Role.CASEWORKER, teams=[help_])
        self.kit = make.user("Kit Moss", Role.CASEWORKER)
        self.nia = make.user("Nia Bell", Role.CASEWORKER, teams=[self.front_door])
        self.mona = make.user("Mona Reid", Role.MANAGER, teams=[homes])
        self.otis = make.user("Otis Grant", Role.PARTNER, organisation=self.anchor)

    @property
    def columns(self) -> dict[str, User | None]:
        """Who asks, by column of the access table."""
        return {
            "anonymous": None,
            "front_door": self.finn,
            "caseworker": self.ben,
            "manager": self.dev,
            "partner": self.ela,
            "information_governance": self.gus,
            "administrator": self.ada,
        }

    # --- whom we help ------------------------------------------------------------------------------------------------

    def _residents(self) -> None:
        """amina (own, with her son sami), omar (other), rosa (restricted, with her son luca, who is not), leila, nadia."""
        self.amina = self.resident = make.resident("Amina Okafor")
        self.sami = make.resident("Sami Okafor", born_on=date(2018, 2, 1))
        self.omar = self.other_resident = make.resident("Omar Haddad", born_on=date(1990, 1, 9))
        self.rosa = self.restricted_resident = make.restricted_resident("Rosa Hidden", named=[self.cath, self.mona])
        self.luca = make.resident("Luca Hidden", born_on=date(2019, 3, 3))
        self.leila = make.resident("Leila Aziz", born_on=date(1979, 6, 6))
        self.nadia = make.resident("Nadia Petrov", born_on=date(1988, 8, 8))
        # Ended or not hers: neither may let Ben in.
        AccessGrant.objects.create(
            resident=self.rosa,
            user=self.ben,
            reason="Covered a week",
            since=NOON - timedelta(days=20),
            until=NOON - timedelta(days=13),
        )
        AccessGrant.objects.create(resident=self.omar, user=self.ben, reason="Left over", since=NOON)
        self.home = self.household = make.household(self.amina, self.sami)
        self.other_home = self.other_household = make.household(self.omar)
        self.hidden_home = self.restricted_household = make.household(self.rosa, self.luca)
        pairs = [(self.home, self.other_home), (self.home, self.hidden_home), (self.hidden_home, self.other_home)]
        for one, other in pairs:
            United.objects.create(household=one, other=other, on=make.TODAY, ended=[], begun=[], at=make.NOON)
        self.leila_home, self.nadia_home = make.household(self.leila), make.household(self.nadia)
        for number, person in enumerate((self.amina, self.sami, self.omar, self.rosa, self.luca, self.nadia)):
            self._dress(person, number)
        # What they are to each other: open to all, restricted, and of whom only those may know who work with the victim.
        self.tie = Relationship.objects.create(first=self.amina, second=self.sami, kind="parent", recorded_by=self.finn)
        self.restricted_tie = Relationship.objects.create(first=self.rosa, second=self.luca, kind="parent")
        self.alleged = Relationship.objects.create(
            first=self.omar, second=self.amina, kind="alleged", recorded_by=self.nia
        )
        Relationship.objects.create(first=self.omar, second=self.nadia, kind="alleged", until=TODAY)
        # Restricted on either side; a victim who is; and one alleged by somebody else, of whom nobody here knows otherwise.
        Relationship.objects.create(first=self.luca, second=self.rosa, kind="carer")
        Relationship.objects.create(first=self.omar, second=self.rosa, kind="alleged", recorded_by=self.nia)
        Relationship.objects.create(first=self.luca, second=self.leila, kind="alleged", recorded_by=self.nia)
        # Who works with Amina by themselves, by their team, and no longer.
        for works in ({"user": self.ben}, {"team": self.other_team}, {"user": self.kit, "until": TODAY}):
            Involvement.objects.create(resident=self.amina, kind="lead", what="Leads their case", since=TODAY, **works)
        both = {
            "": (self.amina, self.leila),
            "restricted_": (self.amina, self.rosa),
            "walled_": (self.amina, self.omar),
            "otherwise_walled_": (self.luca, self.leila),
            "first_restricted_": (self.rosa, self.leila),
            "perpetrators_": (self.omar, self.leila),
            "beside_perpetrators_": (self.sami, self.omar),
        }
        for which, (one, other) in both.items():
            pair = LikelyPair.objects.create(one=one, other=other, per_mille=700, levels="given:same", weights="1")
            setattr(self, f"{which}pair", pair)
            ShownBefore.objects.create(begun=other, shown=one, by=self.ben)

        for person in (self.amina, self.omar, self.rosa):
            self._merged(person)

    def _merged(self, person: Resident) -> None:
        """A second record of somebody, merged into theirs long ago, for which Ben is still named by mistake."""
        former = make.restricted_resident(person.name, named=[self.ben])
        Resident.objects.filter(pk=former.pk).update(merged_into=person)
        merge = Merge.objects.create(
            survivor=person,
            other=former,
            stands_in=person,
            was_restricted=person.restricted,
            why="Same passport",
            at=NOON,
        )
        label, before, after = Resident._meta.label, {"merged_into_id": None}, {"merged_into_id": person.pk}
        MergedRow.objects.create(merge=merge, model=label, row=former.pk, before=before, after=after)
        which = {self.amina: "", self.omar: "other_", self.rosa: "restricted_"}[person]
        setattr(self, f"{which}merge", merge)

    def _dress(self, person: Resident, number: int) -> None:
        """One of everything that hangs on a resident."""
        phone = Phone.objects.create(resident=person, number=f"+4477009001{number:02}", since=TODAY)
        email = EmailAddress.objects.create(resident=person, address=f"r{number}@example.org", since=TODAY)
        warning = Warning.objects.create(
            resident=person,
            kind="staff",
            status="agreed",
            text="Two to visit",
            added_by=self.ben,
            added_at=NOON,
            review_on=TODAY + timedelta(days=90),
        )
        # Luca lives with Rosa: their address is hers, so it is hidden with her.
        shared = person in (self.luca,)
        address = (
            Address.objects.get(lines="3 Quiet Row")
            if shared
            else Address.objects.create(lines=f"{number} Quiet Row", postcode="IG11 7XX", uprn=f"10000{number}")
        )
        living = ResidentAddress.objects.create(
            resident=person, address=None if shared else address, kind="nfa" if shared else "home", since=TODAY
        )
        Restriction.objects.create(resident=person, reason="Works here", since=NOON, review_on=TODAY)
        traits = Characteristics.objects.create(resident=person, ethnicity="BCRB")
        involvement = Involvement.objects.create(
            resident=person, kind="agency", organisation=self.harbour, what="Food parcels", since=TODAY
        )
        agreement = make.agreement(person, self.harbour)
        matters = PersonWhoMatters.objects.create(resident=person, name="Nan", relation="grandparent", since=TODAY)
        entry = ChronologyEntry.objects.create(
            event=uuid.uuid4(),
            resident=person,
            at=NOON,
            written_at=NOON,
            verb="register_resident",
            heading="Registered",
            kind="residents.Resident",
            reference=person.reference,
        )
        PairKey.objects.create(resident=person, key=number)
        SearchKey.objects.create(resident=person, key=number)
        RestrictedKey.objects.create(resident=person, key=number)
        SearchDocument.objects.create(resident=person, said=person.name, keys=[number])
        if person in (self.amina, self.omar, self.rosa):
            which = {self.amina: "", self.omar: "other_", self.rosa: "restricted_"}[person]
            for name, row in {
                "phone": phone,
                "matters": matters,
                "email": email,
                "warning": warning,
                "address": living,
                "traits": traits,
                "involvement": involvement,
                "agreement": agreement,
                "entry": entry,
            }.items():
                setattr(self, which + name, row)

    # --- who came ----------------------------------------------------------------------------------------------------

    def _contacts(self) -> None:
        """Contacts waiting for triage with their items and episodes: amina's, omar's, rosa's, and one of nobody known."""
        self.contact, self.item, self.episode = self._wait(self.amina)
        self.other_contact, self.other_item, self.other_episode = self._wait(self.omar)
        self.restricted_contact, self.restricted_item, self.restricted_episode = self._wait(self.rosa)
        self.nameless_contact, self.nameless_item, self.nameless_episode = self._wait(None)
        run = ImportRun.objects.create(source="made", file="people.csv", checksum="0" * 64, started_at=NOON)
        self.import_run = run
        ImportedRecord.objects.create(
            source="made",
            table="people",
            their_id="P1",
            checksum="0" * 64,
            kind="residents.Resident",
            our_id=self.amina.pk,
            run=run,
        )
        self.changeset = Changeset.objects.create(source="made", file="people.csv", checksum="0" * 64, made_by=self.dev)
        for number, person in enumerate((None, self.amina, self.rosa), 2):
            row = ProposedChange.objects.create(changeset=self.changeset, number=number, resident=person)
            CarriedOut.objects.create(change=row, model="residents.Resident", row=number, before=None, after={})
            if person is None:
                QuarantinedMatch.objects.create(change=row, resident=self.rosa, per_mille=900)
        self.decision = self._await(self.leila, self.leila_home)
        self.restricted_decision = self._await(self.rosa, self.hidden_home)
        # Luca himself is not restricted, but what is decided for his household is.
        self.household_decision = self._await(self.luca, self.hidden_home)
        # Hidden by their contact alone, and by their resident alone.
        by_contact = make.decision(self.restricted_contact, needs_case=False)
        Decision.objects.filter(pk=by_contact.pk).update(resident=None)
        step = {"kind": Decision.Kind.STEP_UP, "reason": "More is needed", "made_at": NOON, "rule_set_version": "test"}
        tiers = {"suggested_tier": Tier.SUPPORT, "chosen_tier": Tier.INTERVENTION}
        Decision.objects.create(resident=self.rosa, **step, **tiers)

    def _wait(self, person: Resident | None) -> tuple[Contact, TriageItem, SafeguardingEpisode]:
        contact = make.contact(
            person, needs=["rent_arrears"], status=Contact.Status.WAITING, outcome="to_triage", logged_by=self.finn
        )
        Answer.objects.create(contact=contact, question="safe_now", said="yes", at=NOON, by=self.finn)
        due = timezone.now() + timedelta(hours=4)
        item = TriageItem.objects.create(
            contact=contact,
            suggested_tier=Tier.SUPPORT,
            urgency=Urgency.GREEN,
            rule_set_version="test",
            due_at=due,
            queued_at=NOON,
        )
        episode = SafeguardingEpisode.objects.create(
            contact=contact, resident=person, urgency=Urgency.AMBER, opened_at=NOON, due_at=due
        )
        return contact, item, episode

    def _await(self, person: Resident, home: Household) -> Decision:
        contact = make.contact(person, status=Contact.Status.DECIDED, outcome="to_triage")
        decision = make.decision(contact, household=home, team=self.team)
        FiredRule.objects.create(decision=decision, number="R10", tier=Tier.SUPPORT, because="Rent arrears")
        return decision

    # --- the work ----------------------------------------------------------------------------------------------------

    def _cases(self) -> None:
        """case (Ben's), other_case (Cath's), restricted_case (Cath's, Rosa's), team_restricted_case (Fay's, in Ben's team)."""
        self.case = self._work("", make.case(lead=self.ben, household=self.home))
        self.other_case = self._work("other_", make.case(lead=self.cath, household=self.other_home))
        self.restricted_case = self._work(
            "restricted_", make.case(lead=self.cath, household=self.hidden_home, restricted=True)
        )
        self.team_restricted_case = self._work(
            "team_restricted_", make.case(lead=self.fay, household=self.nadia_home, restricted=True)
        )
        for case, user, until in [
            (self.case, self.nia, None),  # Nia is named on Ben's case, outside his team
            (self.case, self.kit, TODAY),  # Kit was, and no longer is
        ]:
            CasePerson.objects.create(case=case, user=user, reason="Knows the family", since=TODAY, until=until)

    def _work(self, which: str, case: Case) -> Case:
        member = case.members.order_by("pk").first()
        assert member is not None
        need = PlanNeed.objects.create(
            case=case, need=make.need(), goal="Rent paid each month", baseline=2, latest=3, added_at=NOON
        )
        action = PlanAction.objects.create(
            case=case, plan_need=need, what="Call the landlord", owner=case.lead, due_on=TODAY, added_at=NOON
        )
        agency = CaseAgency.objects.create(case=case, organisation=self.harbour, part="Food", since=TODAY)
        named = CasePerson.objects.create(case=case, user=self.cath, reason="Worked here", since=TODAY, until=TODAY)
        note = Note.objects.create(case=case, kind="call", text="Spoke", happened_at=NOON, written_at=NOON)
        review = Review.objects.create(
            case=case, was_due_on=TODAY, held_at=NOON, outcome="continue", progress=True, summary="Steady"
        )
        placement = Placement.objects.create(
            case=case, household=case.household, kind="hostel", starts_on=TODAY, recorded_at=NOON
        )
        gain = IncomeGain.objects.create(
            resident=member.resident,
            case=case,
            kind="pip",
            weekly_after_pence=2_000,
            value_pence=104_000,
            claimed_on=TODAY,
            recorded_at=NOON,
        )
        for name, row in {
            "member": member,
            "plan_need": need,
            "plan_action": action,
            "agency": agency,
            "named": named,
            "note": note,
            "review": review,
            "placement": placement,
            "gain": gain,
        }.items():
            setattr(self, which + name, row)
        return case

    # --- handing over ------------------------------------------------------------------------------------------------

    def _referrals(self) -> None:
        """referral (amina to harbour), other_referral (omar to anchor), restricted_referral (rosa to anchor), and a draft."""
        self.referral, self.link, self.secret = self._refer(self.case, self.amina, self.harbour)
        self.other_referral, self.other_link, self.other_secret = self._refer(self.other_case, self.omar, self.anchor)
        self.restricted_referral, self.restricted_link, self.restricted_secret = self._refer(
            self.restricted_case, self.rosa, self.anchor
        )
        self.draft_referral = make.referral(
            self.case, to=self.harbour, resident=self.sami, status=Referral.Status.DRAFT, sent_at=None, made_by=self.ben
        )
        ReferralMessage.objects.create(referral=self.draft_referral, at=NOON, from_partner=False, text="Not yet")

    def _refer(self, case: Case, person: Resident, to) -> tuple[Referral, AnswerLink, str]:
        referral = make.referral(case, to=to, resident=person, made_by=case.lead)
        ReferralMessage.objects.create(referral=referral, at=NOON, by=case.lead, from_partner=False, text="Thank you")
        secret = f"secret-{referral.reference}-of-forty-three-characters-00"
        link = AnswerLink.objects.create(
            referral=referral,
            secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
            sent_to=to.email,
            made_at=NOON,
            expires_at=timezone.now() + timedelta(days=7),
        )
        return referral, link, secret

    # --- what the ledger keeps ---------------------------------------------------------------------------------------

    def _ledger(self) -> None:
        for user in (self.ben, self.ela):
            GuidePutAway.objects.create(user=user)
            Draft.objects.create(person_id=user.pk, form="contact", path="/contacts/new", saved_at=timezone.now())
            trail.record("open", self.amina, by=user, about=[self.amina.reference])
        trail.record("search", kind="residents.Resident")  # nobody's
        OutboxJob.objects.create(key="test:1", job="test.nothing", arguments={})
        AuditSeal.objects.create(
            number=1, epoch=1, up_to="1", entries=0, total=0, root="0" * 64, previous="0" * 64, signature="0" * 64
        )

    # --- what was ----------------------------------------------------------------------------------------------------

    def _history(self) -> None:
        """Change every record that keeps history, so that its history has rows."""
        for model, change in CHANGED.items():
            model._default_manager.update(**change)

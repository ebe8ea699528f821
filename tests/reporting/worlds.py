"""Invented work of three years, crowded around the moments at which counting by month goes wrong."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Role, Team, TeamOpening
from accounts.reference_data import give_office_hours
from cases.models import Case, IncomeGain, Placement
from intake.models import Contact, ContactNeed
from referrals.models import Referral
from reporting.months import ending_at, month_of
from residents.models import Resident
from tests import make
from triage.models import Decision, SafeguardingEpisode

LONDON = ZoneInfo("Europe/London")
MONTHS = ending_at(date(2026, 12, 1), 36)
NOW = datetime(2026, 12, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def edges() -> list[datetime]:
    """Both sides of each month's first moment, half past midnight in summer, both passes of 1:30 in October, leap day."""
    found = []
    for month in MONTHS:
        begins = datetime.combine(month, time(0), tzinfo=LONDON).astimezone(UTC)
        found += [begins - SECOND, begins, begins + timedelta(minutes=30)]
    for day in (date(2024, 3, 31), date(2025, 3, 30), date(2026, 3, 29)):
        found += [datetime.combine(day, time(hour, 30), tzinfo=UTC) for hour in (0, 1)]
    for day in (date(2024, 10, 27), date(2025, 10, 26), date(2026, 10, 25)):
        found += [datetime.combine(day, time(hour, 30), tzinfo=UTC) for hour in (0, 1)]
    leap = datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)
    return [*found, leap, leap + SECOND, leap - timedelta(hours=12)]


class World:
    """Everything is drawn from one seed."""

    def __init__(self, seed: int, *, size: int = 150) -> None:
        self.any = random.Random(seed)
        # Fifteen months of the three years, so that months are full: which ones depends on the seed.
        first = (0, 9, 21)[seed % 3]
        self.first, last = MONTHS[first], MONTHS[first + 14]
        self.edges = [at for at in edges() if self.first <= at.astimezone(LONDON).date().replace(day=1) <= last]
        self.size = size
        self.people = [make.resident(f"Person {number}") for number in range(8)]
        self.homes = [make.household(*self.people[number * 2 : number * 2 + 2]) for number in range(4)]
        council = make.council()
        office, late, bare = (
            Team.objects.create(organisation=council, name=f"{name} {seed}") for name in ("Office", "Late", "Bare")
        )
        give_office_hours(office)
        TeamOpening.objects.bulk_create(
            TeamOpening(team=late, weekday=day, opens_at=time(7, 30), closes_at=time(21)) for day in range(1, 7)
        )
        self.teams = [office, late, bare, None]
        self.leads = [make.user(f"Lead {seed} {number}", Role.CASEWORKER, teams=[office]) for number in range(3)]
        self.partner = make.organisation(f"Partner {seed}")
        self.needs = [make.need(code) for code in ("rent_arrears", "food", "debt")]

    def moment(self) -> datetime:
        """Half of them at an edge."""
        if self.any.random() < 0.5:
            return self.any.choice(self.edges)
        days, minutes = self.any.randrange(15 * 30), self.any.randrange(24 * 60)
        return datetime.combine(self.first, time(0), tzinfo=UTC) + timedelta(days=days, minutes=minutes)

    def day(self) -> date:
        return self.moment().astimezone(LONDON).date()

    def soon(self, moment: datetime) -> datetime:
        return moment + timedelta(minutes=self.any.choice((0, 1, 90, 700, 3_000, 9_000, 30_000)))

    def maybe(self, choices: list, chance: float = 0.7):
        return self.any.choice(choices) if self.any.random() < chance else None

    def fill(self) -> "World":
        """All kinds of records."""
        self.contacts()
        self.decisions()
        self.cases()
        self.placements()
        self.gains()
        self.episodes()
        self.referrals()
        return self

    def contacts(self) -> None:
        rows = []
        for _ in range(self.size):
            at = self.moment()
            if rows and self.any.random() < 0.5:  # many returns, on both sides of the 28th day
                at = rows[-1].received_at + timedelta(
                    days=self.any.choice((1, 27, 28, 29)), hours=self.any.choice((-1, 0, 1))
                )
            rows.append(
                Contact(
                    resident=self.maybe(self.people[:4]),
                    household=self.maybe(self.homes[:2]),
                    channel=self.any.choice(["phone_in", "phone_in", "web", "phone_out", "police", "outreach"]),
                    speaking=self.any.choice(["self", "self", "on_behalf", "professional", "anonymous"]),
                    received_at=at,
                    logged_at=at,
                    words="…",
                    basis="privacy_notice",
                    outcome=self.any.choice(["resolved", "resolved", "advice", ""]),
                )
            )
        self.contact_rows = Contact.objects.bulk_create(rows)
        ContactNeed.objects.bulk_create(
            ContactNeed(contact=contact, need=need)
            for contact in rows
            for need in self.any.sample(self.needs, self.any.choice((0, 1, 1, 2)))
        )

    def decisions(self) -> None:
        self.decision_rows: list[Decision] = []
        last: dict[int, Decision] = {}
        for contact in self.any.choices(self.contact_rows, k=self.size):
            made = self.soon(contact.received_at) if self.any.random() < 0.9 else self.moment()
            home, kind = self.maybe(self.homes), self.any.choice(["triage"] * 4 + ["step_up", "step_down"])
            choice = Decision(
                kind=kind,
                contact=contact,
                household=home,
                previous=last.pop(home.pk, None) if home and self.any.random() < 0.6 else None,
                made_at=made,
                team=self.any.choice(self.teams),
                suggested_tier=self.any.randint(1, 5),
                chosen_tier=self.any.randint(1, 5),
                urgency=self.any.choice(["red", "amber", "green"]),
                due_at=self.maybe([made, made - SECOND, made + SECOND], 0.8),
                lower_reason="other",
                reason="Known to us",
            )
            choice.save()
            self.decision_rows.append(choice)
            if home:
                last[home.pk] = choice

    def cases(self) -> None:
        free = self.any.sample(self.decision_rows, 8)
        for number, choice in enumerate(free):
            opened = self.moment()
            closed = self.soon(opened) + timedelta(days=self.any.randrange(300)) if number >= 3 else None
            case = Case.objects.create(
                household=self.homes[number] if closed is None else self.any.choice(self.homes),
                decision=choice,
                tier=4,
                status="closed" if closed else "open",
                team=self.teams[0],
                lead=self.any.choice(self.leads),
                opened_at=opened,
                closed_at=closed,
                closure_reason=make.outcomes_met() if closed else None,
                review_due_on=opened.date(),
            )
            history = Case.pgh_event_models["changed"]
            for moment in sorted(self.any.choice(self.edges) for _ in range(self.any.choice((0, 1, 2)))):
                if moment > datetime.now(UTC):
                    continue  # nothing has a history in the future
                plain = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
                plain |= {"lead_id": self.any.choice(self.leads).pk}
                row = history(pgh_obj=case, pgh_created_at=moment, pgh_label="changed", **plain)
                row.save_base(raw=True, force_insert=True)  # as it is: the moment is not the present one
        self.case = Case.objects.first()

    def placements(self) -> None:
        kinds = Placement.Kind.values
        for home in self.homes:
            start = self.day() - timedelta(days=200)
            for _ in range(5):
                start += timedelta(days=self.any.choice((0, 0, 20, 150)))
                end = start + timedelta(days=self.any.choice((1, 28, 31, 100, 400)))
                if self.any.random() < 0.4:
                    end = month_of(end + timedelta(days=32))  # left on the first: the last night was the month's last
                moved = self.any.random() < 0.4
                Placement.objects.create(
                    case=self.case,
                    household=home,
                    kind=self.any.choice(kinds),
                    starts_on=start,
                    ends_on=end,
                    ended_because="moved_within" if moved else "settled",
                    recorded_at=make.NOON,
                )
                start = end
            Placement.objects.create(
                case=self.case, household=home, kind=kinds[0], starts_on=self.day(), recorded_at=make.NOON
            )

    def gains(self) -> None:
        for _ in range(self.size // 2):
            before, more, weeks = self.any.randrange(5_000), self.any.choice((0, 1, 4_321)), self.any.randint(1, 52)
            once = self.any.choice((0, 5_000)) if more else 777
            confirmed = self.maybe([self.day()])
            IncomeGain.objects.create(
                resident=self.any.choice(self.people),
                kind="pip",
                status="confirmed" if confirmed else self.any.choice(["claimed", "refused"]),
                weekly_before_pence=before,
                weekly_after_pence=before + more,
                weeks=weeks,
                one_off_pence=once,
                value_pence=more * weeks + once,
                claimed_on=date(2024, 1, 1),
                confirmed_on=confirmed,
                evidence="Letter" if confirmed else "",
                recorded_at=make.NOON,
            )

    def episodes(self) -> None:
        ended = self.moment()
        for contact in self.any.sample(self.contact_rows, self.size // 2):
            ended = ended if ended.year < 2027 else self.moment()
            opened = self.any.choice([self.moment(), ended, ended + timedelta(days=345)])
            done = self.any.random() < 0.85
            SafeguardingEpisode.objects.create(
                contact=contact,
                resident=self.maybe(self.people[:3]),
                status="completed" if done else "open",
                urgency="amber",
                opened_at=opened,
                due_at=opened,
                completed_at=(ended := opened + timedelta(days=self.any.choice((0, 1, 40)))) if done else None,
                outcome=self.any.choice(SafeguardingEpisode.Outcome.values) if done else "",
                for_adult=self.any.random() < 0.4,
            )

    def referrals(self) -> None:
        statuses = ["sent", "received", "waiting", "accepted", "declined", "in_progress", "completed", "withdrawn"]
        person: Resident = self.people[0]
        agreed = make.agreement(person, self.partner)
        for _ in range(self.size // 2):
            sent, status = self.moment(), self.any.choice(statuses)
            answered = None if status in ("sent", "received") else self.soon(sent)
            Referral.objects.create(
                resident=person,
                organisation=self.partner,
                agreement=agreed,
                status=status,
                reason="Food",
                made_at=sent,
                sent_at=sent,
                answered_at=answered,
                answer_due_at=sent + timedelta(days=7),
                unanswered_at=self.maybe([sent + timedelta(days=8)], 0.3),
                decline_reason="capacity" if status == "declined" else "",
                completed_at=answered if status == "completed" else None,
                outcome="met" if status == "completed" else "",
            )

"""Work with a household: allocated, visited, planned, reviewed, stepped, housed, closed, and looked at again."""

from datetime import date, datetime, timedelta

from accounts.models import User
from accounts.working_time import local_day
from cases.models import Case, Placement, PlanNeed
from desk.borough import handing, words
from desk.borough.amounts import GAINS, KINDS, ONE_OFFS, TA
from desk.borough.clock import office
from desk.borough.people import Family
from desk.borough.themes import Theme
from desk.borough.verbs import cases, money, plans
from desk.borough.world import Story, World
from triage.tiers import Tier

REVIEW_EVERY = 42


class Work:
    """The life of one case."""

    def __init__(self, world: World, family: Family, theme: Theme, case: Case, lead: User, manager: User) -> None:
        self.world, self.family, self.theme, self.case = world, family, theme, case
        self.lead, self.manager = lead, manager
        self.book, self.random = world.book, world.random
        self.drifting = 0
        self.first_night: date | None = None

    def run(self, at: datetime) -> Story:
        """From the first visit to the ending."""
        world, random = self.world, self.random
        homeless = self.theme.key == "homeless"
        if homeless or (self.theme.key == "notice" and world.chance(0.07 - 0.03 * world.way(at))):
            self._place(at, first=local_day(at))
        at = yield office(random, at, days=(0, 4))
        self._note(at, words.FIRST_NOTES, "visit", significant=True)
        at = yield office(random, at, days=(3, 12))
        self._plan(at)
        for _ in range(random.choice((0, 1, 1, 2))):
            world.spawn(office(random, at, days=(2, 30)), self._gain())
        if world.chance(0.72):
            world.spawn(office(random, at, days=(1, 25)), self._refer())
        if self.family.has_children and world.chance(0.3):
            partner = random.choice(list(world.staff.partners))
            organisation = world.staff.partners[partner].organisation
            cases.add_agency(
                self.book,
                self.case,
                organisation=organisation,
                part="Works with the family each week",
                by=self.lead,
                at=at,
            )
        months = random.lognormvariate(1.45, 0.42) * (1.35 if self.case.tier == Tier.INTERVENTION else 1.0)
        end = at + timedelta(days=int(months * 30))
        yield from self._months(at, end)

    def taken_over(self, at: datetime, first: date, *, placed: bool) -> Story:
        """A case that goes on from the former system, in temporary accommodation already or not."""
        if placed:
            self._place(at, first=first)
        at = yield office(self.random, at, days=(2, 15))
        self._plan(at)
        yield from self._months(at, at + timedelta(days=self.random.randint(40, 260)))

    def _months(self, at: datetime, end: datetime) -> Story:
        """Notes, reviews and steps until it is time to end; nobody closes while the household is in TA."""
        world, random = self.world, self.random
        while True:
            if self.case.status != Case.Status.OPEN:
                return
            review = self.case.review_due_on
            long = at - self.case.opened_at > timedelta(days=120)
            at = yield office(random, at, days=(18, 44) if long else (8, 28))
            due = (review - local_day(at)).days
            if due <= 3 and not (due > -21 and world.chance(0.12)):
                self._review(at)
            elif world.chance(0.9):
                self._note(at, words.NOTES, random.choice(words.CALLS))
            self._get_on(at)
            if world.chance(0.02):
                self._supervise(at)
            if world.chance(0.012) and self.case.tier == Tier.SUPPORT:
                reason = "Things have become worse quickly; the children are in the middle of it."
                cases.step_up(
                    self.book,
                    self.case,
                    tier=Tier.INTERVENTION,
                    reason=reason,
                    team=world.team_of(self.lead),
                    by=self.lead,
                    at=at,
                )
            elif world.chance(0.03) and self.case.tier == Tier.INTERVENTION:
                self._step_down(at)
            if world.chance(0.004):
                self._pass_on(at)
            yield from self._housing(at)
            if at >= end and self._free():
                yield from self._end(at)
                return

    # --- what a worker does ---------------------------------------------------------------------------------------

    def _note(self, at: datetime, texts: tuple[str, ...], kind: str, *, significant: bool = False) -> None:
        happened = at - timedelta(minutes=self.random.randint(10, 200))
        happened = max(happened, self.case.opened_at)
        seen = self.family.has_children and kind == "visit" and self.world.chance(0.6)
        if self.world.chance(0.3):  # else it is open on the screen from the note before
            self.world.read(self.lead, self.case, *cases.present(self.book, self.case))
        cases.write_note(
            self.book,
            self.case,
            kind=kind,
            text=words.say(self.random, texts),
            happened_at=happened,
            child_seen=seen,
            significant=significant,
            by=self.lead,
            at=at,
        )

    def _supervise(self, at: datetime) -> None:
        text = words.say(self.random, words.SUPERVISION)
        cases.write_note(self.book, self.case, kind="supervision", text=text, happened_at=at, by=self.manager, at=at)

    def _plan(self, at: datetime) -> None:
        random = self.random
        codes = list(
            dict.fromkeys([*self.theme.needs, *(one for one in self.theme.more_needs if self.world.chance(0.4))])
        )[:3]
        for code in codes:
            goals = words.GOALS.get(code, words.GOALS[""])
            need = plans.add_need(
                self.book,
                self.case,
                need=self.world.needs[code],
                goal=random.choice(goals),
                baseline=random.choice((1, 1, 2, 2, 3)),
                resident=None,
                by=self.lead,
                at=at,
            )
            for _ in range(random.choice((0, 1, 1, 1))):
                self._action(need, at)

    def _action(self, need: PlanNeed, at: datetime) -> None:
        random = self.random
        owner = {"owner": self.lead}
        if self.world.chance(0.3):
            owner = {"owner_name": str(self.family.speaker.resident)}
        plans.add_action(
            self.book,
            need,
            what=random.choice(words.ACTIONS),
            due_on=local_day(at) + timedelta(days=random.randint(5, 40)),
            by=self.lead,
            at=at,
            **owner,
        )

    def _get_on(self, at: datetime) -> None:
        """Actions that are due get done, mostly; needs move a step."""
        for action in self.book.of["todo", self.case.id]:
            if action.status == "open" and (action.due_on - local_day(at)).days <= 4 and self.world.chance(0.75):
                plans.finish_action(self.book, action, result=self.random.choice(words.RESULTS), by=self.lead, at=at)
        for need in self.book.of["plan", self.case.id]:
            if need.status == "open" and need.latest < 5 and self.world.chance(0.12):
                plans.record_progress(self.book, need, latest=need.latest + 1, by=self.lead, at=at)

    def _review(self, at: datetime) -> None:
        random = self.random
        progress = self.world.chance(0.82)
        more = {}
        if not progress and self.drifting:
            more = _manager_says(self.manager)
        self.drifting = 0 if progress else self.drifting + 1
        texts = (
            words.REVIEWS
            if progress
            else tuple(one.replace("{moved}", random.choice(words.NOT_MOVED)) for one in words.REVIEWS)
        )
        plans.hold_review(
            self.book,
            self.case,
            outcome="continue" if self.world.chance(0.8) else "change",
            progress=progress,
            summary=words.say(random, texts),
            household_view=random.choice(words.VIEWS),
            by=self.lead,
            at=at,
            **more,
        )

    def _step_down(self, at: datetime) -> None:
        cases.step_down(
            self.book,
            self.case,
            tier=Tier.SUPPORT,
            receiver=f"{self.lead} goes on",
            reason="The danger has passed and the household keeps to the plan.",
            team=self.world.team_of(self.manager),
            by=self.manager,
            at=at,
        )

    def _pass_on(self, at: datetime) -> None:
        other = self.world.colleague(self.lead, self.case.team)
        if other and not self.case.restricted:
            self.world.load[self.lead.id] -= 1
            self.world.load[other.id] += 1
            cases.reallocate(
                self.book,
                self.case,
                lead=other,
                team=self.case.team,
                reason="Change of hours in the team",
                by=self.manager,
                at=at,
            )
            self.lead = other

    # --- homes and money ------------------------------------------------------------------------------------------

    def _place(self, at: datetime, *, first: date) -> None:
        random = self.random
        kind = random.choices([one for one, _ in TA], [share for _, share in TA])[0]
        away = self.world.chance(0.22)
        place = self.world.places.temporary(out_of_area=away)
        money.start_placement(
            self.book, self.case, kind=kind, place=place, out_of_area=away, starts_on=first, by=self.lead, at=at
        )
        self.family.placed, self.first_night = True, first

    def _staying(self) -> Placement | None:
        return next((one for one in self.book.of["placements", self.case.id] if one.ends_on is None), None)

    def _housing(self, at: datetime) -> Story:
        """Moves within temporary accommodation, and out of it sooner or later."""
        stay, random = self._staying(), self.random
        if stay is None:
            return
        today = local_day(at)
        nights = (today - (self.first_night or stay.starts_on)).days
        if stay.starts_on >= today:
            return
        if (
            stay.kind == KINDS.BED_AND_BREAKFAST and (today - stay.starts_on).days > 20 and self.world.chance(0.55)
        ) or self.world.chance(0.024):
            self._move(stay, at)
        elif nights > 30 and self.world.chance(0.029 + 0.005 * self.world.way(at)):
            because = random.choices(("settled", "left", "lost_touch", "duty_ended"), (70, 12, 6, 12))[0]
            money.end_placement(self.book, stay, on=today, because=because, by=self.lead, at=at)
            self.family.placed = False
        return
        yield at

    def _move(self, stay: Placement, at: datetime) -> None:
        kind = self.random.choice((KINDS.NIGHTLY_PAID, KINDS.PRIVATE_LEASED, KINDS.HOSTEL, KINDS.COUNCIL_STOCK))
        away = self.world.chance(0.15)
        place = self.world.places.temporary(out_of_area=away)
        money.move_placement(
            self.book, stay, kind=kind, place=place, out_of_area=away, on=local_day(at), by=self.lead, at=at
        )

    def _gain(self) -> Story:
        """A claim, and weeks later its answer. More of them as the benefit checks spread."""
        at = yield self.book.now
        random = self.random
        adults = [
            one
            for one in cases.present(self.book, self.case)
            if one.born_on is None or (one.age_on(local_day(at)) or 0) >= 18
        ]
        if self.case.status != Case.Status.OPEN or not adults or not self.world.chance(0.3 + 0.65 * self.world.way(at)):
            return
        kind, low, high = random.choice(ONE_OFFS if self.world.chance(0.25) else GAINS)
        amount = random.randint(low // 100, high // 100) * 100 + random.choice((0, 15, 40, 65, 85))
        weekly = kind not in {name for name, _, _ in ONE_OFFS}
        before = random.choice((0, 0, 0, 2_500, 4_000)) if weekly else 0
        amounts = (
            {
                "weekly_before_pence": before,
                "weekly_after_pence": before + amount,
                "one_off_pence": random.choice((0, 0, amount * 6)),
            }
            if weekly
            else {"one_off_pence": amount}
        )
        gain = money.claim_gain(
            self.book,
            random.choice(adults),
            case=self.case,
            kind=kind,
            claimed_on=local_day(at) - timedelta(days=random.randint(0, 3)),
            by=self.lead,
            at=at,
            **amounts,
        )
        at = yield office(random, at, days=(18, 75))
        if gain.status != "claimed":
            return
        if self.world.chance(0.83):
            evidence = random.choice(("Award letter", "Journal entry", "Bank statement", "Letter from the department"))
            money.confirm_gain(self.book, gain, evidence=evidence, confirmed_on=local_day(at), by=self.lead, at=at)
        else:
            money.refuse_gain(self.book, gain, evidence="Decision letter", by=self.lead, at=at)

    def _refer(self) -> Story:
        at = yield self.book.now
        if self.case.status == Case.Status.OPEN:
            code = self.random.choice(self.theme.needs + self.theme.more_needs)
            yield from handing.refer(self.world, self.family, code, self.lead, at, case=self.case)

    # --- the ending -----------------------------------------------------------------------------------------------

    def _free(self) -> bool:
        """Whether nothing stands against closing: no nights, no open claims, no referral that goes on."""
        claims = any(gain.status == "claimed" for gain in self.book.of["gains", self.case.id])
        out = any(one.status in one.LIVE or one.status == "draft" for one in self.book.of["referrals", self.case.id])
        return self._staying() is None and not claims and not out

    def _end(self, at: datetime) -> Story:
        """Settle the plan, close, and look again after six months."""
        random, world = self.random, self.world
        lost = world.chance(0.1)
        for action in self.book.of["todo", self.case.id]:
            if action.status == "open":
                plans.drop_action(self.book, action, result="Not needed any more", by=self.lead, at=at)
        for need in self.book.of["plan", self.case.id]:
            if need.status == "open":
                met = "not_met" if lost else random.choices(("met", "partly_met", "not_met"), (62, 28, 10))[0]
                latest = max(need.latest, 4) if met == "met" else need.latest
                plans.close_need(
                    self.book,
                    need,
                    result=PlanNeed.Status(met),
                    outcome=f"{need.latest} of 5 at the end",
                    latest=latest,
                    by=self.lead,
                    at=at,
                )
        code = (
            "disengaged"
            if lost
            else random.choices(("outcomes_met", "partly_met", "moved", "stepped_down"), (62, 22, 6, 10))[0]
        )
        summary = words.LOST if lost else random.choice(words.SUMMARIES)
        view = "" if lost else random.choice([one for one in words.VIEWS if one])
        self.world.load[self.lead.id] -= 1
        self.family.busy = False
        if code == "stepped_down":
            service, _ = random.choice(world.staff.services)
            cases.step_down(
                self.book,
                self.case,
                tier=Tier.UNIVERSAL,
                receiver=f"{service.organisation.name}, {service.name.lower()}",
                reason="The plan is met; somebody to turn to is enough from now on.",
                team=world.team_of(self.manager),
                by=self.manager,
                at=at,
                closing=world.reasons[code],
                summary=summary,
                resident_view=view,
            )
        else:
            by = self.manager if world.reasons[code].needs_manager else self.lead
            cases.close_case(
                self.book, self.case, reason=world.reasons[code], summary=summary, resident_view=view, by=by, at=at
            )
        if self.case.check_on and hasattr(self.case, "checked_at"):
            at = yield office(
                random,
                at,
                days=((self.case.check_on - local_day(at)).days, (self.case.check_on - local_day(at)).days + 12),
            )
            if world.chance(0.98):
                kept = random.choices((True, False, None), (66, 18, 16))[0]
                cases.record_check(self.book, self.case, sustained=kept, text=words.CHECKS[kept], by=self.lead, at=at)


def _manager_says(manager: User) -> dict:
    """Two reviews without progress: the manager directs."""
    return {"discussed_with": manager, "manager_words": words.SUPERVISION[1]}

"""Who may see and write which row, once more and in plain Python: the independent half of the test of row-level security.

Written from the words of the house (who is staff, who is named, whose team), not from the policies. Nothing here asks the
database: every rule reads the rows that were loaded by the owner.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Row = dict[str, Any]
STAFF = {"front_door", "caseworker", "manager"}


@dataclass(frozen=True)
class Principal:
    """Someone who asks: a person, a link, a job, or nobody."""

    name: str
    person: int | None
    role: str | None
    organisation: int | None
    teams: frozenset[int] = frozenset()
    duty: bool = False

    @property
    def system(self) -> bool:
        """Whether it is a job."""
        return self.role == "system"

    @property
    def staff(self) -> bool:
        """Whether they work with residents."""
        return self.system or self.role in STAFF


@dataclass
class Facts:
    """All rows of all tables, as the owner sees them, and the rules over them."""

    rows: dict[str, list[Row]]
    now: datetime
    by_id: dict[str, dict[int, Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table, rows in self.rows.items():
            self.by_id[table] = {row["id"]: row for row in rows if "id" in row}

    def followed(self, row: Row) -> Row:
        """As the database takes it: a row about a merged person is one about the record that stands."""
        if not row.get("resident_id"):
            return row
        return {
            **row,
            "resident_id": self.by_id["residents_resident"][row["resident_id"]]["merged_into_id"] or row["resident_id"],
        }

    # --- residents ---------------------------------------------------------------------------------------------------

    def named(self, p: Principal, resident: int) -> bool:
        """Named for a resident, and it still holds."""
        return any(
            row["user_id"] == p.person
            and row["resident_id"] == resident
            and (row["until"] is None or _moment(row["until"]) > self.now)
            for row in self.rows["residents_accessgrant"]
        )

    def resident(self, p: Principal, row: Row) -> bool:
        """Staff, unless the resident is restricted and they are not named, or another record stands in its place."""
        open_to = not row["restricted"] or self.named(p, row["id"])
        return p.staff and (p.system or (open_to and row["merged_into_id"] is None))

    def merge(self, p: Principal, row: Row) -> bool:
        """Managers, for residents that they may open."""
        return p.role in {"manager", "system"} and self.of_resident(p, row, "stands_in_id")

    def of_resident(self, p: Principal, row: Row, column: str = "resident_id") -> bool:
        """What hangs on a resident."""
        return p.staff and self.resident(p, self.by_id["residents_resident"][row[column]])

    def pair(self, p: Principal, row: Row) -> bool:
        """Two residents, both of whom they may open, and of whom none is alleged to harm the other without their knowing."""
        both = {row["one_id"], row["other_id"]}
        hidden = any(
            tie["kind"] == "alleged" and tie["until"] is None and not self.tie(p, tie)
            for tie in self.rows["residents_relationship"]
            if {tie["first_id"], tie["second_id"]} == both
        )
        return self.of_resident(p, row, "one_id") and self.of_resident(p, row, "other_id") and not hidden

    def shown(self, p: Principal, row: Row) -> bool:
        """The same of a record that was begun and one that was shown."""
        return self.of_resident(p, row, "begun_id") and self.of_resident(p, row, "shown_id")

    def proposed(self, p: Principal, row: Row) -> bool:
        """A row of a file of people: a manager's, unless it became a record that they may not open."""
        if p.role not in ("manager", "system"):
            return False
        return row["resident_id"] is None or self.of_resident(p, row)

    def kept_apart(self, p: Principal, row: Row) -> bool:
        """What such a row may be about, of restricted people: a manager's who may open the record."""
        return p.role in ("manager", "system") and self.of_resident(p, row)

    def hides(self, p: Principal, resident: int) -> bool:
        """Whether a restricted resident is hidden from someone."""
        row = self.by_id["residents_resident"][resident]
        return row["restricted"] and not p.system and not self.named(p, resident)

    def household(self, p: Principal, row: Row) -> bool:
        """Staff, unless someone who lives there now is hidden from them."""
        return p.staff and not any(
            m["household_id"] == row["id"] and m["until"] is None and self.hides(p, m["resident_id"])
            for m in self.rows["residents_membership"]
        )

    def united(self, p: Principal, row: Row) -> bool:
        """Staff who may see both households."""
        homes = self.by_id["residents_household"]
        return self.household(p, homes[row["household_id"]]) and self.household(p, homes[row["other_id"]])

    def address(self, p: Principal, row: Row) -> bool:
        """Staff, unless only people hidden from them have lived there."""
        lived = [r["resident_id"] for r in self.rows["residents_residentaddress"] if r["address_id"] == row["id"]]
        return p.staff and (not lived or not all(self.hides(p, resident) for resident in lived))

    def grant(self, p: Principal, row: Row) -> bool:
        """One's own, or any for a manager; but for a resident that they may open only."""
        mine = row["user_id"] == p.person or p.role in {"manager", "system"}
        return p.staff and mine and not self.hides(p, row["resident_id"])

    def gives_grant(self, p: Principal, row: Row) -> bool:
        """Managers name people, for residents that they may open."""
        return p.role in {"manager", "system"} and self.of_resident(p, row)

    def tie(self, p: Principal, row: Row) -> bool:
        """Who may open both people; of an alleged perpetrator those who work with the victim, wrote it down, or are duty managers."""
        both = self.of_resident(p, row, "first_id") and self.of_resident(p, row, "second_id")
        if row["kind"] != "alleged" or not both:
            return both
        works = any(
            one["resident_id"] == row["second_id"]
            and one["until"] is None
            and (one["user_id"] == p.person or one["team_id"] in p.teams)
            for one in self.rows["residents_involvement"]
        )
        mine = row["recorded_by_id"] == p.person or self.named(p, row["second_id"])
        return p.system or p.duty or works or mine

    # --- intake and triage -------------------------------------------------------------------------------------------

    def contact(self, p: Principal, row: Row) -> bool:
        """Staff: of residents that they may open, and of nobody known."""
        return p.staff and (row["resident_id"] is None or self.of_resident(p, row))

    def of_contact(self, p: Principal, row: Row) -> bool:
        """What hangs on a contact."""
        return self.contact(p, self.by_id["intake_contact"][row["contact_id"]])

    def decision(self, p: Principal, row: Row) -> bool:
        """Staff: of contact, resident and household all of which they may see."""
        return (
            p.staff
            and (row["contact_id"] is None or self.of_contact(p, row))
            and (row["resident_id"] is None or self.of_resident(p, row))
            and (
                row["household_id"] is None or self.household(p, self.by_id["residents_household"][row["household_id"]])
            )
        )

    def of_decision(self, p: Principal, row: Row) -> bool:
        """What hangs on a decision."""
        return self.decision(p, self.by_id["triage_decision"][row["decision_id"]])

    # --- cases and referrals -----------------------------------------------------------------------------------------

    def case(self, p: Principal, row: Row) -> bool:
        """Its lead, people named on it, its team; of a restricted one only the team's manager."""
        if p.system:
            return True
        if p.role not in {"caseworker", "manager"}:
            return False
        named = any(
            n["case_id"] == row["id"] and n["user_id"] == p.person and n["until"] is None
            for n in self.rows["cases_caseperson"]
        )
        team = row["team_id"] in p.teams and (not row["restricted"] or p.role == "manager")
        return row["lead_id"] == p.person or named or team

    def of_case(self, p: Principal, row: Row) -> bool:
        """What hangs on a case."""
        return self.case(p, self.by_id["cases_case"][row["case_id"]])

    def ours(self, p: Principal, row: Row) -> bool:
        """A referral as staff see it."""
        return self.of_resident(p, row)

    def referral(self, p: Principal, row: Row) -> bool:
        """Staff; the partner whom it was sent to; the link that was made for it."""
        partner = p.role == "partner" and row["organisation_id"] == p.organisation
        return (
            self.ours(p, row)
            or (partner and row["status"] not in {"draft", "cancelled"})
            or (p.role == "link" and row["id"] == p.person)
        )

    def of_referral(self, p: Principal, row: Row) -> bool:
        """What hangs on a referral."""
        return self.referral(p, self.by_id["referrals_referral"][row["referral_id"]])

    def link(self, p: Principal, row: Row) -> bool:
        """Links are the council's and the link's own; a partner has no use for them."""
        return p.role != "partner" and self.of_referral(p, row)


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


Rule = Callable[[Facts, Principal, Row], bool]


@dataclass(frozen=True)
class Rules:
    """Who may see, add, change and delete rows of a table. None of the last three: as seeing."""

    see: Rule
    add: Rule | None = None
    change: Rule | None = None
    delete: Rule | None = None

    def of(self, what: str) -> Rule:
        """The rule for one of see, add, change, delete."""
        return getattr(self, what) or (self.change if what == "add" and self.change else self.see)


def nobody(facts: Facts, p: Principal, row: Row) -> bool:
    """No one."""
    return False


def anyone(facts: Facts, p: Principal, row: Row) -> bool:
    """Everyone, nobody at all included."""
    return True


def _system(facts: Facts, p: Principal, row: Row) -> bool:
    return p.system


def _staff(facts: Facts, p: Principal, row: Row) -> bool:
    return p.staff


def _role(*roles: str) -> Rule:
    return lambda facts, p, row: p.role in roles


def _own_draft(facts: Facts, p: Principal, row: Row) -> bool:
    return p.system or (p.role is not None and p.role != "link" and row["person_id"] == p.person)


def _own_desk(facts: Facts, p: Principal, row: Row) -> bool:
    return p.system or (p.role is not None and p.role != "link" and row["user_id"] == p.person)


def _own_entry(facts: Facts, p: Principal, row: Row) -> bool:
    return p.system or row["person_id"] is None or (p.role != "link" and row["person_id"] == p.person)


def _for(tables: Iterable[str], rules: Rules) -> dict[str, Rules]:
    return dict.fromkeys(tables, rules)


RULES: dict[str, Rules] = {
    "residents_resident": Rules(Facts.resident, add=_staff, change=Facts.resident),
    "residents_household": Rules(Facts.household),
    "residents_address": Rules(Facts.address),
    **_for(
        [
            "residents_membership",
            "residents_phone",
            "residents_emailaddress",
            "residents_warning",
            "residents_residentaddress",
            "residents_characteristics",
            "residents_involvement",
            "residents_agreement",
            "residents_personwhomatters",
            "residents_restriction",
        ],
        Rules(Facts.of_resident),
    ),
    "residents_relationship": Rules(Facts.tie),
    "residents_chronologyentry": Rules(Facts.of_resident, add=_staff, change=nobody),
    "residents_search_document": Rules(Facts.of_resident, add=_system, change=_system, delete=_system),
    "residents_search_key": Rules(_system, delete=_system),
    "residents_restricted_key": Rules(_system, delete=_system),
    "residents_likelypair": Rules(Facts.pair),
    "residents_shownbefore": Rules(Facts.shown),
    "residents_pairkey": Rules(_system, delete=_system),
    "residents_accessgrant": Rules(Facts.grant, change=Facts.gives_grant),
    "residents_merge": Rules(Facts.merge, change=_system),
    "residents_mergedrow": Rules(_system),
    "residents_united": Rules(Facts.united, add=_system, change=_system),
    "intake_contact": Rules(Facts.contact),
    "intake_contactneed": Rules(Facts.of_contact, delete=Facts.of_contact),
    "intake_answer": Rules(Facts.of_contact),
    "intake_importedrecord": Rules(_system),
    "intake_changeset": Rules(_role("manager", "system")),
    "intake_proposedchange": Rules(Facts.proposed),
    "intake_quarantinedmatch": Rules(Facts.kept_apart, add=_system, change=_system),
    "intake_carriedout": Rules(_system),
    "triage_triageitem": Rules(Facts.of_contact),
    "triage_safeguardingepisode": Rules(Facts.of_contact),
    "triage_decision": Rules(Facts.decision),
    "triage_firedrule": Rules(Facts.of_decision, add=Facts.of_decision, change=nobody),
    "cases_case": Rules(Facts.case),
    **_for(
        [
            "cases_casemember",
            "cases_caseagency",
            "cases_caseperson",
            "cases_planneed",
            "cases_planaction",
            "cases_placement",
        ],
        Rules(Facts.of_case),
    ),
    **_for(["cases_note", "cases_review"], Rules(Facts.of_case, add=Facts.of_case, change=nobody)),
    "cases_incomegain": Rules(Facts.of_resident),
    "referrals_referral": Rules(Facts.referral, add=Facts.ours, change=Facts.referral),
    "referrals_referralmessage": Rules(Facts.of_referral, add=Facts.of_referral, change=nobody),
    "referrals_answerlink": Rules(Facts.link),
    "ledger_auditevent": Rules(_role("information_governance", "manager", "system"), add=_own_entry, change=nobody),
    "ledger_auditseal": Rules(_role("information_governance", "system"), add=_system, change=nobody),
    "desk_guideputaway": Rules(_own_desk, delete=_own_desk),
    "ledger_draft": Rules(_own_draft, delete=_own_draft),
    "ledger_outboxjob": Rules(_system, add=lambda facts, p, row: p.role is not None, change=_system, delete=_system),
    "accounts_userhistory": Rules(
        _role("administrator", "information_governance", "system"), add=anyone, change=nobody
    ),
}


def history_of(parent: str) -> Rules:
    """A history table: seen with the record itself; written by triggers, whoever makes the change."""
    return Rules(
        lambda facts, p, row: RULES[parent].see(facts, p, facts.by_id[parent][row["pgh_obj_id"]]),
        add=anyone,
        change=nobody,
    )


def rules_for(table: str) -> Rules | None:
    """The rules of a table, or None where nobody has written them."""
    if table in RULES:
        return RULES[table]
    parent = table.removesuffix("history")
    return history_of(parent) if parent != table and parent in RULES else None

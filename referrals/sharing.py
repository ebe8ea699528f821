"""What leaves the council with a referral: only what the agreement covers, and contact only where it is safe.

The page that shows "this is all they see" and the act of sending use the same function.
"""

import re
from collections.abc import Iterable
from contextlib import suppress

from django.core.exceptions import ValidationError

from ledger.acting import reading_as_system
from referrals.models import Referral, ReferralMessage
from residents.models import NO_WALLS, Agreement, Resident, Warning
from residents.reach import Purpose, Way, ways_to_reach, ways_to_reach_all
from residents.withheld import without_victims
from residents.written import read_phone

# A sentence such as "Name, safe contact, need" is what a worker writes down; these words in it say what it covers.
COVERS = {
    "name": "name",
    "contact": "contact|phone|number|e-?mail|reach",
    "need": "need|goal|reason|situation",
    "risks": "risk|warning|safety",
    "access_needs": "access|language|interpreter|communication|disabilit",
}
NOT = r"\b(not|no|never|except|without)\b[^,;.\n]*"
EVERYTHING = "everything|all of it|all details"
LABELS = {
    "name": "Name",
    "contact": "Safe contact",
    "need": "What they need",
    "risks": "Risks",
    "access_needs": "Access needs",
}
NOT_SAFE_NOW = "What else was shared is not safe any more: do not use it."
ASK_FIRST = "What was shared is not safe any more. Ask the council before you try to reach them."
TOLD_RISKS = (Warning.Kind.STAFF, Warning.Kind.SELF)


def covered(agreement: Agreement) -> frozenset[str]:
    """Which kinds of data the agreement lets us share."""
    words = re.sub(NOT, "", agreement.shared.lower())
    if re.search(rf"\b({EVERYTHING})\b", words):
        return frozenset(COVERS)
    return frozenset(kind for kind, pattern in COVERS.items() if re.search(rf"\b({pattern})", words))


def what_is_shared(
    resident: Resident, agreement: Agreement, *, reason: str, goal: str = "", risks: str = ""
) -> dict[str, str]:
    """The `shared_…` columns of a referral, and its goal; nothing of anybody whom the resident is alleged to harm. Runs three queries."""
    allowed = covered(agreement)
    found = {
        "name": _name(resident),
        "contact": _safe_contact(resident) if "contact" in allowed else "",
        "need": reason,
        "risks": _risks(resident, risks) if "risks" in allowed else "",
        "access_needs": _access_needs(resident),
    }
    found = without_victims(resident, found | {"goal": goal})
    columns = {f"shared_{kind}": found[kind] if kind in allowed else "" for kind in COVERS} | {"goal": found["goal"]}
    return {name: text[: Referral._meta.get_field(name).max_length] for name, text in columns.items()}


def message_to_partner(referral: Referral, text: str) -> str:
    """What is written to a partner about a resident: the same is taken out. Runs one query, as a rule."""
    said = without_victims(referral.resident, {"message": text})["message"]
    return said[: ReferralMessage._meta.get_field("text").max_length]


def look_behind(referrals: Iterable[Referral]) -> None:
    """Read for each what a partner may not read themselves (see `Referral.behind`). Runs one query, as the system."""
    if not (rows := {row.pk: row for row in referrals}):
        return
    with reading_as_system("system:referrals"):
        found = Referral.objects.filter(pk__in=rows)
        known = list(found.values_list("pk", "resident__reference", "agreement__withdrawn_at"))
    for key, person, gone in known:
        rows[key].behind = (person, gone is not None)


def hide_withdrawn(referrals: Iterable[Referral]) -> list[Referral]:
    """Blank, for the page only, what was shared under agreements that were taken back since. Runs one query, as the system.

    Gives those that it blanked: withdrawal stops what the partner has not read yet, whatever was frozen when it was sent.
    """
    rows = list(referrals)
    look_behind(row for row in rows if "behind" not in row.__dict__)
    hidden = [row for row in rows if row.behind[1]]
    for row in hidden:
        for name in ("goal", *(f"shared_{kind}" for kind in COVERS)):
            setattr(row, name, "")
    return hidden


def hide_unsafe(referrals: Iterable[Referral]) -> None:
    """Leave out, for the page only, each way to reach somebody that was safe when it was shared and is marked so no longer.

    What was frozen says what we told; what a partner acts on today must be safe today. Runs two queries as the system, three for many.
    """
    if not (rows := {row.pk: row for row in referrals if row.shared_contact}):
        return
    with reading_as_system("system:referrals"):
        found = Referral.objects.filter(pk__in=rows).select_related("resident").only("resident")
        whose = {row.pk: row.resident for row in found}
        if len(whose) == 1:
            # The system stands before no wall, and what to mind is not for the partner.
            reach = {one.pk: ways_to_reach(one, purpose=Purpose.SHARE, walls=NO_WALLS) for one in whose.values()}
        else:
            reach = ways_to_reach_all(whose.values(), purpose=Purpose.SHARE)
    for key, row in rows.items():
        row.shared_contact = _still_safe(row.shared_contact, reach[whose[key].pk].ways)


def _still_safe(shared: str, ways: Iterable[Way]) -> str:
    """Of the lines that were shared those that hold, each with what may still be done."""
    safe = {way.to: way for way in ways}
    lines = shared.splitlines()
    kept = []
    for line in lines:
        to, _, said = line.partition(": ")
        way = safe.get(_written(to))
        if way and (may := [one.label for one in way.channels if one.label in said.split(", ")]):
            kept.append(f"{way.said}: {', '.join(may)}")
    return "\n".join(kept if len(kept) == len(lines) else [*kept, NOT_SAFE_NOW if kept else ASK_FIRST])


def _written(to: str) -> str:
    """A number or address as the record holds it."""
    with suppress(ValidationError):
        return read_phone(to)
    return to.strip()


def _name(resident: Resident) -> str:
    other = resident.preferred_name
    return f"{resident.name} (known as {other})"[:200] if other and other != resident.name else resident.name


def _safe_contact(resident: Resident) -> str:
    """Numbers and addresses that are marked as safe, with what may be done; nothing else."""
    return "\n".join(way.words for way in ways_to_reach(resident, purpose=Purpose.SHARE).ways)[:300]


def _risks(resident: Resident, written: str) -> str:
    """What the referrer wrote, and warnings about danger to whoever visits or to the person themselves."""
    warnings = resident.warnings.in_force().filter(kind__in=TOLD_RISKS)
    lines = [f"{one.get_kind_display()}: {one.text}" for one in warnings]
    return "\n".join(filter(None, [*lines, written]))[:500]


def _access_needs(resident: Resident) -> str:
    language = f"Speaks {resident.language}" if resident.language else ""
    interpreter = "Needs an interpreter" if resident.needs_interpreter else ""
    return "\n".join(filter(None, [language, interpreter, resident.communication_needs]))[:500]

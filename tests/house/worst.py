"""The fullest record of each kind that a role may open in a borough, for what depends on how much hangs on a record.

A page whose address names a kind is asked about the fullest; `near` finds the one as full as another in a larger borough.
"""

from typing import Any

from django.db import connection

from accounts.models import User

# Beginning of the address of a page: what gives (reference, how full). Records that the person may not open answer 404 and are left.
FULLEST = {
    "residents/": """
        SELECT r.reference, (SELECT count(*) FROM residents_chronologyentry e WHERE e.resident_id = r.id)
            + (SELECT count(*) FROM intake_contact c WHERE c.resident_id = r.id)
            + (SELECT count(*) FROM residents_involvement i WHERE i.resident_id = r.id) AS fullness
        FROM residents_resident r WHERE NOT r.restricted
    """,
    "households/": """
        SELECT h.reference, (SELECT count(*) FROM residents_membership m
            JOIN residents_chronologyentry e ON e.resident_id = m.resident_id WHERE m.household_id = h.id) AS fullness
        FROM residents_household h WHERE NOT EXISTS (SELECT 1 FROM residents_membership m
            JOIN residents_resident r ON r.id = m.resident_id AND r.restricted WHERE m.household_id = h.id AND m.until IS NULL)
    """,
    "cases/": """
        SELECT c.reference, (SELECT count(*) FROM cases_note n WHERE n.case_id = c.id)
            + (SELECT count(*) FROM cases_planaction a WHERE a.case_id = c.id)
            + (SELECT count(*) FROM cases_review v WHERE v.case_id = c.id)
            + (SELECT count(*) FROM residents_chronologyentry l WHERE l.household_id = c.household_id) AS fullness
        FROM cases_case c WHERE c.lead_id = %(ben)s AND NOT c.restricted AND c.status = 'open'
    """,
    "contacts/": """
        SELECT c.reference, (SELECT count(*) FROM intake_answer a WHERE a.contact_id = c.id) AS fullness
        FROM intake_contact c JOIN residents_resident r ON r.id = c.resident_id AND NOT r.restricted
    """,
    "triage/": """
        SELECT c.reference, (SELECT count(*) FROM intake_contact o WHERE o.resident_id = c.resident_id) AS fullness
        FROM triage_triageitem t JOIN intake_contact c ON c.id = t.contact_id
        JOIN residents_resident r ON r.id = c.resident_id AND NOT r.restricted
        WHERE t.status IN ('waiting', 'claimed')
    """,
    "safeguarding/": """
        SELECT e.reference, (SELECT count(*) FROM intake_contact o WHERE o.resident_id = e.resident_id) AS fullness
        FROM triage_safeguardingepisode e JOIN residents_resident r ON r.id = e.resident_id AND NOT r.restricted
    """,
    "referrals/": """
        SELECT f.reference, (SELECT count(*) FROM referrals_referralmessage m WHERE m.referral_id = f.id) AS fullness
        FROM referrals_referral f JOIN cases_case c ON c.id = f.case_id AND c.lead_id = %(ben)s
    """,
    "inbox/": """
        SELECT f.reference, (SELECT count(*) FROM referrals_referralmessage m WHERE m.referral_id = f.id) AS fullness
        FROM referrals_referral f WHERE f.organisation_id = %(harbour)s
    """,
}  # fmt: skip


def fullest(route: str, who: dict[str, Any], near: int | None = None) -> tuple[str, int] | None:
    """(reference, how full) of the fullest record of the kind, or of the one nearest to as full as `near`."""
    found = next((sql for start, sql in FULLEST.items() if route.startswith(start)), None)
    if found is None:
        return None
    order = "fullness DESC" if near is None else f"abs(fullness - {int(near)})"
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"SELECT reference, fullness FROM ({found}) AS kind ORDER BY {order}, reference LIMIT 1", who)
        row = cursor.fetchone()
        cursor.execute("SET ROLE cs_app")
    return row


def people(columns: dict[str, User | None], roles: frozenset[str]) -> dict[str, User]:
    """Those of the cast who may ask for a page, by column of the access table."""
    return {who: user for who, user in columns.items() if user and str(user.role) in roles}

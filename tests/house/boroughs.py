"""Two boroughs, one ten times the other, each in a database of its own beside the tests': for what depends on size.

Made by `make_borough`, gone with their databases. Pages are asked in transactions of their own, as in life.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from django.core.management import call_command
from django.db import connection

from ledger.acting import acting_as_system
from tests import database
from tests.house.world import World

SMALL, LARGE, MONTHS = 400, 4_000, 12
# A larger borough has more people at work, not more work for each: so many open cases of Ben's, as full and the only ones of his
# team, and so many referrals to Ela's. What a whole borough shares is more than any page shows, and ten times that in the larger.
SHARE = {"cases": 8, "notes": 4, "members": 2, "lines": 25, "referrals": 40}
WAITING = 120  # for triage, for a lead, and pairs of records to compare
_SHARE_OUT = (
    "UPDATE cases_case SET lead_id = %(fay)s WHERE lead_id = %(ben)s AND status = 'open'",
    "UPDATE cases_case SET team_id = %(other)s WHERE team_id = %(team)s AND status = 'open'",
    """
    UPDATE cases_case SET lead_id = %(ben)s, team_id = %(team)s WHERE id = %(own)s OR id IN (
        SELECT c.id FROM cases_case c WHERE c.status = 'open' AND NOT c.restricted
        AND c.id NOT IN (SELECT case_id FROM cases_placement)
        ORDER BY abs((SELECT count(*) FROM cases_note n WHERE n.case_id = c.id) - %(notes)s)
            + abs((SELECT count(*) FROM cases_casemember m WHERE m.case_id = c.id) - %(members)s)
            + abs((SELECT count(*) FROM residents_chronologyentry l WHERE l.household_id = c.household_id) - %(lines)s), c.id
        LIMIT %(cases)s)
    """,
    """
    UPDATE referrals_referral SET organisation_id = %(harbour)s, service_id = NULL WHERE id IN (
        SELECT id FROM referrals_referral WHERE status <> 'draft' ORDER BY status, id LIMIT %(referrals)s)
    """,
    """
    UPDATE triage_triageitem SET status = 'waiting' WHERE id IN (
        SELECT id FROM triage_triageitem WHERE status = 'decided' AND NOT hard_stop ORDER BY id LIMIT %(waiting)s)
    """,
    """
    UPDATE triage_decision SET needs_case = true WHERE id IN (
        SELECT d.id FROM triage_decision d LEFT JOIN cases_case c ON c.decision_id = d.id
        WHERE c.id IS NULL AND d.household_id IS NOT NULL ORDER BY d.id LIMIT %(waiting)s)
    """,
    """
    INSERT INTO residents_likelypair (one_id, other_id, status, per_mille, levels, weights, found_at, weighed_at, note)
        SELECT id, (SELECT min(r.id) FROM residents_resident r WHERE r.id > one.id), 'open', 500 + id %% 400, 'given:same', '2', now(), now(), ''
        FROM residents_resident one ORDER BY id LIMIT %(waiting)s
    ON CONFLICT DO NOTHING
    """,
)


@contextmanager
def borough(residents: int) -> Iterator[World]:
    """A borough with the World in it, asked as the web asks; gone afterwards."""
    was = connection.settings_dict["NAME"]
    name = f"{was}_{residents}"
    connection.close()
    database.copy(name)
    connection.settings_dict["NAME"] = name
    try:
        _as_owner()
        call_command("make_borough", residents=residents, months=MONTHS, seed=7, stdout=StringIO())
        with connection.cursor() as cursor:  # the World has a partner of that name
            cursor.execute("UPDATE accounts_organisation SET name = name || ' East' WHERE kind = 'partner'")
        connection.close()
        with acting_as_system("system:test"):
            world = World()
        _share_out(world, residents)
        yield world
    finally:
        connection.close()
        connection.settings_dict["NAME"] = was
        database.drop(name)


def _as_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def _share_out(world: World, residents: int) -> None:
    who = {
        "ben": world.ben.pk,
        "fay": world.fay.pk,
        "team": world.team.pk,
        "other": world.other_team.pk,
        "own": world.case.pk,
        "harbour": world.harbour.pk,
        "waiting": WAITING * residents // SMALL,
    }
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for statement in _SHARE_OUT:
            cursor.execute(statement, who | SHARE)
        cursor.execute("VACUUM ANALYZE")  # as of a server that has run for a while
    connection.close()

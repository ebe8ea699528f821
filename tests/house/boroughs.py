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
# A larger borough has more people at work, not more work for each: so many open cases of Ben's, referrals to Ela's.
SHARE = {"cases": 12, "referrals": 40}
_SHARE_OUT = (
    "UPDATE cases_case SET lead_id = %(fay)s WHERE lead_id = %(ben)s AND status = 'open'",
    """
    UPDATE cases_case SET lead_id = %(ben)s, team_id = %(team)s WHERE id = %(own)s OR id IN (
        SELECT c.id FROM cases_case c JOIN cases_note n ON n.case_id = c.id
        WHERE c.status = 'open' AND NOT c.restricted GROUP BY c.id ORDER BY count(*) DESC, c.id LIMIT %(cases)s)
    """,
    """
    UPDATE referrals_referral SET organisation_id = %(harbour)s, service_id = NULL WHERE id IN (
        SELECT id FROM referrals_referral WHERE status <> 'draft' ORDER BY status, id LIMIT %(referrals)s)
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
        _share_out(world)
        yield world
    finally:
        connection.close()
        connection.settings_dict["NAME"] = was
        database.drop(name)


def _as_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def _share_out(world: World) -> None:
    who = {
        "ben": world.ben.pk,
        "fay": world.fay.pk,
        "team": world.team.pk,
        "own": world.case.pk,
        "harbour": world.harbour.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for statement in _SHARE_OUT:
            cursor.execute(statement, who | SHARE)
        cursor.execute("VACUUM ANALYZE")  # as of a server that has run for a while
    connection.close()

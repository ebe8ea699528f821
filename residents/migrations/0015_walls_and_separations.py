"""Two of whom one is alleged to harm the other are no pair for who may not know of it; a separation that was a mistake can be undone.

The view gives ids only, for whoever acts: alleged perpetrators and victims of whom they may not know. The function takes away the rows of a
household that people began when they separated, for the system only, and only while its story tells of nothing else.
"""

from django.db import migrations

from ledger import row_security as rs

ME = "(SELECT acting.person())"
MY_TEAMS = f"(SELECT member.team_id FROM public.accounts_user_teams member WHERE member.user_id = {ME})"
KNOWS = f"""(recorded_by_id = {ME} OR {rs.SYSTEM}
  OR (SELECT EXISTS (SELECT 1 FROM public.accounts_user duty WHERE duty.id = {ME} AND duty.duty_manager))
  OR second_id IN (SELECT acting.my_residents())
  OR EXISTS (SELECT 1 FROM public.residents_involvement works WHERE works.resident_id = second_id AND works.until IS NULL
    AND (works.user_id = {ME} OR works.team_id IN {MY_TEAMS})))"""
WALLS = f"""
CREATE VIEW acting.walls AS
  SELECT first_id, second_id FROM public.residents_relationship
  WHERE kind = 'alleged' AND until IS NULL AND (SELECT acting.is_staff()) AND NOT {KNOWS};
GRANT SELECT ON acting.walls TO cs_app, cs_job;
CREATE FUNCTION acting.walled(perpetrator bigint, victim bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM acting.walls w WHERE w.first_id = perpetrator AND w.second_id = victim)
$$;
REVOKE ALL ON FUNCTION acting.walled(bigint, bigint) FROM PUBLIC;
"""
NO_WALLS = "DROP FUNCTION acting.walled(bigint, bigint); DROP VIEW acting.walls"
UNDO = """
CREATE FUNCTION acting.undo_separation(home bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE taken bigint;
BEGIN
  IF (SELECT acting.role()) IS DISTINCT FROM 'system' THEN
    RAISE EXCEPTION 'only the system undoes a separation' USING ERRCODE = '42501';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.residents_chronologyentry e WHERE e.household_id = home AND e.verb = 'separate_household')
    OR EXISTS (SELECT 1 FROM public.residents_chronologyentry e WHERE e.household_id = home AND e.verb <> 'separate_household')
    OR EXISTS (SELECT 1 FROM public.residents_membership m WHERE m.household_id = home AND m.until IS NOT NULL) THEN
    RAISE EXCEPTION 'something builds on this household, or nobody separated' USING ERRCODE = '42501';
  END IF;
  DELETE FROM public.residents_membership WHERE household_id = home;
  GET DIAGNOSTICS taken = ROW_COUNT;
  RETURN taken;
END
$$;
REVOKE ALL ON FUNCTION acting.undo_separation(bigint) FROM PUBLIC;
"""
BEFORE = f"{rs.STAFF} AND {rs.open_to_me('one_id')} AND {rs.open_to_me('other_id')}"
APART = """NOT EXISTS (SELECT 1 FROM acting.walls wall
  WHERE (wall.first_id = one_id AND wall.second_id = other_id) OR (wall.first_id = other_id AND wall.second_id = one_id))"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0014_restricted_since")]
    operations = [
        migrations.RunSQL(WALLS, NO_WALLS),
        migrations.RunSQL(UNDO, "DROP FUNCTION acting.undo_separation(bigint)"),
        rs.protect_anew("residents_likelypair", was={"read": BEFORE}, read=f"{BEFORE} AND {APART}"),
    ]

"""The wall also before those who stand beside it: a child of both leads from an alleged perpetrator to whom they are alleged to harm.

Who is related to an alleged perpetrator, or lives or lived with them, stands beside the wall; not a victim of theirs who has left them.
`acting.beside_the_wall` gives for such people whom to leave out of the pages about them, and `acting.kept_back` the rows of their own
that would lead there: ids only, for whoever acts and does not work with the victim. A wall that a job wrote stands as well.
"""

from django.db import migrations, models

from ledger import row_security as rs

ME = "(SELECT acting.person())"
MY_TEAMS = f"(SELECT member.team_id FROM public.accounts_user_teams member WHERE member.user_id = {ME})"
KNOWS = f"""(recorded_by_id = {ME} OR {rs.SYSTEM}
  OR (SELECT EXISTS (SELECT 1 FROM public.accounts_user duty WHERE duty.id = {ME} AND duty.duty_manager))
  OR second_id IN (SELECT acting.my_residents())
  OR EXISTS (SELECT 1 FROM public.residents_involvement works WHERE works.resident_id = second_id AND works.until IS NULL
    AND (works.user_id = {ME} OR works.team_id IN {MY_TEAMS})))"""
WALLS = """
CREATE OR REPLACE VIEW acting.walls AS
  SELECT first_id, second_id FROM public.residents_relationship
  WHERE kind = 'alleged' AND until IS NULL AND (SELECT acting.is_staff()) AND {unknown};
"""
BESIDE = """
CREATE FUNCTION acting.lives_with(one bigint, other bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM public.residents_membership mine JOIN public.residents_membership theirs USING (household_id)
    WHERE mine.resident_id = one AND theirs.resident_id = other AND mine.until IS NULL AND theirs.until IS NULL)
$$;
CREATE FUNCTION acting.beside_the_wall(people bigint[]) RETURNS TABLE (person bigint, perpetrator bigint, victim bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF NOT (SELECT acting.is_staff()) THEN
    RETURN;
  END IF;
  RETURN QUERY
  SELECT DISTINCT linked.who, wall.first_id, wall.second_id
  FROM (
    SELECT tie.first_id AS who, tie.second_id AS other FROM public.residents_relationship tie
    WHERE tie.first_id = ANY (people) AND NOT tie.mistaken
    UNION SELECT tie.second_id, tie.first_id FROM public.residents_relationship tie
    WHERE tie.second_id = ANY (people) AND NOT tie.mistaken
    UNION SELECT mine.resident_id, theirs.resident_id FROM public.residents_membership mine
    JOIN public.residents_membership theirs USING (household_id)
    WHERE mine.resident_id = ANY (people) AND theirs.resident_id <> mine.resident_id
  ) linked
  CROSS JOIN LATERAL (SELECT * FROM acting.walls one WHERE one.first_id = linked.other OFFSET 0) wall  -- looked up one by one: never all walls there are
  WHERE wall.second_id <> linked.who AND (NOT EXISTS (SELECT 1 FROM public.residents_relationship harm
      WHERE harm.kind = 'alleged' AND harm.until IS NULL AND harm.first_id = wall.first_id AND harm.second_id = linked.who)
    OR (acting.lives_with(linked.who, wall.first_id) AND NOT acting.lives_with(wall.second_id, wall.first_id)));
END
$$;
CREATE FUNCTION acting.one_place(one bigint, other bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM public.residents_address a, public.residents_address b WHERE a.id = one AND b.id = other
    AND (a.id = b.id OR (a.uprn <> '' AND a.uprn = b.uprn)
      OR lower(regexp_replace(a.lines || a.postcode, '[\\s,]', '', 'g')) = lower(regexp_replace(b.lines || b.postcode, '[\\s,]', '', 'g'))))
$$;
CREATE FUNCTION acting.kept_back(people bigint[]) RETURNS TABLE (what text, of_row bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
DECLARE near bigint[][]; one bigint[];
BEGIN
  SELECT array_agg(ARRAY[person, perpetrator, victim]) INTO near FROM acting.beside_the_wall(people);
  IF near IS NULL THEN
    RETURN;
  END IF;
  FOREACH one SLICE 1 IN ARRAY near LOOP
    RETURN QUERY
    WITH homes AS (
      SELECT mine.household_id AS home, mine.since AS since, mine.until AS until FROM public.residents_membership mine
      WHERE mine.resident_id = one[1]
        AND EXISTS (SELECT 1 FROM public.residents_membership v WHERE v.household_id = mine.household_id AND v.resident_id = one[3] AND v.until IS NULL)
        AND NOT EXISTS (SELECT 1 FROM public.residents_membership p WHERE p.household_id = mine.household_id AND p.resident_id = one[2])
    )
    SELECT 'home', home FROM homes
    UNION SELECT 'place', place.id FROM public.residents_residentaddress place
    WHERE place.resident_id = one[1] AND place.address_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM public.residents_residentaddress p
        WHERE p.resident_id = one[2] AND p.address_id IS NOT NULL AND acting.one_place(p.address_id, place.address_id))
      AND (EXISTS (SELECT 1 FROM public.residents_residentaddress v
          WHERE v.resident_id = one[3] AND v.address_id IS NOT NULL AND acting.one_place(v.address_id, place.address_id))
        OR EXISTS (SELECT 1 FROM homes WHERE (place.until IS NULL OR place.until > homes.since) AND (homes.until IS NULL OR place.since < homes.until)))
    UNION SELECT 'phone', phone.id FROM public.residents_phone phone
    WHERE phone.resident_id = one[1]
      AND EXISTS (SELECT 1 FROM public.residents_phone v WHERE v.resident_id = one[3] AND v.number = phone.number)
      AND NOT EXISTS (SELECT 1 FROM public.residents_phone p WHERE p.resident_id = one[2] AND p.number = phone.number)
    UNION SELECT 'email', email.id FROM public.residents_emailaddress email
    WHERE email.resident_id = one[1]
      AND EXISTS (SELECT 1 FROM public.residents_emailaddress v WHERE v.resident_id = one[3] AND lower(v.address) = lower(email.address))
      AND NOT EXISTS (SELECT 1 FROM public.residents_emailaddress p WHERE p.resident_id = one[2] AND lower(p.address) = lower(email.address));
  END LOOP;
END
$$;
CREATE OR REPLACE FUNCTION acting.behind_the_wall(of_one bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog AS $$
  SELECT second_id FROM acting.walls WHERE first_id = of_one
  UNION SELECT victim FROM acting.beside_the_wall(ARRAY[of_one])
$$;
CREATE OR REPLACE FUNCTION acting.behind_the_walls_of(home bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog AS $$
  SELECT second_id FROM acting.walls
  WHERE first_id IN (SELECT lives.resident_id FROM public.residents_membership lives WHERE lives.household_id = home)
  UNION SELECT near.victim
  FROM acting.beside_the_wall(ARRAY(SELECT lives.resident_id FROM public.residents_membership lives WHERE lives.household_id = home)) near
  WHERE NOT EXISTS (SELECT 1 FROM public.residents_membership lives
    WHERE lives.household_id = home AND lives.resident_id = near.victim AND lives.until IS NULL)
$$;
CREATE OR REPLACE FUNCTION acting.walled(perpetrator bigint, victim bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM acting.walls w WHERE w.first_id = walled.perpetrator AND w.second_id = walled.victim)
    OR EXISTS (SELECT 1 FROM acting.beside_the_wall(ARRAY[walled.perpetrator]) near WHERE near.victim = walled.victim)
$$;
REVOKE ALL ON FUNCTION acting.lives_with(bigint, bigint), acting.beside_the_wall(bigint[]), acting.one_place(bigint, bigint),
  acting.kept_back(bigint[]) FROM PUBLIC;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION acting.behind_the_wall(of_one bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog AS $$
  SELECT second_id FROM acting.walls WHERE first_id = of_one
$$;
CREATE OR REPLACE FUNCTION acting.behind_the_walls_of(home bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog AS $$
  SELECT second_id FROM acting.walls
  WHERE first_id IN (SELECT lives.resident_id FROM public.residents_membership lives WHERE lives.household_id = home)
$$;
CREATE OR REPLACE FUNCTION acting.walled(perpetrator bigint, victim bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM acting.walls w WHERE w.first_id = perpetrator AND w.second_id = victim)
$$;
DROP FUNCTION acting.kept_back(bigint[]);
DROP FUNCTION acting.one_place(bigint, bigint);
DROP FUNCTION acting.beside_the_wall(bigint[]);
DROP FUNCTION acting.lives_with(bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0016_merges")]
    operations = [
        # Where nobody stands as its writer (an import, a job), `recorded_by_id = …` is neither true nor false: nobody was walled then.
        migrations.RunSQL(WALLS.format(unknown=f"{KNOWS} IS NOT TRUE"), WALLS.format(unknown=f"NOT {KNOWS}")),
        migrations.RunSQL(BESIDE, BEFORE),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(
                fields=["first", "second"],
                condition=models.Q(("kind", "alleged"), ("until", None)),
                name="residents_relationship_walls",
            ),
        ),
    ]

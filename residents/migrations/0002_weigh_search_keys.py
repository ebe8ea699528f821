"""Search weighs what agrees: a reference, a phone or a day of birth outranks all parts of a name together.

Each key gives at most 300 people, so that the work is bounded however common a name is.
"""

from django.db import migrations

WEIGHED = """
CREATE OR REPLACE FUNCTION acting.find_residents(wanted text[], most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
  SELECT hit.resident_id FROM unnest(wanted[1:300]) AS asked(key)
  CROSS JOIN LATERAL (
    SELECT kept.resident_id FROM public.residents_searchkey kept
    WHERE (SELECT acting.is_staff()) AND kept.key = asked.key AND kept.resident_id NOT IN (SELECT acting.hidden_residents())
    LIMIT 300
  ) hit
  GROUP BY hit.resident_id
  ORDER BY sum(CASE left(asked.key, 1)
    WHEN 'r' THEN 2000 WHEN 'p' THEN 600 WHEN 'e' THEN 600 WHEN 'd' THEN 500 WHEN 'z' THEN 300 WHEN 't' THEN 250 WHEN 'm' THEN 120
    WHEN 'a' THEN 100 WHEN 'h' THEN 80 WHEN 'o' THEN 80 WHEN 'b' THEN 60 WHEN 'i' THEN 40 WHEN 'y' THEN 40 WHEN 'n' THEN 40
    WHEN 's' THEN 20 ELSE 10 END) DESC, hit.resident_id
  LIMIT least(most, 500)
$$;
"""
COUNTED = """
CREATE OR REPLACE FUNCTION acting.find_residents(wanted text[], most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
  SELECT resident_id FROM public.residents_searchkey
  WHERE acting.is_staff() AND key = ANY(wanted) AND resident_id NOT IN (SELECT acting.hidden_residents())
  GROUP BY resident_id ORDER BY count(*) DESC, resident_id LIMIT least(most, 500)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0001_initial")]
    operations = [migrations.RunSQL(WEIGHED, COUNTED)]

"""The records that a person opened lately, for that person alone: the roles that write the trail still may not read it."""

from django.db import migrations

# The latest entries first by index, then each record once: a busy fortnight costs no more than these entries.
RECENT = """
CREATE FUNCTION acting.my_recent_places(most int) RETURNS TABLE (kind varchar, reference varchar)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog AS $$
  SELECT latest.kind, latest.reference FROM (
    SELECT e.kind, e.reference, e.at, e.id FROM public.ledger_auditevent e
    WHERE e.person_id = (SELECT acting.person()) AND (SELECT acting.role()) NOT IN ('link', 'system')
      AND e.verb = 'open' AND e.outcome = 'done' AND e.reference <> '' AND e.at > now() - interval '14 days'
    ORDER BY e.at DESC, e.id DESC LIMIT 300
  ) latest
  GROUP BY latest.kind, latest.reference ORDER BY max(latest.at) DESC, max(latest.id) DESC LIMIT most
$$;
REVOKE ALL ON FUNCTION acting.my_recent_places(int) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_a_link_is_nobody")]
    operations = [migrations.RunSQL(RECENT, "DROP FUNCTION acting.my_recent_places(int)")]

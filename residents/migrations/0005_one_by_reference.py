"""One resident by reference is asked of a function: the database keeps its plan, which costs more to make than to follow.

It runs with the rights of whoever asks, so the policies decide what it finds, as in a plain question.
"""

from django.db import migrations

ONE = """
CREATE FUNCTION acting.resident_for(by_reference text, of_person bigint, asked_at timestamptz)
RETURNS SETOF public.residents_resident
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 1 SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY SELECT r.* FROM public.residents_resident r WHERE r.reference = by_reference AND (NOT r.restricted OR r.id IN (
    SELECT g.resident_id FROM public.residents_accessgrant g
    WHERE g.user_id = of_person AND (g.until IS NULL OR g.until > asked_at)));
END
$$;
REVOKE ALL ON FUNCTION acting.resident_for(text, bigint, timestamptz) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0004_fewer_indexes"), ("residents", "0004_restricted_by_index")]
    operations = [migrations.RunSQL(ONE, "DROP FUNCTION acting.resident_for(text, bigint, timestamptz)")]

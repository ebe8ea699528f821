"""What a contact is written with is asked of a function: the database keeps its plans, which cost more to make than to follow.

It runs with the rights of whoever asks, so the policies decide what it finds, as in a plain question.
"""

from django.db import migrations

AT_HAND = """
CREATE FUNCTION acting.contact_at_hand(
    of_resident bigint, on_day date, of_person bigint, need_codes text[],
    OUT contact_key bigint, OUT home json, OUT team json, OUT needs json)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  SELECT nextval(pg_get_serial_sequence('public.intake_contact', 'id')),
    (SELECT json_build_array(h.id, h.reference)
     FROM public.residents_membership lives JOIN public.residents_household h ON h.id = lives.household_id
     WHERE lives.resident_id = of_resident AND lives.since <= on_day AND (lives.until IS NULL OR lives.until >= on_day)
     ORDER BY lives.since DESC, lives.id DESC LIMIT 1),
    (SELECT json_build_array(t.id, t.reference, t.organisation_id, t.name, t.active)
     FROM public.accounts_team t JOIN public.accounts_user_teams works ON works.team_id = t.id
     WHERE works.user_id = of_person ORDER BY t.id LIMIT 1),
    (SELECT json_agg(json_build_array(n.id, n.code, n.label)) FROM public.intake_need n WHERE n.code = ANY(need_codes))
  INTO contact_key, home, team, needs;
END
$$;
REVOKE ALL ON FUNCTION acting.contact_at_hand(bigint, date, bigint, text[]) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_fewer_indexes"),
        ("intake", "0004_restricted_by_index"),
        ("residents", "0004_restricted_by_index"),
        ("accounts", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(AT_HAND, "DROP FUNCTION acting.contact_at_hand(bigint, date, bigint, text[])"),
    ]

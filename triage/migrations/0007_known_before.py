"""What the record knows when a contact is logged is asked of a function: the database keeps its plan, policies and all.

It runs with the rights of whoever asks, so the policies decide what it finds, as in a plain question.
"""

from django.db import migrations

# With an array of households both ways to a decision go by their index; with IN the database reads every decision.
KNOWN = """
CREATE FUNCTION acting.known_before(
    of_resident bigint, of_household bigint, on_day date, asked_at timestamptz, lately timestamptz, a_year_ago timestamptz,
    need_codes text[], neglect_code text, with_a_case integer,
    OUT people json, OUT work json, OUT same_need bigint, OUT about_neglect bigint)
LANGUAGE plpgsql STABLE SECURITY INVOKER SET plan_cache_mode = force_generic_plan AS $$
DECLARE concerned bigint[];
BEGIN
  SELECT array_agg(p.id), json_agg(json_build_array(p.id, p.born_on, p.died_on) ORDER BY p.id)
  FROM public.residents_resident p
  WHERE p.id = ANY(ARRAY(
      SELECT m.resident_id FROM public.residents_membership m
      WHERE m.household_id = of_household AND m.since <= on_day AND (m.until IS NULL OR m.until >= on_day)
    ) || of_resident)
  INTO concerned, people;

  SELECT json_agg(json_build_array(i.id, i.resident_id, i.kind, i.organisation_id, i.who, i.what, i.since, i.until,
    CASE WHEN i.kind = 'lead' THEN (
      SELECT d.chosen_tier FROM public.triage_decision d
      WHERE (d.resident_id = i.resident_id OR d.household_id = ANY(ARRAY(
              SELECT m.household_id FROM public.residents_membership m WHERE m.resident_id = i.resident_id)))
        AND d.chosen_tier >= with_a_case
        AND d.made_at < (least(i.until, on_day) + 1)::timestamp AT TIME ZONE 'Europe/London'
      ORDER BY d.made_at DESC, d.id DESC LIMIT 1) END) ORDER BY i.since, i.id)
  FROM public.residents_involvement i WHERE i.resident_id = ANY(concerned) AND i.since <= on_day
  INTO work;

  IF cardinality(need_codes) > 0 THEN
    SELECT max(counted.times) FROM (
      SELECT count(*) AS times
      FROM public.intake_contactneed named JOIN public.intake_contact c ON c.id = named.contact_id
      WHERE named.need_id IN (SELECT n.id FROM public.intake_need n WHERE n.code = ANY(need_codes))
        AND c.resident_id = ANY(concerned) AND c.received_at BETWEEN lately AND asked_at
        AND c.status <> 'withdrawn' AND c.channel <> 'phone_out'
      GROUP BY named.need_id) counted
    INTO same_need;
  END IF;

  IF neglect_code <> '' THEN
    SELECT count(*) FROM public.intake_contact c
    WHERE c.resident_id = ANY(concerned) AND c.received_at BETWEEN a_year_ago AND asked_at
      AND c.status <> 'withdrawn' AND c.channel <> 'phone_out'
      AND (EXISTS (SELECT FROM public.intake_contactneed named JOIN public.intake_need n ON n.id = named.need_id
                   WHERE named.contact_id = c.id AND n.code = neglect_code)
           OR EXISTS (SELECT FROM public.intake_answer said WHERE said.contact_id = c.id
                      AND said.question = 'child_abuse' AND said.said = 'yes'))
    INTO about_neglect;
  END IF;
END
$$;
"""
NAMED = (
    "acting.known_before"
    "(bigint, bigint, date, timestamptz, timestamptz, timestamptz, text[], text, integer)"
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("triage", "0006_open_episodes_by_index"),
        ("intake", "0005_at_hand"),
        ("residents", "0004_restricted_by_index"),
    ]
    operations = [
        migrations.RunSQL(
            [KNOWN, f"REVOKE ALL ON FUNCTION {NAMED} FROM PUBLIC"],
            f"DROP FUNCTION {NAMED}",
        ),
    ]

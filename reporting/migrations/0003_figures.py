"""What figures read: narrow views without a personal word, which give their rows to a system principal and to nobody else.

They pass the row policies as their owner does, and ask once a question who acts: as a one-time filter, before any row is read.
In a schema of their own, where nobody is given the right to write (the grants of `public` reach its views, too).
"""

from django.db import migrations

COLUMNS = {
    "contacts": ("intake_contact", "id, received_at, channel, speaking, outcome, household_id, resident_id"),
    "needs": ("intake_contactneed", "contact_id, need_id"),
    "decisions": (
        "triage_decision",
        "id, kind, contact_id, household_id, previous_id, team_id, made_at, due_at, urgency, suggested_tier, chosen_tier",
    ),
    "episodes": (
        "triage_safeguardingepisode",
        "id, resident_id, status, outcome, for_adult, opened_at, completed_at",
    ),
    "cases": ("cases_case", "id, household_id, lead_id, opened_at, closed_at"),
    "former_leads": ("cases_casehistory", "pgh_id AS id, pgh_obj_id AS case_id, pgh_created_at AS until, lead_id"),
    "placements": ("cases_placement", "id, household_id, kind, starts_on, ends_on, ended_because, moved_from_id"),
    "gains": (
        "cases_incomegain",
        "id, resident_id, status, confirmed_on, value_pence, weekly_before_pence, weekly_after_pence, weeks, one_off_pence",
    ),
    "referrals": ("referrals_referral", "id, status, sent_at, answered_at, answer_due_at, unanswered_at"),
}
MONTHS = """
CREATE FUNCTION figures.months(wanted date[]) RETURNS TABLE (month date, begins timestamptz, ends timestamptz)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT m, public.reporting_month_start(m), public.reporting_month_start((m + interval '1 month')::date) FROM unnest(wanted) m
$$;
CREATE FUNCTION figures.number(moment timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (date_part('year', moment AT TIME ZONE 'Europe/London') * 12
          + date_part('month', moment AT TIME ZONE 'Europe/London'))::integer
$$;
CREATE FUNCTION figures.number(month date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (date_part('year', month) * 12 + date_part('month', month))::integer
$$;
"""


def views() -> list[str]:
    """A view for each table of the work."""
    return [
        f"CREATE VIEW figures.{name} AS SELECT {columns} FROM public.{table} WHERE (SELECT acting.role()) = 'system'"
        for name, (table, columns) in COLUMNS.items()
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0002_touched_months"),
        ("intake", "0001_initial"),
        ("triage", "0001_initial"),
        ("cases", "0001_initial"),
        ("referrals", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            [
                "CREATE SCHEMA figures",
                MONTHS,
                *views(),
                "GRANT USAGE ON SCHEMA figures TO cs_app, cs_job",
                "GRANT SELECT ON ALL TABLES IN SCHEMA figures TO cs_app, cs_job",
            ],
            "DROP SCHEMA figures CASCADE",
        )
    ]

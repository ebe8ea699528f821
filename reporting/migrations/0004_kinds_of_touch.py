"""Marks say what kind of work touched a month, and only where by their definitions a figure can change; runs by their beginning."""

from importlib import import_module

from django.db import migrations, models

FIRST = import_module("reporting.migrations.0002_touched_months")
LONDON, MONTH, since, until = FIRST.LONDON, FIRST.MONTH, FIRST.since, FIRST.until


def of_kind(months: str, kind: str) -> str:
    """Months that are all of one kind."""
    return f"SELECT all_of_them.month, '{kind}' AS kind FROM ({months}) all_of_them"


def own_and_since(moment: str, kind: str, later: str) -> str:
    """The month of a moment under one kind, and every month after it to the present under another."""
    return (
        f"SELECT later.month, CASE WHEN later.month = {MONTH}({moment}) THEN '{kind}' ELSE '{later}' END AS kind"
        f" FROM {{rows}} r CROSS JOIN LATERAL ({since(f'{MONTH}({moment})')}) later"
    )


# Its own month; and those of a resolved contact before it and of a return after it, where only returns are counted.
AROUND = f"""
  SELECT near.month, CASE WHEN near.month = {MONTH}(c.received_at) THEN 'contacts' ELSE 'returns' END AS kind
  FROM {{contacts}} c CROSS JOIN (VALUES (-28), (0), (28)) v (days)
  CROSS JOIN LATERAL (SELECT {MONTH}((c.received_at {LONDON})::date + days) AS month) near
"""
# For each table: what figures read of a row, and the months and kinds of figures that a set of its rows touches.
TABLES = {
    # Of outcomes only “resolved” is counted: a decision on a contact of long ago leaves the figures of its month as they were.
    "intake_contact": (
        "received_at, channel, speaking, outcome = 'resolved', household_id, resident_id",
        AROUND.format(contacts="{rows}"),
    ),
    "intake_contactneed": (
        "contact_id, need_id",
        AROUND.format(contacts="(SELECT i.* FROM public.intake_contact i JOIN {rows} r ON r.contact_id = i.id)"),
    ),
    # A tier holds until the next decision, so a late one touches movement in every month since; and it takes being the first
    # one from a later decision on the same contact, which an earlier one keeps.
    "triage_decision": (
        "kind, contact_id, household_id, previous_id, made_at, team_id, suggested_tier, chosen_tier, urgency, due_at",
        own_and_since("r.made_at", "decisions", "tiers")
        + f" UNION ALL SELECT {MONTH}(d.made_at), 'decisions' FROM public.triage_decision d JOIN {{rows}} r"
        " ON d.previous_id = r.id OR (d.contact_id = r.contact_id AND d.made_at >= r.made_at)",
    ),
    # Referrals of the same person look back at each other. What has not ended is not counted, nor looked back at.
    "triage_safeguardingepisode": (
        "resident_id, status, outcome, for_adult, opened_at, completed_at",
        f"SELECT {MONTH}(r.completed_at) AS month, 'episodes' AS kind FROM {{rows}} r"
        f" UNION ALL SELECT {MONTH}(e.completed_at), 'episodes' FROM public.triage_safeguardingepisode e JOIN {{rows}} r"
        " ON e.resident_id = r.resident_id AND e.completed_at >= r.completed_at",
    ),
    "cases_incomegain": (
        "resident_id, status, confirmed_on, value_pence, weekly_before_pence, weekly_after_pence, weeks, one_off_pence",
        f"SELECT {MONTH}(r.confirmed_on) AS month, 'gains' AS kind FROM {{rows}} r",
    ),
    "cases_placement": (
        "household_id, kind, starts_on, moved_from_id",
        of_kind(FIRST.TABLES["cases_placement"][1], "placements"),
    ),
    "cases_case": ("household_id, opened_at", of_kind(FIRST.TABLES["cases_case"][1], "cases")),
    "referrals_referral": (
        "status, sent_at, answered_at, answer_due_at, unanswered_at",
        of_kind(FIRST.TABLES["referrals_referral"][1], "referrals"),
    ),
}
# What only a change touches: the months from the change on, not every month since the record began.
CHANGED = {
    # The wait until its decisions, which are counted when they were made.
    "intake_contact": (
        f"SELECT {MONTH}(d.made_at) AS month, 'received' AS kind FROM gone o JOIN added n USING (id)"
        " JOIN public.triage_decision d ON d.contact_id = n.id WHERE o.received_at <> n.received_at"
    ),
    "cases_placement": of_kind(FIRST.SINCE_CHANGE["cases_placement"][0], "placements"),
    "cases_case": (
        "SELECT later.month, 'cases' AS kind FROM gone o JOIN added n USING (id) CROSS JOIN LATERAL ("
        + since(f"{MONTH}(least(coalesce(o.closed_at, now()), coalesce(n.closed_at, now())))")
        + ") later WHERE o.closed_at IS DISTINCT FROM n.closed_at AND o.opened_at = n.opened_at"
        " AND o.household_id = n.household_id"
        f" UNION ALL SELECT {MONTH}(now()), 'leads' FROM gone o JOIN added n USING (id) WHERE o.lead_id <> n.lead_id"
    ),
}
MARK = (
    "INSERT INTO public.reporting_touchedmonth (month, kind, transaction)"
    " SELECT DISTINCT touched.month, touched.kind, pg_current_xact_id()::text::bigint FROM ({months}) touched"
    " WHERE touched.month IS NOT NULL ON CONFLICT DO NOTHING;"
)


def functions() -> str:
    """The functions behind the triggers, which stay as they are: no table of the work is locked for long."""
    made = []
    for table, (columns, months) in TABLES.items():
        old = ", ".join(f"o.{name}" for name in columns.split(", "))
        new = ", ".join(f"n.{name}" for name in columns.split(", "))
        changed = f"FROM gone o JOIN added n USING (id) WHERE ({old}) IS DISTINCT FROM ({new})"
        rows = f"(SELECT o.* {changed} UNION ALL SELECT n.* {changed})"
        update = MARK.format(months=months.format(rows=rows))
        if table in CHANGED:
            update += "\n    " + MARK.format(months=CHANGED[table])
        made.append(f"""
CREATE OR REPLACE FUNCTION reporting_touch_{table}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    {MARK.format(months=months.format(rows="added"))}
  ELSIF TG_OP = 'DELETE' THEN
    {MARK.format(months=months.format(rows="gone"))}
  ELSE
    {update}
  END IF;
  RETURN NULL;
END $$;""")
    return "\n".join(made)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_figures")]

    operations = [
        migrations.AddField(
            model_name="touchedmonth",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("contacts", "Contacts received"),
                    ("returns", "Contacts of the months around"),
                    ("received", "When decided contacts were received"),
                    ("decisions", "Decisions made"),
                    ("tiers", "Tiers that held"),
                    ("episodes", "Safeguarding episodes"),
                    ("gains", "Income gains"),
                    ("placements", "Placements"),
                    ("cases", "Cases"),
                    ("leads", "Leads of cases"),
                    ("referrals", "Referrals"),
                ],
                help_text="What the work can change; empty for anything",
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint(model_name="touchedmonth", name="reporting_touchedmonth_once_a_transaction"),
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "DELETE FROM reporting_touchedmonth one USING reporting_touchedmonth other"
            " WHERE one.month = other.month AND one.transaction = other.transaction AND one.id > other.id",
        ),
        migrations.AddConstraint(
            model_name="touchedmonth",
            constraint=models.UniqueConstraint(
                fields=("month", "kind", "transaction"), name="reporting_touchedmonth_once_a_transaction"
            ),
        ),
        migrations.RunSQL(functions(), f"{FIRST.undo()}\n{FIRST.functions()}"),
        migrations.AddIndex(model_name="run", index=models.Index(fields=["-started_at"], name="reporting_run_started")),
    ]

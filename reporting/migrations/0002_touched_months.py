"""Local months in SQL, and triggers that mark the months which a change of the work touches: bulk updates and raw SQL included."""

import django.db.models.functions.datetime
from django.db import migrations, models

LONDON = "AT TIME ZONE 'Europe/London'"
MONTHS = f"""
CREATE FUNCTION reporting_local_month(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT date_trunc('month', moment {LONDON})::date $$;
CREATE FUNCTION reporting_local_month(day date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT date_trunc('month', day::timestamp)::date $$;
CREATE FUNCTION reporting_month_start(month date) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT month::timestamp {LONDON} $$;
"""
UNDO_MONTHS = """
DROP FUNCTION reporting_local_month(timestamptz);
DROP FUNCTION reporting_local_month(date);
DROP FUNCTION reporting_month_start(date);
"""
MONTH = "public.reporting_local_month"


def since(first: str) -> str:
    """Every month from one to the present."""
    return f"SELECT generate_series({first}::timestamp, greatest({first}, {MONTH}(now()))::timestamp, interval '1 month')::date AS month"


def until(first: str, last: str) -> str:
    """Every month from one to another."""
    return f"SELECT generate_series({first}::timestamp, {last}::timestamp, interval '1 month')::date AS month"


# What a contact touches: its month, that of a resolved contact before it and of a return after it, and of its decisions.
AROUND = f"""
  SELECT {MONTH}((c.received_at {LONDON})::date + days) AS month FROM {{contacts}} c CROSS JOIN (VALUES (-28), (0), (28)) v (days)
"""
# For each table: the columns that figures read, and the months that a set of its rows touches.
TABLES = {
    "intake_contact": (
        "received_at channel speaking outcome household_id resident_id",
        AROUND.format(contacts="{rows}")
        + f" UNION ALL SELECT {MONTH}(d.made_at) FROM public.triage_decision d JOIN {{rows}} r ON r.id = d.contact_id",
    ),
    "intake_contactneed": (
        "contact_id need_id",
        AROUND.format(contacts="(SELECT i.* FROM public.intake_contact i JOIN {rows} r ON r.contact_id = i.id)"),
    ),
    # A tier holds until the next decision, so a late one touches every month since.
    "triage_decision": (
        "kind contact_id household_id previous_id made_at team_id suggested_tier chosen_tier urgency due_at",
        f"SELECT later.month FROM {{rows}} r CROSS JOIN LATERAL ({since(f'{MONTH}(r.made_at)')}) later"
        f" UNION ALL SELECT {MONTH}(d.made_at) FROM public.triage_decision d JOIN {{rows}} r"
        " ON d.contact_id = r.contact_id OR d.previous_id = r.id",
    ),
    # Referrals of the same person look back at each other.
    "triage_safeguardingepisode": (
        "resident_id status outcome for_adult opened_at completed_at",
        f"SELECT {MONTH}(r.completed_at) AS month FROM {{rows}} r"
        f" UNION ALL SELECT {MONTH}(e.completed_at) FROM public.triage_safeguardingepisode e JOIN {{rows}} r"
        " ON e.resident_id = r.resident_id",
    ),
    "cases_incomegain": (
        "resident_id status confirmed_on value_pence weekly_before_pence weekly_after_pence weeks one_off_pence",
        f"SELECT {MONTH}(r.confirmed_on) AS month FROM {{rows}} r",
    ),
    # A placement touches every month that it spans.
    "cases_placement": (
        "household_id kind starts_on ends_on ended_because moved_from_id",
        "SELECT spanned.month FROM {rows} r CROSS JOIN LATERAL ("
        + until(f"{MONTH}(r.starts_on)", f"{MONTH}(coalesce(r.ends_on, greatest((now() {LONDON})::date, r.starts_on)))")
        + ") spanned",
    ),
    # An open case touches every month since; a closed one those in which its tier would still have held.
    "cases_case": (
        "household_id opened_at closed_at",
        f"SELECT later.month FROM {{rows}} r CROSS JOIN LATERAL ({since(f'{MONTH}(r.opened_at)')}) later",
    ),
    "referrals_referral": (
        "status sent_at answered_at answer_due_at unanswered_at",
        f"SELECT {MONTH}(at) AS month FROM {{rows}} r CROSS JOIN LATERAL (VALUES (r.sent_at), (r.answered_at)) v (at)",
    ),
}
MARK = (
    "INSERT INTO public.reporting_touchedmonth (month, transaction)"
    " SELECT DISTINCT touched.month, pg_current_xact_id()::text::bigint FROM ({months}) touched"
    " WHERE touched.month IS NOT NULL ON CONFLICT DO NOTHING;"
)
# The common changes of an old record touch only the months from the change on, not every month since it began.
SINCE_CHANGE = {
    "cases_case": (
        "SELECT later.month FROM gone o JOIN added n USING (id) CROSS JOIN LATERAL ("
        + since(f"{MONTH}(least(coalesce(o.closed_at, now()), coalesce(n.closed_at, now())))")
        + ") later WHERE o.closed_at IS DISTINCT FROM n.closed_at AND o.opened_at = n.opened_at"
        " AND o.household_id = n.household_id"
        f" UNION ALL SELECT {MONTH}(now()) FROM gone o JOIN added n USING (id) WHERE o.lead_id <> n.lead_id",
        "household_id opened_at",
    ),
    "cases_placement": (
        "SELECT spanned.month FROM gone o JOIN added n USING (id) CROSS JOIN LATERAL ("
        + until(
            f"{MONTH}(least(o.ends_on, n.ends_on))",
            f"greatest({MONTH}(coalesce(greatest(o.ends_on, n.ends_on), (now() {LONDON})::date)), {MONTH}((now() {LONDON})::date))",
        )
        + ") spanned WHERE (o.ends_on, o.ended_because) IS DISTINCT FROM (n.ends_on, n.ended_because)"
        " AND (o.ends_on IS NOT NULL OR n.ends_on IS NOT NULL)",
        "household_id kind starts_on moved_from_id",
    ),
}


def functions() -> str:
    """One function for each table; which of the two sets of rows there are depends on the event."""
    made = []
    for table, (columns, months) in TABLES.items():
        extra, columns = SINCE_CHANGE.get(table, ("", columns))
        old = ", ".join(f"o.{name}" for name in columns.split())
        new = ", ".join(f"n.{name}" for name in columns.split())
        changed = f"FROM gone o JOIN added n USING (id) WHERE ({old}) IS DISTINCT FROM ({new})"
        both = f"(SELECT o.* {changed} UNION ALL SELECT n.* {changed})"
        update = MARK.format(months=months.format(rows=both))
        if extra:
            update += "\n    " + MARK.format(months=extra)
        made.append(f"""
CREATE FUNCTION reporting_touch_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    {MARK.format(months=months.format(rows="added"))}
  ELSIF TG_OP = 'DELETE' THEN
    {MARK.format(months=months.format(rows="gone"))}
  ELSE
    {update}
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION reporting_touch_{table}() FROM PUBLIC;
CREATE TRIGGER touch_months_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION reporting_touch_{table}();
CREATE TRIGGER touch_months_changed AFTER UPDATE ON {table} REFERENCING OLD TABLE AS gone NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION reporting_touch_{table}();
CREATE TRIGGER touch_months_removed AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION reporting_touch_{table}();""")
    return "\n".join(made)


def undo() -> str:
    """Without the functions there are no triggers."""
    return "\n".join(f"DROP FUNCTION reporting_touch_{table}() CASCADE;" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0001_initial"),
        ("intake", "0001_initial"),
        ("triage", "0001_initial"),
        ("cases", "0001_initial"),
        ("referrals", "0001_initial"),
    ]

    operations = [
        migrations.DeleteModel(name="TouchedMonth"),
        migrations.CreateModel(
            name="TouchedMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("transaction", models.BigIntegerField()),
                ("touched_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "transaction"), name="reporting_touchedmonth_once_a_transaction"
                    )
                ],
            },
        ),
        migrations.RunSQL(MONTHS, UNDO_MONTHS),
        migrations.RunSQL(functions(), undo()),
    ]

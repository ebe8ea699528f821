"""Whether a gain's resident is restricted is looked up by index; who acts is read once for a question, not once a row."""

from django.db import migrations

from ledger import row_security as rs

BEFORE = f"{rs.STAFF} AND {rs.seen('resident_id')}"
NOW = f"{rs.STAFF} AND {rs.open_to_me('resident_id')}"
FUNCTIONS = """
CREATE OR REPLACE FUNCTION acting.my_teams() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 5 SET search_path = pg_catalog AS $$
  SELECT team_id FROM public.accounts_user_teams WHERE %(staff)s AND user_id = %(person)s
$$;
CREATE OR REPLACE FUNCTION acting.my_cases() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog AS $$
  SELECT case_id FROM public.cases_caseperson WHERE %(staff)s AND user_id = %(person)s AND until IS NULL
$$;
"""
ONCE = FUNCTIONS % {"staff": rs.STAFF, "person": "(SELECT acting.person())"}
EACH_ROW = FUNCTIONS % {"staff": "acting.is_staff()", "person": "acting.person()"}


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_hidden_once_a_question"), ("residents", "0004_restricted_by_index")]
    operations = [
        rs.protect_anew("cases_incomegain", read=NOW, was={"read": BEFORE}),
        migrations.RunSQL(ONCE, EACH_ROW),
    ]

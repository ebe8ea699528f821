"""Whether a decision's resident or household is restricted is looked up by index, in place of a list of all hidden ones."""

from django.db import migrations

from ledger import row_security as rs

CONTACT = f"{rs.STAFF} AND (contact_id IS NULL OR {rs.through('intake_contact', 'triage_decision.contact_id')})"
BEFORE = (
    f"{CONTACT} AND (resident_id IS NULL OR {rs.seen('resident_id')})"
    " AND (household_id IS NULL OR household_id NOT IN (SELECT acting.hidden_households()))"
)
NOW = (
    f"{CONTACT} AND (resident_id IS NULL OR {rs.open_to_me('resident_id')})"
    f" AND (household_id IS NULL OR {rs.home_open_to_me('triage_decision.household_id')})"
)

# Nothing asks these any more.
NO_LISTS = "DROP FUNCTION acting.hidden_households(), acting.hidden_addresses()"
LISTS = """
CREATE FUNCTION acting.hidden_households() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
  SELECT household_id FROM public.residents_membership WHERE until IS NULL AND resident_id IN (SELECT acting.hidden_residents())
$$;
CREATE FUNCTION acting.hidden_addresses() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
  SELECT address_id FROM public.residents_residentaddress WHERE resident_id IN (SELECT acting.hidden_residents()) AND address_id IS NOT NULL
  EXCEPT
  SELECT address_id FROM public.residents_residentaddress
  WHERE resident_id NOT IN (SELECT acting.hidden_residents())
    AND address_id IN (SELECT address_id FROM public.residents_residentaddress WHERE resident_id IN (SELECT acting.hidden_residents()))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("triage", "0002_hidden_once_a_question"), ("residents", "0004_restricted_by_index")]
    operations = [
        rs.protect_anew("triage_decision", read=NOW, was={"read": BEFORE}),
        migrations.RunSQL(NO_LISTS, LISTS),
    ]

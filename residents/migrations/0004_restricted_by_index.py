"""Whether a row's resident is restricted is looked up by index, in place of a list of all hidden residents for each question.

The same rows as before; a page costs the same however many residents are restricted. The views show ids and nothing else, and
the functions read who acts once, not once a row.
"""

from django.db import migrations

from ledger import row_security as rs

OF_RESIDENT = (
    "membership", "phone", "emailaddress", "warning", "residentaddress", "characteristics", "involvement", "agreement",
)  # fmt: skip
VIEWS = """
CREATE VIEW acting.restricted_residents AS SELECT id FROM public.residents_resident WHERE restricted;
CREATE VIEW acting.restricted_members AS
  SELECT m.household_id, m.resident_id FROM public.residents_membership m
  JOIN public.residents_resident r ON r.id = m.resident_id WHERE m.until IS NULL AND r.restricted;
CREATE VIEW acting.restricted_addresses AS
  SELECT a.address_id FROM public.residents_residentaddress a
  JOIN public.residents_resident r ON r.id = a.resident_id AND r.restricted
  WHERE NOT EXISTS (
    SELECT 1 FROM public.residents_residentaddress o JOIN public.residents_resident p ON p.id = o.resident_id
    WHERE o.address_id = a.address_id AND NOT p.restricted);
GRANT SELECT ON acting.restricted_residents, acting.restricted_members, acting.restricted_addresses TO cs_app, cs_job;
"""
NO_VIEWS = "DROP VIEW acting.restricted_residents, acting.restricted_members, acting.restricted_addresses"
# Who acts is read once for a question: `acting.person()` beside a column would check the signature for each row.
ONCE = """
CREATE OR REPLACE FUNCTION acting.my_residents() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog AS $$
  SELECT resident_id FROM public.residents_accessgrant
  WHERE (SELECT acting.is_staff()) AND user_id = (SELECT acting.person()) AND (until IS NULL OR until > now())
$$;
CREATE OR REPLACE FUNCTION acting.hidden_residents() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
  SELECT id FROM public.residents_resident
  WHERE restricted AND (SELECT acting.role()) IS DISTINCT FROM 'system' AND id NOT IN (SELECT acting.my_residents())
$$;
"""
EACH_ROW = """
CREATE OR REPLACE FUNCTION acting.my_residents() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog AS $$
  SELECT resident_id FROM public.residents_accessgrant
  WHERE acting.is_staff() AND user_id = acting.person() AND (until IS NULL OR until > now())
$$;
CREATE OR REPLACE FUNCTION acting.hidden_residents() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
  SELECT id FROM public.residents_resident
  WHERE restricted AND acting.role() IS DISTINCT FROM 'system' AND id NOT IN (SELECT acting.my_residents())
$$;
"""
BEFORE, NOW = f"{rs.STAFF} AND {rs.seen('resident_id')}", f"{rs.STAFF} AND {rs.open_to_me('resident_id')}"
HOUSEHOLD_BEFORE = f"{rs.STAFF} AND id NOT IN (SELECT acting.hidden_households())"
HOUSEHOLD = f"{rs.STAFF} AND {rs.home_open_to_me('residents_household.id')}"
ADDRESS_BEFORE = f"{rs.STAFF} AND id NOT IN (SELECT acting.hidden_addresses())"
# Hidden while everybody who ever lived there is restricted and the person, who sees the rows of some, is named for none of them.
ADDRESS = (
    f"{rs.STAFF} AND (NOT EXISTS (SELECT 1 FROM acting.restricted_addresses hidden WHERE hidden.address_id = residents_address.id)"
    " OR EXISTS (SELECT 1 FROM residents_residentaddress lived WHERE lived.address_id = residents_address.id))"
)
ALLOWED = "(SELECT acting.role()) IN ('manager', 'system')"
GRANT = f"{rs.STAFF} AND (user_id = (SELECT acting.person()) OR {ALLOWED}) AND "
GRANT_WRITE = f"{ALLOWED} AND {rs.through('residents_resident', 'residents_accessgrant.resident_id')}"


class Migration(migrations.Migration):
    dependencies = [("residents", "0003_hidden_once_a_question")]
    operations = [
        migrations.RunSQL(VIEWS, NO_VIEWS),
        migrations.RunSQL(ONCE, EACH_ROW),
        *[rs.protect_anew(f"residents_{name}", read=NOW, was={"read": BEFORE}) for name in OF_RESIDENT],
        rs.protect_anew(
            "residents_chronologyentry",
            read=NOW,
            write="false",
            add=rs.STAFF,
            was={"read": BEFORE, "write": "false", "add": rs.STAFF},
        ),
        rs.protect_anew("residents_household", read=HOUSEHOLD, was={"read": HOUSEHOLD_BEFORE}),
        rs.protect_anew("residents_address", read=ADDRESS, was={"read": ADDRESS_BEFORE}),
        rs.protect_anew(
            "residents_accessgrant",
            read=f"{GRANT}{rs.open_to_me('resident_id')}",
            write=GRANT_WRITE,
            was={
                "read": f"{GRANT}({rs.SYSTEM} OR resident_id NOT IN (SELECT acting.hidden_residents()))",
                "write": GRANT_WRITE,
            },
        ),
    ]

"""The first tables of the residents room, protected from the start."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ledger.references
from ledger import row_security as rs
from ledger.first_tables import FirstTables

FUNCTIONS = """
CREATE FUNCTION acting.my_residents() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog AS $$
  SELECT resident_id FROM public.residents_accessgrant
  WHERE acting.is_staff() AND user_id = acting.person() AND (until IS NULL OR until > now())
$$;
CREATE FUNCTION acting.hidden_residents() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
  SELECT id FROM public.residents_resident
  WHERE restricted AND acting.role() IS DISTINCT FROM 'system' AND id NOT IN (SELECT acting.my_residents())
$$;
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
CREATE FUNCTION acting.find_residents(wanted text[], most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
  SELECT resident_id FROM public.residents_searchkey
  WHERE acting.is_staff() AND key = ANY(wanted) AND resident_id NOT IN (SELECT acting.hidden_residents())
  GROUP BY resident_id ORDER BY count(*) DESC, resident_id LIMIT least(most, 500)
$$;
CREATE INDEX residents_resident_restricted ON residents_resident (id) WHERE restricted;
"""
OPEN_TO_ME = f"{rs.STAFF} AND (NOT restricted OR {rs.SYSTEM} OR id IN (SELECT acting.my_residents()))"
OF_RESIDENT = [
    "membership",
    "phone",
    "emailaddress",
    "warning",
    "residentaddress",
    "characteristics",
    "involvement",
    "agreement",
]
MANAGES = "(SELECT acting.role()) IN ('manager', 'system')"


def through_resident(table):
    return rs.STAFF + " AND " + rs.through("residents_resident", f"{table}.resident_id")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        FirstTables(
            [
                migrations.CreateModel(
                    name="Address",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uprn", models.CharField(blank=True, db_index=True, max_length=12)),
                        ("lines", models.CharField(max_length=300)),
                        ("postcode", models.CharField(blank=True, max_length=8)),
                    ],
                ),
                migrations.CreateModel(
                    name="Characteristics",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("gender", models.CharField(blank=True, max_length=20)),
                        ("ethnicity", models.CharField(blank=True, max_length=10)),
                        (
                            "disabilities",
                            models.CharField(blank=True, help_text="Codes, separated by spaces", max_length=200),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="EmailAddress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("address", models.EmailField(max_length=254)),
                        ("safe_to_write", models.BooleanField(default=False)),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-since", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Household",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", ledger.references.ReferenceField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                ),
                migrations.CreateModel(
                    name="Phone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(help_text="International form: +447700900123", max_length=20)),
                        ("safe_to_call", models.BooleanField(default=False)),
                        ("safe_to_text", models.BooleanField(default=False)),
                        ("safe_to_leave_message", models.BooleanField(default=False)),
                        (
                            "note",
                            models.CharField(
                                blank=True, help_text="Whose phone, safe hours, code word", max_length=200
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-since", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Ward",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(help_text="ONS code, E05…", max_length=9, unique=True)),
                        ("name", models.CharField(max_length=80)),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="AccessGrant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("since", models.DateTimeField()),
                        ("until", models.DateTimeField(blank=True, null=True)),
                        (
                            "granted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="access_grants",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField()),
                        ("purpose", models.CharField(max_length=300)),
                        (
                            "shared",
                            models.CharField(help_text="What is shared: name, safe contact, need …", max_length=300),
                        ),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("agreed", "The resident agreed"),
                                    ("representative", "Their representative agreed"),
                                    ("best_interests", "Lacks capacity: best-interests decision"),
                                    ("safeguarding", "Safeguarding: shared without agreement"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, help_text="Why without agreement", max_length=500)),
                        ("recorded_at", models.DateTimeField()),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "authorised_by",
                            models.ForeignKey(
                                blank=True,
                                limit_choices_to={"role": "manager"},
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agreements",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-recorded_at"],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("adult", "Adult"),
                                    ("parent", "Parent or carer"),
                                    ("partner", "Partner"),
                                    ("child", "Child"),
                                    ("grandparent", "Grandparent"),
                                    ("relative", "Other relative"),
                                    ("other", "Other"),
                                ],
                                default="adult",
                                max_length=15,
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "household",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="residents.household",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["since", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Resident",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField()),
                        ("name", models.CharField(max_length=200)),
                        ("preferred_name", models.CharField(blank=True, max_length=100)),
                        (
                            "born_on",
                            models.DateField(
                                blank=True, help_text="With month or year only: the first day of it", null=True
                            ),
                        ),
                        (
                            "birth",
                            models.CharField(
                                choices=[
                                    ("full", "Full date"),
                                    ("month", "Month and year"),
                                    ("year", "Year only"),
                                    ("estimated", "Estimated"),
                                    ("unknown", "Not known"),
                                ],
                                default="unknown",
                                max_length=10,
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=60)),
                        ("needs_interpreter", models.BooleanField(default=False)),
                        ("communication_needs", models.CharField(blank=True, max_length=500)),
                        ("nhs_number", models.CharField(blank=True, max_length=10)),
                        ("died_on", models.DateField(blank=True, null=True)),
                        ("restricted", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PhoneHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("number", models.CharField(help_text="International form: +447700900123", max_length=20)),
                        ("safe_to_call", models.BooleanField(default=False)),
                        ("safe_to_text", models.BooleanField(default=False)),
                        ("safe_to_leave_message", models.BooleanField(default=False)),
                        (
                            "note",
                            models.CharField(
                                blank=True, help_text="Whose phone, safe hours, code word", max_length=200
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="residents.phone",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="phone",
                    name="resident",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="phones", to="residents.resident"
                    ),
                ),
                migrations.CreateModel(
                    name="MembershipHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("adult", "Adult"),
                                    ("parent", "Parent or carer"),
                                    ("partner", "Partner"),
                                    ("child", "Child"),
                                    ("grandparent", "Grandparent"),
                                    ("relative", "Other relative"),
                                    ("other", "Other"),
                                ],
                                default="adult",
                                max_length=15,
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "household",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.household",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="residents.membership",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="membership",
                    name="resident",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="residents.resident"
                    ),
                ),
                migrations.CreateModel(
                    name="Involvement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("lead", "Lead practitioner"),
                                    ("agency", "Agency"),
                                    ("partner", "Partner"),
                                    ("imported", "Known from another system"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "who",
                            models.CharField(
                                blank=True, help_text="A name where the worker has no account here", max_length=200
                            ),
                        ),
                        ("what", models.CharField(max_length=200)),
                        ("reference", models.CharField(blank=True, help_text="Of the case or referral", max_length=12)),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="involvements",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="involvements",
                                to="accounts.team",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="involvements",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="involvements",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-since", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="EmailAddressHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("address", models.EmailField(max_length=254)),
                        ("safe_to_write", models.BooleanField(default=False)),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="residents.emailaddress",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="emailaddress",
                    name="resident",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="emails", to="residents.resident"
                    ),
                ),
                migrations.CreateModel(
                    name="ChronologyEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event", models.UUIDField(db_index=True)),
                        ("at", models.DateTimeField()),
                        ("written_at", models.DateTimeField()),
                        ("verb", models.CharField(max_length=60)),
                        ("heading", models.CharField(max_length=200)),
                        ("detail", models.CharField(blank=True, max_length=500)),
                        (
                            "kind",
                            models.CharField(
                                help_text="Label of the record that it tells of, cases.Case", max_length=60
                            ),
                        ),
                        ("reference", models.CharField(blank=True, max_length=12)),
                        ("significant", models.BooleanField(default=False)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "household",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="chronology",
                                to="residents.household",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="chronology",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="CharacteristicsHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("gender", models.CharField(blank=True, max_length=20)),
                        ("ethnicity", models.CharField(blank=True, max_length=10)),
                        (
                            "disabilities",
                            models.CharField(blank=True, help_text="Codes, separated by spaces", max_length=200),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="residents.characteristics",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="characteristics",
                    name="resident",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="characteristics",
                        to="residents.resident",
                    ),
                ),
                migrations.CreateModel(
                    name="AgreementHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        ("purpose", models.CharField(max_length=300)),
                        (
                            "shared",
                            models.CharField(help_text="What is shared: name, safe contact, need …", max_length=300),
                        ),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("agreed", "The resident agreed"),
                                    ("representative", "Their representative agreed"),
                                    ("best_interests", "Lacks capacity: best-interests decision"),
                                    ("safeguarding", "Safeguarding: shared without agreement"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, help_text="Why without agreement", max_length=500)),
                        ("recorded_at", models.DateTimeField()),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "authorised_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                limit_choices_to={"role": "manager"},
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="residents.agreement",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="agreement",
                    name="resident",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="residents.resident"
                    ),
                ),
                migrations.CreateModel(
                    name="AccessGrantHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("reason", models.CharField(max_length=300)),
                        ("since", models.DateTimeField()),
                        ("until", models.DateTimeField(blank=True, null=True)),
                        (
                            "granted_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="residents.accessgrant",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="accessgrant",
                    name="resident",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_grants",
                        to="residents.resident",
                    ),
                ),
                migrations.CreateModel(
                    name="ResidentAddress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("home", "Home"), ("care_of", "Care of"), ("nfa", "No fixed abode")],
                                default="home",
                                max_length=10,
                            ),
                        ),
                        ("care_of", models.CharField(blank=True, max_length=200)),
                        (
                            "tenure",
                            models.CharField(
                                choices=[
                                    ("council", "Council tenant"),
                                    ("housing_association", "Housing association tenant"),
                                    ("private", "Private tenant"),
                                    ("owner", "Owner"),
                                    ("family_or_friends", "With family or friends"),
                                    ("temporary", "Temporary accommodation"),
                                    ("supported", "Supported housing"),
                                    ("institution", "Hospital, prison or other institution"),
                                    ("none", "No fixed abode"),
                                    ("unknown", "Not known"),
                                ],
                                default="unknown",
                                max_length=20,
                            ),
                        ),
                        (
                            "confidential",
                            models.BooleanField(default=False, help_text="A refuge, or anywhere that must not be told"),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "address",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="occupants",
                                to="residents.address",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="addresses",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-since", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="ResidentAddressHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("home", "Home"), ("care_of", "Care of"), ("nfa", "No fixed abode")],
                                default="home",
                                max_length=10,
                            ),
                        ),
                        ("care_of", models.CharField(blank=True, max_length=200)),
                        (
                            "tenure",
                            models.CharField(
                                choices=[
                                    ("council", "Council tenant"),
                                    ("housing_association", "Housing association tenant"),
                                    ("private", "Private tenant"),
                                    ("owner", "Owner"),
                                    ("family_or_friends", "With family or friends"),
                                    ("temporary", "Temporary accommodation"),
                                    ("supported", "Supported housing"),
                                    ("institution", "Hospital, prison or other institution"),
                                    ("none", "No fixed abode"),
                                    ("unknown", "Not known"),
                                ],
                                default="unknown",
                                max_length=20,
                            ),
                        ),
                        (
                            "confidential",
                            models.BooleanField(default=False, help_text="A refuge, or anywhere that must not be told"),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "address",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.address",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="residents.residentaddress",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ResidentHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        ("name", models.CharField(max_length=200)),
                        ("preferred_name", models.CharField(blank=True, max_length=100)),
                        (
                            "born_on",
                            models.DateField(
                                blank=True, help_text="With month or year only: the first day of it", null=True
                            ),
                        ),
                        (
                            "birth",
                            models.CharField(
                                choices=[
                                    ("full", "Full date"),
                                    ("month", "Month and year"),
                                    ("year", "Year only"),
                                    ("estimated", "Estimated"),
                                    ("unknown", "Not known"),
                                ],
                                default="unknown",
                                max_length=10,
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=60)),
                        ("needs_interpreter", models.BooleanField(default=False)),
                        ("communication_needs", models.CharField(blank=True, max_length=500)),
                        ("nhs_number", models.CharField(blank=True, max_length=10)),
                        ("died_on", models.DateField(blank=True, null=True)),
                        ("restricted", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SearchKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=80)),
                        (
                            "resident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="search_keys",
                                to="residents.resident",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="address",
                    name="ward",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to="residents.ward",
                    ),
                ),
                migrations.CreateModel(
                    name="Warning",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("staff", "Risk to staff"),
                                    ("children", "Risk to children"),
                                    ("adults", "Risk to adults"),
                                    ("self", "Risk to self"),
                                    ("adult_at_risk", "Adult at risk"),
                                    ("disclosure", "Disclosure risk"),
                                    ("missing", "Missing person"),
                                    ("marac", "MARAC"),
                                    ("order", "Protection order"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("text", models.CharField(max_length=500)),
                        ("added_at", models.DateTimeField()),
                        ("review_on", models.DateField()),
                        ("ended_on", models.DateField(blank=True, null=True)),
                        (
                            "added_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="warnings",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-added_at"],
                    },
                ),
                migrations.CreateModel(
                    name="WarningHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("staff", "Risk to staff"),
                                    ("children", "Risk to children"),
                                    ("adults", "Risk to adults"),
                                    ("self", "Risk to self"),
                                    ("adult_at_risk", "Adult at risk"),
                                    ("disclosure", "Disclosure risk"),
                                    ("missing", "Missing person"),
                                    ("marac", "MARAC"),
                                    ("order", "Protection order"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("text", models.CharField(max_length=500)),
                        ("added_at", models.DateTimeField()),
                        ("review_on", models.DateField()),
                        ("ended_on", models.DateField(blank=True, null=True)),
                        (
                            "added_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="residents.warning",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddConstraint(
                    model_name="resident",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="residents_resident_has_a_name"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="resident",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("birth", "unknown"), ("born_on", None)),
                            models.Q(models.Q(("birth", "unknown"), _negated=True), ("born_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="residents_resident_birth_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="resident",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("died_on", None), ("born_on", None), ("died_on__gte", models.F("born_on")), _connector="OR"
                        ),
                        name="residents_resident_died_after",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="resident",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "residents_residenthistory" ("birth", "born_on", "communication_needs", "created_at", "created_by_id", "died_on", "id", "language", "name", "needs_interpreter", "nhs_number", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred_name", "reference", "restricted", "version") VALUES (OLD."birth", OLD."born_on", OLD."communication_needs", OLD."created_at", OLD."created_by_id", OLD."died_on", OLD."id", OLD."language", OLD."name", OLD."needs_interpreter", OLD."nhs_number", NOW(), \'changed\', OLD."id", OLD."preferred_name", OLD."reference", OLD."restricted", OLD."version"); RETURN NULL;',
                            hash="17e2bdd717d34bd0e8a666d56dc78dea7fadb5d3",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_5ada9",
                            table="residents_resident",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="resident",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "residents_residenthistory" ("birth", "born_on", "communication_needs", "created_at", "created_by_id", "died_on", "id", "language", "name", "needs_interpreter", "nhs_number", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred_name", "reference", "restricted", "version") VALUES (OLD."birth", OLD."born_on", OLD."communication_needs", OLD."created_at", OLD."created_by_id", OLD."died_on", OLD."id", OLD."language", OLD."name", OLD."needs_interpreter", OLD."nhs_number", NOW(), \'deleted\', OLD."id", OLD."preferred_name", OLD."reference", OLD."restricted", OLD."version"); RETURN NULL;',
                            hash="b0f67a61d70d964d3b4015128d153a4ca21a7d9b",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_e3ac6",
                            table="residents_resident",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="phonehistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="29997e77d54d5f695ee854eeca6e5db6086b8004",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_97ac3",
                            table="residents_phonehistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="phone",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("resident", "number"),
                        name="residents_phone_one_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="phone",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="residents_phone_order",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="phone",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "residents_phonehistory" ("id", "note", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "safe_to_call", "safe_to_leave_message", "safe_to_text", "since", "until") VALUES (OLD."id", OLD."note", OLD."number", NOW(), \'changed\', OLD."id", OLD."resident_id", OLD."safe_to_call", OLD."safe_to_leave_message", OLD."safe_to_text", OLD."since", OLD."until"); RETURN NULL;',
                            hash="0d82fa3600959274d7b929ec9f3b0e61430c749d",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_92b29",
                            table="residents_phone",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="phone",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "residents_phonehistory" ("id", "note", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "safe_to_call", "safe_to_leave_message", "safe_to_text", "since", "until") VALUES (OLD."id", OLD."note", OLD."number", NOW(), \'deleted\', OLD."id", OLD."resident_id", OLD."safe_to_call", OLD."safe_to_leave_message", OLD."safe_to_text", OLD."since", OLD."until"); RETURN NULL;',
                            hash="2ca9b1e384fa845fc1da18f64ef8bd59d100d321",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_a007c",
                            table="residents_phone",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membershiphistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="906feba8f978b9681a2f7ee9e426187f7c7d99c8",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_31ee5",
                            table="residents_membershiphistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="membership",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("household", "resident"),
                        name="residents_membership_one_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="membership",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="residents_membership_order",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "residents_membershiphistory" ("household_id", "id", "part", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "since", "until") VALUES (OLD."household_id", OLD."id", OLD."part", NOW(), \'changed\', OLD."id", OLD."resident_id", OLD."since", OLD."until"); RETURN NULL;',
                            hash="05423c6d0c9888449541b1fac00e7c1776bc2748",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_df466",
                            table="residents_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "residents_membershiphistory" ("household_id", "id", "part", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "since", "until") VALUES (OLD."household_id", OLD."id", OLD."part", NOW(), \'deleted\', OLD."id", OLD."resident_id", OLD."since", OLD."until"); RETURN NULL;',
                            hash="979a7649063ac1c3ce1989c46130ee29d5377b7e",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_69afd",
                            table="residents_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="involvement",
                    index=models.Index(fields=["reference"], name="residents_involvement_ref"),
                ),
                migrations.AddConstraint(
                    model_name="involvement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="residents_involvement_order",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="emailaddresshistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="154a62c360a7d6022748a528410b09542bb9262d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_870b1",
                            table="residents_emailaddresshistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="emailaddress",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("resident", "address"),
                        name="residents_email_one_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="emailaddress",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="residents_email_order",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="emailaddress",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "residents_emailaddresshistory" ("address", "id", "note", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "safe_to_write", "since", "until") VALUES (OLD."address", OLD."id", OLD."note", NOW(), \'changed\', OLD."id", OLD."resident_id", OLD."safe_to_write", OLD."since", OLD."until"); RETURN NULL;',
                            hash="1309801e1ca2758ace87900178bb65407ce7db84",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_df59d",
                            table="residents_emailaddress",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="emailaddress",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "residents_emailaddresshistory" ("address", "id", "note", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "safe_to_write", "since", "until") VALUES (OLD."address", OLD."id", OLD."note", NOW(), \'deleted\', OLD."id", OLD."resident_id", OLD."safe_to_write", OLD."since", OLD."until"); RETURN NULL;',
                            hash="3f65bcb9251afcb6aead115174fff2831e52b96b",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_d1495",
                            table="residents_emailaddress",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="chronologyentry",
                    index=models.Index(fields=["resident", "-at"], name="residents_chronology_story"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="characteristicshistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f1a5e447b8a660a7e0dc561416af522f854359ed",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2d478",
                            table="residents_characteristicshistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="characteristics",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "residents_characteristicshistory" ("disabilities", "ethnicity", "gender", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id") VALUES (OLD."disabilities", OLD."ethnicity", OLD."gender", OLD."id", NOW(), \'changed\', OLD."id", OLD."resident_id"); RETURN NULL;',
                            hash="8cd1be8f8367f0c3397b0650740f0ed58512f072",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_6253b",
                            table="residents_characteristics",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="characteristics",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "residents_characteristicshistory" ("disabilities", "ethnicity", "gender", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id") VALUES (OLD."disabilities", OLD."ethnicity", OLD."gender", OLD."id", NOW(), \'deleted\', OLD."id", OLD."resident_id"); RETURN NULL;',
                            hash="7330d1d687398e3a4dcb79352b6e373cae796567",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_a3dd4",
                            table="residents_characteristics",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreementhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c6c42d4cffbbc2f80842023a06c97bf0ed406247",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_859bd",
                            table="residents_agreementhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="residents_agreement_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "safeguarding"), _negated=True),
                            models.Q(models.Q(("reason", ""), _negated=True), ("authorised_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="residents_agreement_without_needs_authority",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "residents_agreementhistory" ("authorised_by_id", "basis", "id", "organisation_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason", "recorded_at", "recorded_by_id", "reference", "resident_id", "shared", "since", "until", "version", "withdrawn_at") VALUES (OLD."authorised_by_id", OLD."basis", OLD."id", OLD."organisation_id", NOW(), \'changed\', OLD."id", OLD."purpose", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."reference", OLD."resident_id", OLD."shared", OLD."since", OLD."until", OLD."version", OLD."withdrawn_at"); RETURN NULL;',
                            hash="eb97fbbe6be2f8a879ec4a421ac2041b94b202a3",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_6ce66",
                            table="residents_agreement",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "residents_agreementhistory" ("authorised_by_id", "basis", "id", "organisation_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason", "recorded_at", "recorded_by_id", "reference", "resident_id", "shared", "since", "until", "version", "withdrawn_at") VALUES (OLD."authorised_by_id", OLD."basis", OLD."id", OLD."organisation_id", NOW(), \'deleted\', OLD."id", OLD."purpose", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."reference", OLD."resident_id", OLD."shared", OLD."since", OLD."until", OLD."version", OLD."withdrawn_at"); RETURN NULL;',
                            hash="a27371a2cd5b97bc4bf58873dd4f1c51ad12478a",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_6516e",
                            table="residents_agreement",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accessgranthistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4aa953709b289f474a2bfac475315184518e89f8",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_bdb46",
                            table="residents_accessgranthistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accessgrant",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("resident", "user"),
                        name="residents_accessgrant_one_open",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accessgrant",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "residents_accessgranthistory" ("granted_by_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "resident_id", "since", "until", "user_id") VALUES (OLD."granted_by_id", OLD."id", NOW(), \'changed\', OLD."id", OLD."reason", OLD."resident_id", OLD."since", OLD."until", OLD."user_id"); RETURN NULL;',
                            hash="a28fbe4a9d2ae51e4a214ff8e228047b550edea5",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_4321d",
                            table="residents_accessgrant",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accessgrant",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "residents_accessgranthistory" ("granted_by_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "resident_id", "since", "until", "user_id") VALUES (OLD."granted_by_id", OLD."id", NOW(), \'deleted\', OLD."id", OLD."reason", OLD."resident_id", OLD."since", OLD."until", OLD."user_id"); RETURN NULL;',
                            hash="3de33ef07d170323bb40db4e9f8f87314271ba8e",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_53a27",
                            table="residents_accessgrant",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residentaddress",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kind", "nfa"), ("address__isnull", False), _connector="OR"),
                        name="residents_residentaddress_somewhere",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residentaddress",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="residents_residentaddress_order",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="residentaddress",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "residents_residentaddresshistory" ("address_id", "care_of", "confidential", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "since", "tenure", "until") VALUES (OLD."address_id", OLD."care_of", OLD."confidential", OLD."id", OLD."kind", NOW(), \'changed\', OLD."id", OLD."resident_id", OLD."since", OLD."tenure", OLD."until"); RETURN NULL;',
                            hash="210a098ece19f0e60f2362203bb84bf212f1d339",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_0df22",
                            table="residents_residentaddress",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="residentaddress",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "residents_residentaddresshistory" ("address_id", "care_of", "confidential", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "since", "tenure", "until") VALUES (OLD."address_id", OLD."care_of", OLD."confidential", OLD."id", OLD."kind", NOW(), \'deleted\', OLD."id", OLD."resident_id", OLD."since", OLD."tenure", OLD."until"); RETURN NULL;',
                            hash="43059cd799ee3d3c8fb257fb8b3f976fe9f3fc86",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_18c7a",
                            table="residents_residentaddress",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="residentaddresshistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a7820635fed2a9b6e5e2042be09f55feebb2714e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3209a",
                            table="residents_residentaddresshistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="residenthistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3c0270ac2ae85ee0ee0f2ab7f3b7cc066d8b117f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_95739",
                            table="residents_residenthistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="searchkey",
                    constraint=models.UniqueConstraint(fields=("key", "resident"), name="residents_searchkey_one_each"),
                ),
                migrations.AddConstraint(
                    model_name="address",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("uprn", ""), ("uprn__regex", "^\\d{1,12}$"), _connector="OR"),
                        name="residents_address_uprn",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="warning",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "residents_warninghistory" ("added_at", "added_by_id", "ended_on", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "review_on", "text", "version") VALUES (OLD."added_at", OLD."added_by_id", OLD."ended_on", OLD."id", OLD."kind", NOW(), \'changed\', OLD."id", OLD."resident_id", OLD."review_on", OLD."text", OLD."version"); RETURN NULL;',
                            hash="6711c4498fc57a1d5765f88538497543674e423a",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_80b30",
                            table="residents_warning",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="warning",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "residents_warninghistory" ("added_at", "added_by_id", "ended_on", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "review_on", "text", "version") VALUES (OLD."added_at", OLD."added_by_id", OLD."ended_on", OLD."id", OLD."kind", NOW(), \'deleted\', OLD."id", OLD."resident_id", OLD."review_on", OLD."text", OLD."version"); RETURN NULL;',
                            hash="ccc0a9dad8450d53a2cb8459486c26d854a12cf0",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_84a2e",
                            table="residents_warning",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="warninghistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c15197c738919e2dccb88f80b71b07ffa66750a4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9616a",
                            table="residents_warninghistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
                *rs.protect("residents_resident", read=OPEN_TO_ME, add=rs.STAFF),
                *rs.protect(
                    "residents_household", read=f"{rs.STAFF} AND id NOT IN (SELECT acting.hidden_households())"
                ),
                *rs.protect("residents_address", read=f"{rs.STAFF} AND id NOT IN (SELECT acting.hidden_addresses())"),
                *[
                    operation
                    for name in OF_RESIDENT
                    for operation in rs.protect(f"residents_{name}", read=through_resident(f"residents_{name}"))
                ],
                *rs.protect(
                    "residents_chronologyentry",
                    read=through_resident("residents_chronologyentry"),
                    write="false",
                    add=rs.STAFF,
                ),
                *rs.protect(
                    "residents_searchkey",
                    read=through_resident("residents_searchkey"),
                    remove=through_resident("residents_searchkey"),
                ),
                *rs.protect(
                    "residents_accessgrant",
                    read=f"{rs.STAFF} AND (user_id = (SELECT acting.person()) OR {MANAGES}) AND ({rs.SYSTEM} OR resident_id NOT IN (SELECT acting.hidden_residents()))",
                    write=f"{MANAGES} AND {rs.through('residents_resident', 'residents_accessgrant.resident_id')}",
                ),
                *rs.protect_history("residents_residenthistory", parent="residents_resident"),
                *rs.protect_history("residents_membershiphistory", parent="residents_membership"),
                *rs.protect_history("residents_phonehistory", parent="residents_phone"),
                *rs.protect_history("residents_emailaddresshistory", parent="residents_emailaddress"),
                *rs.protect_history("residents_warninghistory", parent="residents_warning"),
                *rs.protect_history("residents_accessgranthistory", parent="residents_accessgrant"),
                *rs.protect_history("residents_characteristicshistory", parent="residents_characteristics"),
                *rs.protect_history("residents_residentaddresshistory", parent="residents_residentaddress"),
                *rs.protect_history("residents_agreementhistory", parent="residents_agreement"),
            ]
        ),
    ]

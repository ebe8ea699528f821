"""The first tables of the cases room, protected from the start."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ledger.references
from ledger import row_security as rs
from ledger.first_tables import FirstTables

FUNCTIONS = """
CREATE FUNCTION acting.my_teams() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 5 SET search_path = pg_catalog AS $$
  SELECT team_id FROM public.accounts_user_teams WHERE acting.is_staff() AND user_id = acting.person()
$$;
CREATE FUNCTION acting.my_cases() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog AS $$
  SELECT case_id FROM public.cases_caseperson WHERE acting.is_staff() AND user_id = acting.person() AND until IS NULL
$$;
"""
MINE = f"""{rs.SYSTEM} OR ((SELECT acting.role()) IN ('caseworker', 'manager') AND (
  lead_id = (SELECT acting.person()) OR id IN (SELECT acting.my_cases())
  OR (team_id IN (SELECT acting.my_teams()) AND (NOT restricted OR (SELECT acting.role()) = 'manager'))))"""
OF_CASE = ["casemember", "caseagency", "caseperson", "planneed", "planaction", "placement"]
WRITTEN_ONCE = ["note", "review"]


def through_case(table):
    return rs.through("cases_case", f"{table}.case_id")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("intake", "0001_initial"),
        ("residents", "0001_initial"),
        ("triage", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        FirstTables(
            [
                migrations.CreateModel(
                    name="ClosureReason",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("label", models.CharField(max_length=120)),
                        ("needs_manager", models.BooleanField(default=False)),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["label"],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField()),
                        (
                            "tier",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "Access"),
                                    (2, "Universal"),
                                    (3, "Triage"),
                                    (4, "Support"),
                                    (5, "Intervention"),
                                ]
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=10
                            ),
                        ),
                        ("restricted", models.BooleanField(default=False)),
                        ("opened_at", models.DateTimeField()),
                        ("review_due_on", models.DateField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("closing_summary", models.TextField(blank=True, max_length=5000)),
                        (
                            "resident_view",
                            models.CharField(
                                blank=True, help_text="What the household says of the work", max_length=1000
                            ),
                        ),
                        (
                            "check_on",
                            models.DateField(blank=True, help_text="Six-month check after closing", null=True),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="case", to="triage.decision"
                            ),
                        ),
                        (
                            "household",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="residents.household",
                            ),
                        ),
                        (
                            "lead",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases_led",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="accounts.team"
                            ),
                        ),
                        (
                            "closure_reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cases.closurereason",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-opened_at"],
                    },
                ),
                migrations.CreateModel(
                    name="CaseAgency",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("part", models.CharField(help_text="What they do on the case", max_length=200)),
                        (
                            "contact",
                            models.CharField(blank=True, help_text="Who there, and how to reach them", max_length=200),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="agencies", to="cases.case"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="case_agencies",
                                to="accounts.organisation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CaseAgencyHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("part", models.CharField(help_text="What they do on the case", max_length=200)),
                        (
                            "contact",
                            models.CharField(blank=True, help_text="Who there, and how to reach them", max_length=200),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
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
                                to="cases.caseagency",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="CaseMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="members", to="cases.case"
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="case_memberships",
                                to="residents.resident",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CaseMemberHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="cases.casemember",
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
                    name="CasePerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="people", to="cases.case"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="named_on",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CasePersonHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("reason", models.CharField(max_length=300)),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="cases.caseperson",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="CaseHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        (
                            "tier",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "Access"),
                                    (2, "Universal"),
                                    (3, "Triage"),
                                    (4, "Support"),
                                    (5, "Intervention"),
                                ]
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=10
                            ),
                        ),
                        ("restricted", models.BooleanField(default=False)),
                        ("opened_at", models.DateTimeField()),
                        ("review_due_on", models.DateField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("closing_summary", models.TextField(blank=True, max_length=5000)),
                        (
                            "resident_view",
                            models.CharField(
                                blank=True, help_text="What the household says of the work", max_length=1000
                            ),
                        ),
                        (
                            "check_on",
                            models.DateField(blank=True, help_text="Six-month check after closing", null=True),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="triage.decision",
                            ),
                        ),
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
                            "lead",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "opened_by",
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
                                to="cases.case",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="accounts.team",
                            ),
                        ),
                        (
                            "closure_reason",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.closurereason",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="IncomeGain",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("universal_credit", "Universal Credit"),
                                    ("pip", "Personal Independence Payment"),
                                    ("dla_child", "Disability Living Allowance for a child"),
                                    ("attendance", "Attendance Allowance"),
                                    ("carers", "Carer's Allowance"),
                                    ("pension_credit", "Pension Credit"),
                                    ("housing_benefit", "Housing Benefit"),
                                    ("council_tax", "Council tax support or discount"),
                                    ("crisis_payment", "Crisis Payment"),
                                    ("housing_payment", "Housing Payment"),
                                    ("healthy_start", "Healthy Start"),
                                    ("school_meals", "Free school meals"),
                                    ("warm_home", "Warm Home Discount"),
                                    ("social_tariff", "Social tariff"),
                                    ("write_off", "Debt written off"),
                                    ("grant", "Grant"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("claimed", "Claimed"), ("confirmed", "Confirmed"), ("refused", "Refused")],
                                default="claimed",
                                max_length=10,
                            ),
                        ),
                        ("weekly_before_pence", models.PositiveIntegerField(default=0)),
                        ("weekly_after_pence", models.PositiveIntegerField(default=0)),
                        (
                            "weeks",
                            models.PositiveSmallIntegerField(
                                default=52, help_text="52, or fewer where the award is shorter"
                            ),
                        ),
                        (
                            "one_off_pence",
                            models.PositiveIntegerField(default=0, help_text="Backdated award or single payment"),
                        ),
                        (
                            "value_pence",
                            models.PositiveIntegerField(
                                help_text="(after - before) x weeks + one-off: what is added in a year"
                            ),
                        ),
                        ("claimed_on", models.DateField()),
                        ("confirmed_on", models.DateField(blank=True, null=True)),
                        ("evidence", models.CharField(blank=True, max_length=300)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="income_gains",
                                to="cases.case",
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
                        (
                            "resident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="income_gains",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-claimed_on", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="IncomeGainHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("universal_credit", "Universal Credit"),
                                    ("pip", "Personal Independence Payment"),
                                    ("dla_child", "Disability Living Allowance for a child"),
                                    ("attendance", "Attendance Allowance"),
                                    ("carers", "Carer's Allowance"),
                                    ("pension_credit", "Pension Credit"),
                                    ("housing_benefit", "Housing Benefit"),
                                    ("council_tax", "Council tax support or discount"),
                                    ("crisis_payment", "Crisis Payment"),
                                    ("housing_payment", "Housing Payment"),
                                    ("healthy_start", "Healthy Start"),
                                    ("school_meals", "Free school meals"),
                                    ("warm_home", "Warm Home Discount"),
                                    ("social_tariff", "Social tariff"),
                                    ("write_off", "Debt written off"),
                                    ("grant", "Grant"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("claimed", "Claimed"), ("confirmed", "Confirmed"), ("refused", "Refused")],
                                default="claimed",
                                max_length=10,
                            ),
                        ),
                        ("weekly_before_pence", models.PositiveIntegerField(default=0)),
                        ("weekly_after_pence", models.PositiveIntegerField(default=0)),
                        (
                            "weeks",
                            models.PositiveSmallIntegerField(
                                default=52, help_text="52, or fewer where the award is shorter"
                            ),
                        ),
                        (
                            "one_off_pence",
                            models.PositiveIntegerField(default=0, help_text="Backdated award or single payment"),
                        ),
                        (
                            "value_pence",
                            models.PositiveIntegerField(
                                help_text="(after - before) x weeks + one-off: what is added in a year"
                            ),
                        ),
                        ("claimed_on", models.DateField()),
                        ("confirmed_on", models.DateField(blank=True, null=True)),
                        ("evidence", models.CharField(blank=True, max_length=300)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="cases.incomegain",
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
                migrations.CreateModel(
                    name="Note",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", ledger.references.ReferenceField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("visit", "Home visit"),
                                    ("call", "Phone call"),
                                    ("meeting", "Meeting"),
                                    ("message", "Message"),
                                    ("office", "Seen at a hub or office"),
                                    ("record", "File note"),
                                    ("supervision", "Supervision"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("text", models.TextField(max_length=20000)),
                        ("happened_at", models.DateTimeField()),
                        ("written_at", models.DateTimeField()),
                        ("child_seen", models.BooleanField(default=False)),
                        ("significant", models.BooleanField(default=False)),
                        (
                            "addendum_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="addenda",
                                to="cases.note",
                            ),
                        ),
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="cases.case"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-happened_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Placement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("bed_and_breakfast", "Bed and breakfast"),
                                    ("nightly_paid", "Nightly paid, self-contained"),
                                    ("hostel", "Hostel or refuge"),
                                    ("private_leased", "Private sector leased"),
                                    ("council_stock", "Council or housing association stock"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("place", models.CharField(blank=True, max_length=300)),
                        ("out_of_area", models.BooleanField(default=False)),
                        ("starts_on", models.DateField(help_text="First night")),
                        (
                            "ends_on",
                            models.DateField(
                                blank=True, help_text="Day of leaving: the night before it was the last", null=True
                            ),
                        ),
                        (
                            "ended_because",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("moved_within", "Moved to other temporary accommodation"),
                                    ("settled", "Moved to a settled home"),
                                    ("left", "Left, whereabouts known"),
                                    ("lost_touch", "Left, lost touch"),
                                    ("duty_ended", "The duty ended"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="placements", to="cases.case"
                            ),
                        ),
                        (
                            "household",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="placements",
                                to="residents.household",
                            ),
                        ),
                        (
                            "moved_from",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moved_to",
                                to="cases.placement",
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
                        "ordering": ["-starts_on", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="PlacementHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("bed_and_breakfast", "Bed and breakfast"),
                                    ("nightly_paid", "Nightly paid, self-contained"),
                                    ("hostel", "Hostel or refuge"),
                                    ("private_leased", "Private sector leased"),
                                    ("council_stock", "Council or housing association stock"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("place", models.CharField(blank=True, max_length=300)),
                        ("out_of_area", models.BooleanField(default=False)),
                        ("starts_on", models.DateField(help_text="First night")),
                        (
                            "ends_on",
                            models.DateField(
                                blank=True, help_text="Day of leaving: the night before it was the last", null=True
                            ),
                        ),
                        (
                            "ended_because",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("moved_within", "Moved to other temporary accommodation"),
                                    ("settled", "Moved to a settled home"),
                                    ("left", "Left, whereabouts known"),
                                    ("lost_touch", "Left, lost touch"),
                                    ("duty_ended", "The duty ended"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
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
                            "moved_from",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.placement",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="cases.placement",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PlanAction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField()),
                        ("what", models.CharField(max_length=500)),
                        (
                            "owner_name",
                            models.CharField(blank=True, help_text="Someone of the household", max_length=200),
                        ),
                        ("due_on", models.DateField()),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "To do"), ("done", "Done"), ("dropped", "Not needed any more")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("result", models.CharField(blank=True, max_length=500)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_actions",
                                to="cases.case",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_actions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner_organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["due_on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="PlanNeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField()),
                        ("goal", models.CharField(max_length=500)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Being worked on"),
                                    ("met", "Met"),
                                    ("partly_met", "Partly met"),
                                    ("not_met", "Not met"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        (
                            "baseline",
                            models.PositiveSmallIntegerField(
                                help_text="1 (stuck) to 5 (sustained), when the goal was set"
                            ),
                        ),
                        ("latest", models.PositiveSmallIntegerField(help_text="1 to 5, now")),
                        ("added_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("outcome", models.CharField(blank=True, max_length=500)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="plan_needs", to="cases.case"
                            ),
                        ),
                        (
                            "need",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.need"
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                blank=True,
                                help_text="Nobody: the whole household",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["added_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="PlanActionHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        ("what", models.CharField(max_length=500)),
                        (
                            "owner_name",
                            models.CharField(blank=True, help_text="Someone of the household", max_length=200),
                        ),
                        ("due_on", models.DateField()),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "To do"), ("done", "Done"), ("dropped", "Not needed any more")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("result", models.CharField(blank=True, max_length=500)),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner_organisation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
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
                                to="cases.planaction",
                            ),
                        ),
                        (
                            "plan_need",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.planneed",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="planaction",
                    name="plan_need",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="cases.planneed"
                    ),
                ),
                migrations.CreateModel(
                    name="PlanNeedHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        ("goal", models.CharField(max_length=500)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Being worked on"),
                                    ("met", "Met"),
                                    ("partly_met", "Partly met"),
                                    ("not_met", "Not met"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        (
                            "baseline",
                            models.PositiveSmallIntegerField(
                                help_text="1 (stuck) to 5 (sustained), when the goal was set"
                            ),
                        ),
                        ("latest", models.PositiveSmallIntegerField(help_text="1 to 5, now")),
                        ("added_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("outcome", models.CharField(blank=True, max_length=500)),
                        (
                            "case",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "need",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="intake.need",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="cases.planneed",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="Nobody: the whole household",
                                null=True,
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
                    name="Review",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", ledger.references.ReferenceField()),
                        ("was_due_on", models.DateField()),
                        ("held_at", models.DateTimeField()),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("continue", "Continue"),
                                    ("change", "Change the plan"),
                                    ("step_up", "Step up"),
                                    ("step_down", "Step down"),
                                    ("close", "Close"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("progress", models.BooleanField(help_text="Whether things moved since the last review")),
                        ("summary", models.TextField(max_length=5000)),
                        ("household_view", models.CharField(blank=True, max_length=1000)),
                        ("next_due_on", models.DateField(blank=True, null=True)),
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="cases.case"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-held_at", "-id"],
                    },
                ),
                migrations.AddConstraint(
                    model_name="caseagency",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("case", "organisation"),
                        name="cases_caseagency_one_open",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="caseagency",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "cases_caseagencyhistory" ("case_id", "contact", "id", "organisation_id", "part", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "until") VALUES (OLD."case_id", OLD."contact", OLD."id", OLD."organisation_id", OLD."part", NOW(), \'changed\', OLD."id", OLD."since", OLD."until"); RETURN NULL;',
                            hash="deb6aa4687e86fd2d78cc59d282ddead99c3ca46",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_263c0",
                            table="cases_caseagency",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="caseagency",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_caseagencyhistory" ("case_id", "contact", "id", "organisation_id", "part", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "until") VALUES (OLD."case_id", OLD."contact", OLD."id", OLD."organisation_id", OLD."part", NOW(), \'deleted\', OLD."id", OLD."since", OLD."until"); RETURN NULL;',
                            hash="3e057b662481680f8d20680f9adcf9916cd19b84",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_62b05",
                            table="cases_caseagency",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="caseagencyhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="7a881aa2ebd5a15cf39158a31ef75ff2f1351ade",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_859e6",
                            table="cases_caseagencyhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="casemember",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("case", "resident"),
                        name="cases_casemember_one_open",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="casemember",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "cases_casememberhistory" ("case_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "since", "until") VALUES (OLD."case_id", OLD."id", NOW(), \'changed\', OLD."id", OLD."resident_id", OLD."since", OLD."until"); RETURN NULL;',
                            hash="7dd1671773662ef92b275600572ae9dab104f6d0",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_d85b7",
                            table="cases_casemember",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="casemember",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_casememberhistory" ("case_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "since", "until") VALUES (OLD."case_id", OLD."id", NOW(), \'deleted\', OLD."id", OLD."resident_id", OLD."since", OLD."until"); RETURN NULL;',
                            hash="5277e7e470ad2da948adeb9eaf3745797682d4bc",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_54032",
                            table="cases_casemember",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="casememberhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="333795502eb6617e99e29d0996e2c84640faaf5e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_979b9",
                            table="cases_casememberhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="caseperson",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("case", "user"), name="cases_caseperson_one_open"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="caseperson",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "cases_casepersonhistory" ("case_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "since", "until", "user_id") VALUES (OLD."case_id", OLD."id", NOW(), \'changed\', OLD."id", OLD."reason", OLD."since", OLD."until", OLD."user_id"); RETURN NULL;',
                            hash="1b0bffa9755e3ba999a73ce2f1467bd65ce18e13",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_cfd97",
                            table="cases_caseperson",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="caseperson",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_casepersonhistory" ("case_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "since", "until", "user_id") VALUES (OLD."case_id", OLD."id", NOW(), \'deleted\', OLD."id", OLD."reason", OLD."since", OLD."until", OLD."user_id"); RETURN NULL;',
                            hash="6ade4f4f65278996d97ce16678bf4fab7f5c0a74",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_b6d42",
                            table="cases_caseperson",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="casepersonhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="996b149254e8397a1d29526d7c5cb0299896d39d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6027f",
                            table="cases_casepersonhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="casehistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="81390c1f956b512da9abead14717d653b632e133",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_40a51",
                            table="cases_casehistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        condition=models.Q(("status", "open")), fields=["lead"], name="cases_case_open_lead"
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(fields=["opened_at"], name="cases_case_opened"),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("household",),
                        name="cases_case_one_open_a_household",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closure_reason", None), ("status", "open")),
                            models.Q(
                                ("closed_at__gte", models.F("opened_at")),
                                ("closed_at__isnull", False),
                                ("closure_reason__isnull", False),
                                ("status", "closed"),
                            ),
                            _connector="OR",
                        ),
                        name="cases_case_closed_has_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("tier__gte", 4), ("status", "closed"), _connector="OR"),
                        name="cases_case_tier",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="case",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "cases_casehistory" ("check_on", "closed_at", "closed_by_id", "closing_summary", "closure_reason_id", "decision_id", "household_id", "id", "lead_id", "opened_at", "opened_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "resident_view", "restricted", "review_due_on", "status", "team_id", "tier", "version") VALUES (OLD."check_on", OLD."closed_at", OLD."closed_by_id", OLD."closing_summary", OLD."closure_reason_id", OLD."decision_id", OLD."household_id", OLD."id", OLD."lead_id", OLD."opened_at", OLD."opened_by_id", NOW(), \'changed\', OLD."id", OLD."reference", OLD."resident_view", OLD."restricted", OLD."review_due_on", OLD."status", OLD."team_id", OLD."tier", OLD."version"); RETURN NULL;',
                            hash="793657193a3f38089483e94e7e874824a70ff222",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_eb1ce",
                            table="cases_case",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="case",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_casehistory" ("check_on", "closed_at", "closed_by_id", "closing_summary", "closure_reason_id", "decision_id", "household_id", "id", "lead_id", "opened_at", "opened_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "resident_view", "restricted", "review_due_on", "status", "team_id", "tier", "version") VALUES (OLD."check_on", OLD."closed_at", OLD."closed_by_id", OLD."closing_summary", OLD."closure_reason_id", OLD."decision_id", OLD."household_id", OLD."id", OLD."lead_id", OLD."opened_at", OLD."opened_by_id", NOW(), \'deleted\', OLD."id", OLD."reference", OLD."resident_view", OLD."restricted", OLD."review_due_on", OLD."status", OLD."team_id", OLD."tier", OLD."version"); RETURN NULL;',
                            hash="30a71ecc716006735ba73610c7a1671a2c057d91",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_9c30b",
                            table="cases_case",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="incomegain",
                    index=models.Index(
                        condition=models.Q(("status", "confirmed")),
                        fields=["confirmed_on"],
                        name="cases_incomegain_confirmed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incomegain",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("weeks__range", (1, 52))), name="cases_incomegain_weeks"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incomegain",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("weekly_after_pence__gte", models.F("weekly_before_pence"))),
                        name="cases_incomegain_more",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incomegain",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "value_pence",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("weekly_after_pence"), "-", models.F("weekly_before_pence")
                                        ),
                                        "*",
                                        models.F("weeks"),
                                    ),
                                    "+",
                                    models.F("one_off_pence"),
                                ),
                            )
                        ),
                        name="cases_incomegain_value",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incomegain",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("value_pence__gt", 0)), name="cases_incomegain_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incomegain",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_on__isnull", False),
                                ("status", "confirmed"),
                                models.Q(("evidence", ""), _negated=True),
                            ),
                            models.Q(models.Q(("status", "confirmed"), _negated=True), ("confirmed_on", None)),
                            _connector="OR",
                        ),
                        name="cases_incomegain_confirmed_has_evidence",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="incomegain",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "cases_incomegainhistory" ("case_id", "claimed_on", "confirmed_on", "evidence", "id", "kind", "one_off_pence", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reference", "resident_id", "status", "value_pence", "version", "weekly_after_pence", "weekly_before_pence", "weeks") VALUES (OLD."case_id", OLD."claimed_on", OLD."confirmed_on", OLD."evidence", OLD."id", OLD."kind", OLD."one_off_pence", NOW(), \'changed\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."reference", OLD."resident_id", OLD."status", OLD."value_pence", OLD."version", OLD."weekly_after_pence", OLD."weekly_before_pence", OLD."weeks"); RETURN NULL;',
                            hash="e1f6218ca1234b906c90175d3439796b6b3dfaac",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_1a5a6",
                            table="cases_incomegain",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="incomegain",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_incomegainhistory" ("case_id", "claimed_on", "confirmed_on", "evidence", "id", "kind", "one_off_pence", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reference", "resident_id", "status", "value_pence", "version", "weekly_after_pence", "weekly_before_pence", "weeks") VALUES (OLD."case_id", OLD."claimed_on", OLD."confirmed_on", OLD."evidence", OLD."id", OLD."kind", OLD."one_off_pence", NOW(), \'deleted\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."reference", OLD."resident_id", OLD."status", OLD."value_pence", OLD."version", OLD."weekly_after_pence", OLD."weekly_before_pence", OLD."weeks"); RETURN NULL;',
                            hash="8a2739460a7151ecfcecd70a1ce06e3676063322",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_45e9c",
                            table="cases_incomegain",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="incomegainhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="cd87c46e2fc9cb1104f4bced638ba9497fbff91d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_abe54",
                            table="cases_incomegainhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="note",
                    index=models.Index(fields=["case", "-happened_at"], name="cases_note_story"),
                ),
                migrations.AddIndex(
                    model_name="placement",
                    index=models.Index(fields=["starts_on", "ends_on"], name="cases_placement_nights"),
                ),
                migrations.AddConstraint(
                    model_name="placement",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)), fields=("household",), name="cases_placement_one_open"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="placement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                        name="cases_placement_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="placement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_because", ""), ("ends_on", None)),
                            models.Q(("ends_on__isnull", False), models.Q(("ended_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="cases_placement_ended_because",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="placement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "cases_placementhistory" ("case_id", "ended_because", "ends_on", "household_id", "id", "kind", "moved_from_id", "out_of_area", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "recorded_at", "recorded_by_id", "reference", "starts_on", "version") VALUES (OLD."case_id", OLD."ended_because", OLD."ends_on", OLD."household_id", OLD."id", OLD."kind", OLD."moved_from_id", OLD."out_of_area", NOW(), \'changed\', OLD."id", OLD."place", OLD."recorded_at", OLD."recorded_by_id", OLD."reference", OLD."starts_on", OLD."version"); RETURN NULL;',
                            hash="119c876a0be74879fee45128e33aed958e90a40d",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_d3ed2",
                            table="cases_placement",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="placement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_placementhistory" ("case_id", "ended_because", "ends_on", "household_id", "id", "kind", "moved_from_id", "out_of_area", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "recorded_at", "recorded_by_id", "reference", "starts_on", "version") VALUES (OLD."case_id", OLD."ended_because", OLD."ends_on", OLD."household_id", OLD."id", OLD."kind", OLD."moved_from_id", OLD."out_of_area", NOW(), \'deleted\', OLD."id", OLD."place", OLD."recorded_at", OLD."recorded_by_id", OLD."reference", OLD."starts_on", OLD."version"); RETURN NULL;',
                            hash="35d1274e2976fd290ac517982a49640a6b1987c7",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_87c0e",
                            table="cases_placement",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="placementhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="617eda038ff75b02b56edce08d0b7c1527ba9166",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2dab7",
                            table="cases_placementhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planneed",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("baseline__range", (1, 5)), ("latest__range", (1, 5))),
                        name="cases_planneed_scale",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planneed",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("status", "open")),
                            models.Q(models.Q(("status", "open"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_planneed_closed",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="planneed",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "cases_planneedhistory" ("added_at", "baseline", "case_id", "closed_at", "goal", "id", "latest", "need_id", "outcome", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "resident_id", "status", "version") VALUES (OLD."added_at", OLD."baseline", OLD."case_id", OLD."closed_at", OLD."goal", OLD."id", OLD."latest", OLD."need_id", OLD."outcome", NOW(), \'changed\', OLD."id", OLD."reference", OLD."resident_id", OLD."status", OLD."version"); RETURN NULL;',
                            hash="7f321dc22fae61abd6b31a0ab4fee1573bf20e4a",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_b6325",
                            table="cases_planneed",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="planneed",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_planneedhistory" ("added_at", "baseline", "case_id", "closed_at", "goal", "id", "latest", "need_id", "outcome", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "resident_id", "status", "version") VALUES (OLD."added_at", OLD."baseline", OLD."case_id", OLD."closed_at", OLD."goal", OLD."id", OLD."latest", OLD."need_id", OLD."outcome", NOW(), \'deleted\', OLD."id", OLD."reference", OLD."resident_id", OLD."status", OLD."version"); RETURN NULL;',
                            hash="e15d068c4555d2655f34e6e2e49e424fbc6e7720",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_46008",
                            table="cases_planneed",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="planactionhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3d1935b12ed0eeb67d4aea0aa9e3b068e1fd80ab",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_00f6c",
                            table="cases_planactionhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="planaction",
                    index=models.Index(
                        condition=models.Q(("status", "open")), fields=["owner", "due_on"], name="cases_planaction_todo"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planaction",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner__isnull", False), ("owner_name", ""), ("owner_organisation", None)),
                            models.Q(("owner", None), ("owner_name", ""), ("owner_organisation__isnull", False)),
                            models.Q(
                                ("owner", None),
                                ("owner_organisation", None),
                                models.Q(("owner_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_planaction_one_owner",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planaction",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("status", "open")),
                            models.Q(models.Q(("status", "open"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_planaction_ended",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="planaction",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "cases_planactionhistory" ("added_at", "case_id", "due_on", "ended_at", "id", "owner_id", "owner_name", "owner_organisation_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_need_id", "reference", "result", "status", "version", "what") VALUES (OLD."added_at", OLD."case_id", OLD."due_on", OLD."ended_at", OLD."id", OLD."owner_id", OLD."owner_name", OLD."owner_organisation_id", NOW(), \'changed\', OLD."id", OLD."plan_need_id", OLD."reference", OLD."result", OLD."status", OLD."version", OLD."what"); RETURN NULL;',
                            hash="6e83330be05e2c24e9be5f69c15642c3124cbdb1",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_7815b",
                            table="cases_planaction",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="planaction",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "cases_planactionhistory" ("added_at", "case_id", "due_on", "ended_at", "id", "owner_id", "owner_name", "owner_organisation_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_need_id", "reference", "result", "status", "version", "what") VALUES (OLD."added_at", OLD."case_id", OLD."due_on", OLD."ended_at", OLD."id", OLD."owner_id", OLD."owner_name", OLD."owner_organisation_id", NOW(), \'deleted\', OLD."id", OLD."plan_need_id", OLD."reference", OLD."result", OLD."status", OLD."version", OLD."what"); RETURN NULL;',
                            hash="2c4945281d89c90b9570c7e7440ce6dfc85ba699",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_0794f",
                            table="cases_planaction",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="planneedhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0933590df05bbc8e20b19399ff2d8522380b779e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_36c8d",
                            table="cases_planneedhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
                *rs.protect("cases_case", read=MINE),
                *[
                    operation
                    for name in OF_CASE
                    for operation in rs.protect(f"cases_{name}", read=through_case(f"cases_{name}"))
                ],
                *[
                    operation
                    for name in WRITTEN_ONCE
                    for operation in rs.protect(
                        f"cases_{name}",
                        read=through_case(f"cases_{name}"),
                        write="false",
                        add=through_case(f"cases_{name}"),
                    )
                ],
                *rs.protect(
                    "cases_incomegain",
                    read=rs.STAFF + " AND " + rs.through("residents_resident", "cases_incomegain.resident_id"),
                ),
                *rs.protect_history("cases_casehistory", parent="cases_case"),
                *rs.protect_history("cases_casememberhistory", parent="cases_casemember"),
                *rs.protect_history("cases_caseagencyhistory", parent="cases_caseagency"),
                *rs.protect_history("cases_casepersonhistory", parent="cases_caseperson"),
                *rs.protect_history("cases_planneedhistory", parent="cases_planneed"),
                *rs.protect_history("cases_planactionhistory", parent="cases_planaction"),
                *rs.protect_history("cases_placementhistory", parent="cases_placement"),
                *rs.protect_history("cases_incomegainhistory", parent="cases_incomegain"),
            ]
        ),
    ]

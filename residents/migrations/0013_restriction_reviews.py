"""Why a record is restricted, and by when it is looked at again; the list of those that are due for managers.

A manager who is not named for a record reads its reference, the day, and whom to ask: nothing else leaves the function.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from ledger import row_security as rs

DUE = """
CREATE FUNCTION acting.restrictions_to_review(after_day date, after_id bigint, most integer)
RETURNS TABLE (id bigint, reference text, review_on date, is_mine boolean, ask text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
  SELECT x.id, r.reference::text, x.review_on, x.resident_id IN (SELECT acting.my_residents()), (
    SELECT u.name::text FROM public.residents_accessgrant g JOIN public.accounts_user u ON u.id = g.user_id
    WHERE g.resident_id = x.resident_id AND u.role = 'manager' AND u.is_active AND (g.until IS NULL OR g.until > now())
    ORDER BY u.name LIMIT 1)
  FROM public.residents_restriction x JOIN public.residents_resident r ON r.id = x.resident_id
  WHERE (SELECT acting.role()) = 'manager' AND x.until IS NULL AND r.restricted
    AND (x.review_on, x.id) > (after_day, after_id)
  ORDER BY x.review_on, x.id LIMIT most
$$;
REVOKE ALL ON FUNCTION acting.restrictions_to_review(date, bigint, integer) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("residents", "0012_postcodes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("high_profile", "High profile: known to the public, or a protected witness"),
                            ("staff_interest", "Staff interest: works here, or is related to someone who does"),
                            ("adoption", "Adoption"),
                            ("high_risk", "High risk: domestic abuse, MARAC, refuge, MAPPA"),
                            ("unknown", "Not recorded"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("since", models.DateTimeField()),
                ("review_on", models.DateField()),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("review_reason", models.CharField(blank=True, max_length=300)),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
                        to="residents.resident",
                    ),
                ),
                (
                    "restricted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["review_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="RestrictionHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("high_profile", "High profile: known to the public, or a protected witness"),
                            ("staff_interest", "Staff interest: works here, or is related to someone who does"),
                            ("adoption", "Adoption"),
                            ("high_risk", "High risk: domestic abuse, MARAC, refuge, MAPPA"),
                            ("unknown", "Not recorded"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("since", models.DateTimeField()),
                ("review_on", models.DateField()),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("review_reason", models.CharField(blank=True, max_length=300)),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="residents.restriction",
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
                (
                    "restricted_by",
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
                    "reviewed_by",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("resident",), name="residents_restriction_one_open"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="restriction",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "residents_restrictionhistory" ("category", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "resident_id", "restricted_by_id", "review_on", "review_reason", "reviewed_at", "reviewed_by_id", "since", "until", "version") VALUES (OLD."category", OLD."id", NOW(), \'changed\', OLD."id", OLD."reason", OLD."resident_id", OLD."restricted_by_id", OLD."review_on", OLD."review_reason", OLD."reviewed_at", OLD."reviewed_by_id", OLD."since", OLD."until", OLD."version"); RETURN NULL;',
                    hash="384e2d025025a33da4a8eddb1db591f0595ced01",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_9f7c3",
                    table="residents_restriction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="restriction",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "residents_restrictionhistory" ("category", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "resident_id", "restricted_by_id", "review_on", "review_reason", "reviewed_at", "reviewed_by_id", "since", "until", "version") VALUES (OLD."category", OLD."id", NOW(), \'deleted\', OLD."id", OLD."reason", OLD."resident_id", OLD."restricted_by_id", OLD."review_on", OLD."review_reason", OLD."reviewed_at", OLD."reviewed_by_id", OLD."since", OLD."until", OLD."version"); RETURN NULL;',
                    hash="d71dd654bd9a7ae01302462a0e4f0e0faf3aa9c1",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_b8e0a",
                    table="residents_restriction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="restrictionhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5ac8ae967b930e168bf5e3bf8680294c40815f8a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c18c3",
                    table="residents_restrictionhistory",
                    when="BEFORE",
                ),
            ),
        ),
        *rs.protect("residents_restriction", read=f"{rs.STAFF} AND {rs.open_to_me('resident_id')}"),
        *rs.protect_history("residents_restrictionhistory", parent="residents_restriction"),
        migrations.RunSQL(DUE, "DROP FUNCTION acting.restrictions_to_review(date, bigint, integer)"),
    ]

"""The first tables of the accounts room, protected from the start."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ledger.references
from ledger import row_security as rs
from ledger.first_tables import FirstTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0002_trail_outbox_drafts"),
    ]

    operations = [
        FirstTables(
            [
                migrations.CreateModel(
                    name="Organisation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField()),
                        ("name", models.CharField(max_length=200, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("council", "Council"), ("partner", "Partner")],
                                default="partner",
                                max_length=10,
                            ),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("phone", models.CharField(blank=True, max_length=30)),
                        ("url", models.URLField(blank=True, max_length=500)),
                        ("about", models.TextField(blank=True)),
                        ("active", models.BooleanField(default=True)),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", ledger.references.ReferenceField()),
                        ("name", models.CharField(max_length=100)),
                        ("active", models.BooleanField(default=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teams",
                                to="accounts.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField()),
                        ("email", models.EmailField(max_length=254, unique=True)),
                        ("name", models.CharField(max_length=150)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("front_door", "Front door"),
                                    ("caseworker", "Caseworker"),
                                    ("manager", "Manager"),
                                    ("partner", "Partner"),
                                    ("information_governance", "Information governance"),
                                    ("administrator", "Administrator"),
                                ],
                                max_length=30,
                            ),
                        ),
                        (
                            "duty_manager",
                            models.BooleanField(default=False, help_text="May lower a hard stop at triage"),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="users",
                                to="accounts.organisation",
                            ),
                        ),
                        ("teams", models.ManyToManyField(blank=True, related_name="members", to="accounts.team")),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="TeamOpening",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("weekday", models.PositiveSmallIntegerField()),
                        ("opens_at", models.TimeField()),
                        ("closes_at", models.TimeField()),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="accounts.team"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["weekday"],
                    },
                ),
                migrations.CreateModel(
                    name="UserHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        ("email", models.EmailField(max_length=254)),
                        ("name", models.CharField(max_length=150)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("front_door", "Front door"),
                                    ("caseworker", "Caseworker"),
                                    ("manager", "Manager"),
                                    ("partner", "Partner"),
                                    ("information_governance", "Information governance"),
                                    ("administrator", "Administrator"),
                                ],
                                max_length=30,
                            ),
                        ),
                        (
                            "duty_manager",
                            models.BooleanField(default=False, help_text="May lower a hard stop at triage"),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
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
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddConstraint(
                    model_name="team",
                    constraint=models.UniqueConstraint(fields=("organisation", "name"), name="accounts_team_one_name"),
                ),
                migrations.AddConstraint(
                    model_name="user",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "front_door",
                                    "caseworker",
                                    "manager",
                                    "partner",
                                    "information_governance",
                                    "administrator",
                                ],
                            )
                        ),
                        name="accounts_user_role",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="user",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("duty_manager", False), ("role", "manager"), _connector="OR"),
                        name="accounts_user_duty_manager_is_manager",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="user",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "accounts_userhistory" ("created_at", "duty_manager", "email", "id", "is_active", "last_login", "name", "organisation_id", "password", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "role", "version") VALUES (OLD."created_at", OLD."duty_manager", OLD."email", OLD."id", OLD."is_active", OLD."last_login", OLD."name", OLD."organisation_id", OLD."password", NOW(), \'changed\', OLD."id", OLD."reference", OLD."role", OLD."version"); RETURN NULL;',
                            hash="0b6c69ac670120d7b980b7736dcfa95794ddaae1",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_1bd15",
                            table="accounts_user",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="user",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "accounts_userhistory" ("created_at", "duty_manager", "email", "id", "is_active", "last_login", "name", "organisation_id", "password", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "role", "version") VALUES (OLD."created_at", OLD."duty_manager", OLD."email", OLD."id", OLD."is_active", OLD."last_login", OLD."name", OLD."organisation_id", OLD."password", NOW(), \'deleted\', OLD."id", OLD."reference", OLD."role", OLD."version"); RETURN NULL;',
                            hash="a91596faaf9099fcbd90944d41dc2d2de973bcca",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_303ff",
                            table="accounts_user",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="teamopening",
                    constraint=models.UniqueConstraint(
                        fields=("team", "weekday"), name="accounts_teamopening_one_a_day"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="teamopening",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="accounts_teamopening_weekday"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="teamopening",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="accounts_teamopening_order"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="userhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="68ffa9ce3b529c4c151c9348adc79b98119cd550",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4f815",
                            table="accounts_userhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                *rs.protect(
                    "accounts_userhistory",
                    read="(SELECT acting.role()) IN ('administrator', 'information_governance', 'system')",
                    write="false",
                    add="true",
                ),
            ]
        ),
    ]

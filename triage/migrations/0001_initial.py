"""The first tables of the triage room, protected from the start."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ledger.references
from ledger import row_security as rs
from ledger.first_tables import FirstTables

OF_CONTACT = rs.through("intake_contact", "{}.contact_id")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("intake", "0001_initial"),
        ("residents", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        FirstTables(
            [
                migrations.CreateModel(
                    name="Decision",
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
                                    ("triage", "Triage of a contact"),
                                    ("step_up", "Step up"),
                                    ("step_down", "Step down"),
                                ],
                                default="triage",
                                max_length=10,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        (
                            "suggested_tier",
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
                            "chosen_tier",
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
                            "urgency",
                            models.CharField(
                                choices=[("red", "Red"), ("amber", "Amber"), ("green", "Green")],
                                default="green",
                                max_length=10,
                            ),
                        ),
                        ("due_at", models.DateTimeField(null=True)),
                        ("rule_set_version", models.CharField(blank=True, max_length=20)),
                        (
                            "answers",
                            models.JSONField(default=dict, help_text="The answers as they stood: kept, never queried"),
                        ),
                        (
                            "lower_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("already_met", "The need is already met"),
                                    ("known_safe", "Checked with an agency that knows them: safe"),
                                    ("wrong_answer", "An answer was recorded wrongly"),
                                    ("resident_declines", "The resident declines and has capacity to"),
                                    ("other_service", "Another service is already doing this"),
                                    ("other", "Another reason"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=2000)),
                        ("hard_stop", models.BooleanField(default=False)),
                        (
                            "may_send",
                            models.BooleanField(
                                default=True,
                                help_text="False: nothing may be sent, for nobody agreed and no safeguarding reason",
                            ),
                        ),
                        (
                            "needs_case",
                            models.BooleanField(
                                default=False, help_text="Support or Intervention: somebody is to lead"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="intake.contact",
                            ),
                        ),
                        (
                            "household",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="residents.household",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "previous",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="next",
                                to="triage.decision",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="residents.resident",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-made_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="FiredRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=3)),
                        (
                            "tier",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "Access"),
                                    (2, "Universal"),
                                    (3, "Triage"),
                                    (4, "Support"),
                                    (5, "Intervention"),
                                ],
                                null=True,
                            ),
                        ),
                        ("hard_stop", models.BooleanField(default=False)),
                        ("because", models.CharField(max_length=500)),
                        ("route", models.CharField(blank=True, max_length=200)),
                        ("due_at", models.DateTimeField(null=True)),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="fired", to="triage.decision"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                    },
                ),
                migrations.CreateModel(
                    name="SafeguardingEpisode",
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
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("completed", "Completed")], default="open", max_length=10
                            ),
                        ),
                        (
                            "urgency",
                            models.CharField(
                                choices=[("red", "Red"), ("amber", "Amber"), ("green", "Green")], max_length=10
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("completed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("no_action", "No further action"),
                                    ("community", "No further action, community support"),
                                    ("early_help", "Early help"),
                                    ("da_service", "Domestic abuse service"),
                                    ("nrpf", "No recourse to public funds team"),
                                    ("assessment", "Children's social care assessment (s17)"),
                                    ("enquiry", "Section 47 enquiry"),
                                    ("care", "Came into care"),
                                    ("adult_enquiry", "Adult enquiry (s42)"),
                                    ("specialist", "Specialist service"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("rationale", models.CharField(blank=True, max_length=2000)),
                        ("for_adult", models.BooleanField(default=False)),
                        (
                            "completed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contact",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="safeguarding_episode",
                                to="intake.contact",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="safeguarding_episodes",
                                to="residents.resident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["due_at"],
                    },
                ),
                migrations.CreateModel(
                    name="SafeguardingEpisodeHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("completed", "Completed")], default="open", max_length=10
                            ),
                        ),
                        (
                            "urgency",
                            models.CharField(
                                choices=[("red", "Red"), ("amber", "Amber"), ("green", "Green")], max_length=10
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("completed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("no_action", "No further action"),
                                    ("community", "No further action, community support"),
                                    ("early_help", "Early help"),
                                    ("da_service", "Domestic abuse service"),
                                    ("nrpf", "No recourse to public funds team"),
                                    ("assessment", "Children's social care assessment (s17)"),
                                    ("enquiry", "Section 47 enquiry"),
                                    ("care", "Came into care"),
                                    ("adult_enquiry", "Adult enquiry (s42)"),
                                    ("specialist", "Specialist service"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("rationale", models.CharField(blank=True, max_length=2000)),
                        ("for_adult", models.BooleanField(default=False)),
                        (
                            "completed_by",
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
                            "contact",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="intake.contact",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="triage.safeguardingepisode",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
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
                    name="TriageItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("claimed", "Claimed"),
                                    ("decided", "Decided"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        (
                            "suggested_tier",
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
                            "urgency",
                            models.CharField(
                                choices=[("red", "Red"), ("amber", "Amber"), ("green", "Green")], max_length=10
                            ),
                        ),
                        ("hard_stop", models.BooleanField(default=False)),
                        (
                            "rules",
                            models.CharField(
                                blank=True, help_text="Numbers of the rules that fired, R01 R38", max_length=200
                            ),
                        ),
                        ("rule_set_version", models.CharField(max_length=20)),
                        ("due_at", models.DateTimeField()),
                        ("queued_at", models.DateTimeField()),
                        ("claimed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "claimed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contact",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="triage_item",
                                to="intake.contact",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="triage_items",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["due_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="TriageItemHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("claimed", "Claimed"),
                                    ("decided", "Decided"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        (
                            "suggested_tier",
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
                            "urgency",
                            models.CharField(
                                choices=[("red", "Red"), ("amber", "Amber"), ("green", "Green")], max_length=10
                            ),
                        ),
                        ("hard_stop", models.BooleanField(default=False)),
                        (
                            "rules",
                            models.CharField(
                                blank=True, help_text="Numbers of the rules that fired, R01 R38", max_length=200
                            ),
                        ),
                        ("rule_set_version", models.CharField(max_length=20)),
                        ("due_at", models.DateTimeField()),
                        ("queued_at", models.DateTimeField()),
                        ("claimed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "claimed_by",
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
                            "contact",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="intake.contact",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="triage.triageitem",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(fields=["made_at"], name="triage_decision_made"),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(fields=["household", "-made_at"], name="triage_decision_household"),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("chosen_tier__gte", models.F("suggested_tier")),
                            models.Q(("kind", "triage"), _negated=True),
                            models.Q(
                                models.Q(("lower_reason", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="triage_decision_lower_has_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "triage"), _negated=True), ("contact__isnull", False), _connector="OR"
                        ),
                        name="triage_decision_of_contact",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "triage"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="triage_decision_step_has_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="firedrule",
                    constraint=models.UniqueConstraint(fields=("decision", "number"), name="triage_firedrule_once"),
                ),
                migrations.AddConstraint(
                    model_name="safeguardingepisode",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "completed"), _negated=True),
                            models.Q(("completed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="triage_episode_completed_has_outcome",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="safeguardingepisode",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "triage_safeguardingepisodehistory" ("completed_at", "completed_by_id", "contact_id", "due_at", "for_adult", "id", "opened_at", "outcome", "pgh_created_at", "pgh_label", "pgh_obj_id", "rationale", "reference", "resident_id", "status", "urgency", "version") VALUES (OLD."completed_at", OLD."completed_by_id", OLD."contact_id", OLD."due_at", OLD."for_adult", OLD."id", OLD."opened_at", OLD."outcome", NOW(), \'changed\', OLD."id", OLD."rationale", OLD."reference", OLD."resident_id", OLD."status", OLD."urgency", OLD."version"); RETURN NULL;',
                            hash="cabe1d0f6a094b5ffc834322f172bb4a0348f414",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_2555f",
                            table="triage_safeguardingepisode",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="safeguardingepisode",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "triage_safeguardingepisodehistory" ("completed_at", "completed_by_id", "contact_id", "due_at", "for_adult", "id", "opened_at", "outcome", "pgh_created_at", "pgh_label", "pgh_obj_id", "rationale", "reference", "resident_id", "status", "urgency", "version") VALUES (OLD."completed_at", OLD."completed_by_id", OLD."contact_id", OLD."due_at", OLD."for_adult", OLD."id", OLD."opened_at", OLD."outcome", NOW(), \'deleted\', OLD."id", OLD."rationale", OLD."reference", OLD."resident_id", OLD."status", OLD."urgency", OLD."version"); RETURN NULL;',
                            hash="16d13ef63c2a2d15d8b6a0d4913e46bcd04c8989",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_e9a35",
                            table="triage_safeguardingepisode",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="safeguardingepisodehistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="bf4fdd9ecbc5b00811a3b8113db89883b7273d46",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_702f5",
                            table="triage_safeguardingepisodehistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="triageitem",
                    index=models.Index(
                        condition=models.Q(("status__in", ["waiting", "claimed"])),
                        fields=["due_at"],
                        name="triage_item_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="triageitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "claimed"), _negated=True),
                            models.Q(("claimed_at__isnull", False), ("claimed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="triage_item_claimed_by_someone",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="triageitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "triage_triageitemhistory" ("claimed_at", "claimed_by_id", "contact_id", "due_at", "hard_stop", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "queued_at", "rule_set_version", "rules", "status", "suggested_tier", "team_id", "urgency", "version") VALUES (OLD."claimed_at", OLD."claimed_by_id", OLD."contact_id", OLD."due_at", OLD."hard_stop", OLD."id", NOW(), \'changed\', OLD."id", OLD."queued_at", OLD."rule_set_version", OLD."rules", OLD."status", OLD."suggested_tier", OLD."team_id", OLD."urgency", OLD."version"); RETURN NULL;',
                            hash="a132db14df9f7b62702e522f218b32d9e28a6f33",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_e9f25",
                            table="triage_triageitem",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="triageitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "triage_triageitemhistory" ("claimed_at", "claimed_by_id", "contact_id", "due_at", "hard_stop", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "queued_at", "rule_set_version", "rules", "status", "suggested_tier", "team_id", "urgency", "version") VALUES (OLD."claimed_at", OLD."claimed_by_id", OLD."contact_id", OLD."due_at", OLD."hard_stop", OLD."id", NOW(), \'deleted\', OLD."id", OLD."queued_at", OLD."rule_set_version", OLD."rules", OLD."status", OLD."suggested_tier", OLD."team_id", OLD."urgency", OLD."version"); RETURN NULL;',
                            hash="da8ea871f6e01e011bb6aab83b1550b31039899d",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_f06dd",
                            table="triage_triageitem",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="triageitemhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="25b021d7955bb15ae11fbfe4e1aa6ab2bb20ce4b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_43110",
                            table="triage_triageitemhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                *rs.protect("triage_triageitem", read=OF_CONTACT.format("triage_triageitem")),
                *rs.protect("triage_safeguardingepisode", read=OF_CONTACT.format("triage_safeguardingepisode")),
                *rs.protect(
                    "triage_decision",
                    read=f"{rs.STAFF} AND (contact_id IS NULL OR {OF_CONTACT.format('triage_decision')})"
                    f" AND (resident_id IS NULL OR {rs.through('residents_resident', 'triage_decision.resident_id')})"
                    " AND (household_id IS NULL OR household_id NOT IN (SELECT acting.hidden_households()))",
                ),
                *rs.protect(
                    "triage_firedrule",
                    read=rs.through("triage_decision", "triage_firedrule.decision_id"),
                    write="false",
                    add=rs.through("triage_decision", "triage_firedrule.decision_id"),
                ),
                *rs.protect_history("triage_triageitemhistory", parent="triage_triageitem"),
                *rs.protect_history("triage_safeguardingepisodehistory", parent="triage_safeguardingepisode"),
            ]
        ),
    ]

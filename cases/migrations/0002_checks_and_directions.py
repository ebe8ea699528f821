"""The check six months after closing, and the manager's direction where two reviews saw no progress."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("cases", "0001_initial"),
        ("residents", "0001_initial"),
        ("triage", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="deleted_delete",
        ),
        migrations.AddField(
            model_name="case",
            name="checked_at",
            field=models.DateTimeField(blank=True, help_text="When the six-month check was made", null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="sustained",
            field=models.BooleanField(blank=True, help_text="What the check found; null: not known", null=True),
        ),
        migrations.AddField(
            model_name="casehistory",
            name="checked_at",
            field=models.DateTimeField(blank=True, help_text="When the six-month check was made", null=True),
        ),
        migrations.AddField(
            model_name="casehistory",
            name="sustained",
            field=models.BooleanField(blank=True, help_text="What the check found; null: not known", null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="discussed_with",
            field=models.ForeignKey(
                blank=True,
                help_text="The manager, where required",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="manager_words",
            field=models.CharField(blank=True, help_text="What the manager directed", max_length=1000),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_casehistory" ("check_on", "checked_at", "closed_at", "closed_by_id", "closing_summary", "closure_reason_id", "decision_id", "household_id", "id", "lead_id", "opened_at", "opened_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "resident_view", "restricted", "review_due_on", "status", "sustained", "team_id", "tier", "version") VALUES (OLD."check_on", OLD."checked_at", OLD."closed_at", OLD."closed_by_id", OLD."closing_summary", OLD."closure_reason_id", OLD."decision_id", OLD."household_id", OLD."id", OLD."lead_id", OLD."opened_at", OLD."opened_by_id", NOW(), \'changed\', OLD."id", OLD."reference", OLD."resident_view", OLD."restricted", OLD."review_due_on", OLD."status", OLD."sustained", OLD."team_id", OLD."tier", OLD."version"); RETURN NULL;',
                    hash="32fd1bb872455cd4ab9cc8d94624c28eca787b1c",
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
                    func='INSERT INTO "cases_casehistory" ("check_on", "checked_at", "closed_at", "closed_by_id", "closing_summary", "closure_reason_id", "decision_id", "household_id", "id", "lead_id", "opened_at", "opened_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "resident_view", "restricted", "review_due_on", "status", "sustained", "team_id", "tier", "version") VALUES (OLD."check_on", OLD."checked_at", OLD."closed_at", OLD."closed_by_id", OLD."closing_summary", OLD."closure_reason_id", OLD."decision_id", OLD."household_id", OLD."id", OLD."lead_id", OLD."opened_at", OLD."opened_by_id", NOW(), \'deleted\', OLD."id", OLD."reference", OLD."resident_view", OLD."restricted", OLD."review_due_on", OLD."status", OLD."sustained", OLD."team_id", OLD."tier", OLD."version"); RETURN NULL;',
                    hash="5372d76b1425e084c9dd56573717e5371c436255",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_9c30b",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_at", None), ("sustained", None)),
                    models.Q(("checked_at__isnull", False), ("status", "closed")),
                    _connector="OR",
                ),
                name="cases_case_checked_after_closing",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("discussed_with", None), ("manager_words", "")),
                    models.Q(("discussed_with__isnull", False), models.Q(("manager_words", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cases_review_discussed_has_words",
            ),
        ),
    ]

"""What a warning rests on, a manager's agreement to it, whether the person knows, and when it ends by itself.

Warnings that stand already were added by managers, so they are agreed; what comes after is a proposal until someone agrees.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("residents", "0009_safe_post"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="warning",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="warning",
            name="deleted_delete",
        ),
        migrations.AddField(
            model_name="warning",
            name="decided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="warning",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="warning",
            name="evidence",
            field=models.CharField(
                blank=True, help_text="What it rests on: who saw or said what, and when", max_length=500
            ),
        ),
        migrations.AddField(
            model_name="warning",
            name="expires_on",
            field=models.DateField(blank=True, help_text="From this day on it has ended by itself", null=True),
        ),
        migrations.AddField(
            model_name="warning",
            name="not_told_because",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="warning",
            name="refused_because",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="warning",
            name="status",
            field=models.CharField(
                choices=[("proposed", "Proposed, not yet agreed"), ("agreed", "Agreed"), ("refused", "Not agreed")],
                default="agreed",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="warning",
            name="told",
            field=models.CharField(
                choices=[("unknown", "Not recorded"), ("yes", "Yes"), ("no", "No")], default="unknown", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="warning",
            name="told_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="warninghistory",
            name="decided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="warninghistory",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="warninghistory",
            name="evidence",
            field=models.CharField(
                blank=True, help_text="What it rests on: who saw or said what, and when", max_length=500
            ),
        ),
        migrations.AddField(
            model_name="warninghistory",
            name="expires_on",
            field=models.DateField(blank=True, help_text="From this day on it has ended by itself", null=True),
        ),
        migrations.AddField(
            model_name="warninghistory",
            name="not_told_because",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="warninghistory",
            name="refused_because",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="warninghistory",
            name="status",
            field=models.CharField(
                choices=[("proposed", "Proposed, not yet agreed"), ("agreed", "Agreed"), ("refused", "Not agreed")],
                default="agreed",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="warninghistory",
            name="told",
            field=models.CharField(
                choices=[("unknown", "Not recorded"), ("yes", "Yes"), ("no", "No")], default="unknown", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="warninghistory",
            name="told_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="warning",
            index=models.Index(
                condition=models.Q(("ended_on", None)), fields=["review_on"], name="residents_warning_review"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="warning",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "residents_warninghistory" ("added_at", "added_by_id", "decided_at", "decided_by_id", "ended_on", "evidence", "expires_on", "id", "kind", "not_told_because", "pgh_created_at", "pgh_label", "pgh_obj_id", "refused_because", "resident_id", "review_on", "status", "text", "told", "told_on", "version") VALUES (OLD."added_at", OLD."added_by_id", OLD."decided_at", OLD."decided_by_id", OLD."ended_on", OLD."evidence", OLD."expires_on", OLD."id", OLD."kind", OLD."not_told_because", NOW(), \'changed\', OLD."id", OLD."refused_because", OLD."resident_id", OLD."review_on", OLD."status", OLD."text", OLD."told", OLD."told_on", OLD."version"); RETURN NULL;',
                    hash="d9cd56a746861d0193b9c969231cda10ba180ce5",
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
                    func='INSERT INTO "residents_warninghistory" ("added_at", "added_by_id", "decided_at", "decided_by_id", "ended_on", "evidence", "expires_on", "id", "kind", "not_told_because", "pgh_created_at", "pgh_label", "pgh_obj_id", "refused_because", "resident_id", "review_on", "status", "text", "told", "told_on", "version") VALUES (OLD."added_at", OLD."added_by_id", OLD."decided_at", OLD."decided_by_id", OLD."ended_on", OLD."evidence", OLD."expires_on", OLD."id", OLD."kind", OLD."not_told_because", NOW(), \'deleted\', OLD."id", OLD."refused_because", OLD."resident_id", OLD."review_on", OLD."status", OLD."text", OLD."told", OLD."told_on", OLD."version"); RETURN NULL;',
                    hash="c255309af2a11e88bd27606098117ed1be5280d5",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_84a2e",
                    table="residents_warning",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="warning",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "refused"), _negated=True),
                    models.Q(("refused_because", ""), _negated=True),
                    _connector="OR",
                ),
                name="residents_warning_refused_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="warning",
            constraint=models.CheckConstraint(
                condition=models.Q(("told_on", None), ("told", "yes"), _connector="OR"),
                name="residents_warning_told_on_a_day",
            ),
        ),
        migrations.AlterField(
            model_name="warning",
            name="status",
            field=models.CharField(
                choices=[("proposed", "Proposed, not yet agreed"), ("agreed", "Agreed"), ("refused", "Not agreed")],
                default="proposed",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="warninghistory",
            name="status",
            field=models.CharField(
                choices=[("proposed", "Proposed, not yet agreed"), ("agreed", "Agreed"), ("refused", "Not agreed")],
                default="proposed",
                max_length=10,
            ),
        ),
    ]

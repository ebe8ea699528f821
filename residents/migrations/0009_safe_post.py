"""Whether post may be sent to where somebody lives: not until someone has said so."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("residents", "0008_pairs"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="residentaddress",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="residentaddress",
            name="deleted_delete",
        ),
        migrations.AddField(
            model_name="residentaddress",
            name="safe_to_post",
            field=models.BooleanField(default=False, help_text="Nobody else there opens or sees their post"),
        ),
        migrations.AddField(
            model_name="residentaddresshistory",
            name="safe_to_post",
            field=models.BooleanField(default=False, help_text="Nobody else there opens or sees their post"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="residentaddress",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "residents_residentaddresshistory" ("address_id", "care_of", "confidential", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "safe_to_post", "since", "tenure", "until") VALUES (OLD."address_id", OLD."care_of", OLD."confidential", OLD."id", OLD."kind", NOW(), \'changed\', OLD."id", OLD."resident_id", OLD."safe_to_post", OLD."since", OLD."tenure", OLD."until"); RETURN NULL;',
                    hash="92b9b105bc35cff489b1d423d3f901432867b139",
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
                    func='INSERT INTO "residents_residentaddresshistory" ("address_id", "care_of", "confidential", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "safe_to_post", "since", "tenure", "until") VALUES (OLD."address_id", OLD."care_of", OLD."confidential", OLD."id", OLD."kind", NOW(), \'deleted\', OLD."id", OLD."resident_id", OLD."safe_to_post", OLD."since", OLD."tenure", OLD."until"); RETURN NULL;',
                    hash="620d71e2c09c1e1901029fd5f560434bd1ea92f2",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_18c7a",
                    table="residents_residentaddress",
                    when="AFTER",
                ),
            ),
        ),
    ]

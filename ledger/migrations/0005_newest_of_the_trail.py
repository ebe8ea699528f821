"""The newest entries of the trail, and the newest refusals, are read by index: from the newest month and no further."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_recent_places"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["-at", "-id"], name="ledger_audit_newest"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("outcome", "refused")), fields=["-at", "-id"], name="ledger_audit_refused"
            ),
        ),
    ]

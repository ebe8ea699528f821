"""The index by moment also holds what figures read of a decision, so that they need not read its wide rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("triage", "0003_fewer_indexes")]

    operations = [
        migrations.RemoveIndex(model_name="decision", name="triage_decision_made"),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                fields=["made_at"],
                include=(
                    *("id", "kind", "contact", "household", "previous", "team"),
                    *("due_at", "urgency", "suggested_tier", "chosen_tier"),
                ),
                name="triage_decision_figures",
            ),
        ),
    ]

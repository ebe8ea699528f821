"""Long files: rows meet by keys that are kept while the file is read, and undoing is a job that may find that somebody builds on it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_changesets"),
    ]

    operations = [
        migrations.AddField(
            model_name="changeset",
            name="building",
            field=models.JSONField(
                default=list, help_text="Why it could not be undone when that was tried last, in words"
            ),
        ),
        migrations.AddField(
            model_name="proposedchange",
            name="keys",
            field=models.JSONField(
                default=list, help_text="By which rows about one person meet, while the file is read"
            ),
        ),
        migrations.AlterField(
            model_name="changeset",
            name="status",
            field=models.CharField(
                choices=[
                    ("columns", "Columns to be chosen"),
                    ("reading", "Being read"),
                    ("ready", "To be looked at"),
                    ("taking", "Being taken in"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                    ("discarded", "Thrown away"),
                ],
                default="columns",
                max_length=10,
            ),
        ),
    ]

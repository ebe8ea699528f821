"""The open cases of a team are found by index, whoever else has cases and however many are closed."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_keyboard_shortcuts"),
        ("cases", "0005_newest_note"),
        ("residents", "0004_fewer_indexes"),
        ("triage", "0005_queues_by_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("status", "open")), fields=["team"], name="cases_case_open_team"),
        ),
    ]

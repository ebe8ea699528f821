"""The queue and the decisions that wait for a lead are read in their order by index, however many were decided before."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_keyboard_shortcuts"),
        ("intake", "0004_restricted_by_index"),
        ("residents", "0004_restricted_by_index"),
        ("triage", "0004_decision_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="triageitem",
            name="triage_item_open",
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("household__isnull", False), ("needs_case", True)),
                fields=["made_at", "id"],
                name="triage_decision_awaiting",
            ),
        ),
        migrations.AddIndex(
            model_name="triageitem",
            index=models.Index(
                condition=models.Q(("status__in", ["waiting", "claimed"])),
                fields=["due_at", "id"],
                name="triage_item_queue",
            ),
        ),
    ]

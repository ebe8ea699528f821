"""The open safeguarding episodes are read in their order by index, however many were completed before."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_fewer_indexes"),
        ("residents", "0004_fewer_indexes"),
        ("triage", "0005_queues_by_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="safeguardingepisode",
            index=models.Index(
                condition=models.Q(("status", "open")), fields=["due_at", "id"], name="triage_episode_open"
            ),
        ),
    ]

"""The newest note and the newest supervision of a case are one look in an index, however many notes there are."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_restricted_by_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["case", "-written_at"], name="cases_note_newest"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(
                condition=models.Q(("kind", "supervision")),
                fields=["case", "-written_at"],
                name="cases_note_supervision",
            ),
        ),
    ]

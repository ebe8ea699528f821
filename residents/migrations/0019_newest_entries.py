"""Each night finds what was written lately without reading ten years of chronologies."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("residents", "0018_united")]
    operations = [
        migrations.AddIndex(
            model_name="chronologyentry",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["written_at"], name="residents_chronology_new"
            ),
        ),
    ]

"""Rows about a resident who has just been merged into another record go to that record, whoever writes them."""

from django.db import migrations, models

from ledger.merges import follow


class Migration(migrations.Migration):
    dependencies = [("intake", "0007_changesets_at_size"), ("residents", "0016_merges")]
    operations = [
        follow("intake_contact"),
        follow("intake_proposedchange"),
        follow("intake_quarantinedmatch"),
        migrations.AddIndex("importedrecord", models.Index(fields=["our_id"], name="intake_importedrecord_ours")),
    ]

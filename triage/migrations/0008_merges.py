"""Rows about a resident who has just been merged into another record go to that record, whoever writes them."""

from django.db import migrations

from ledger.merges import follow


class Migration(migrations.Migration):
    dependencies = [("triage", "0007_known_before"), ("residents", "0016_merges")]
    operations = [follow("triage_decision"), follow("triage_safeguardingepisode")]

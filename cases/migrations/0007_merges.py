"""Rows about a resident who has just been merged into another record go to that record, whoever writes them."""

from django.db import migrations

from ledger.merges import follow


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_open_cases_of_a_team"), ("residents", "0016_merges")]
    operations = [follow("cases_casemember"), follow("cases_planneed"), follow("cases_incomegain")]

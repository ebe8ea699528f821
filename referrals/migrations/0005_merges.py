"""Rows about a resident who has just been merged into another record go to that record, whoever writes them."""

from django.db import migrations

from ledger.merges import follow


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_inbox_by_index"), ("residents", "0016_merges")]
    operations = [follow("referrals_referral")]

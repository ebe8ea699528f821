"""Gains are held against the few hidden residents, found once a question, in place of a look at each gain's resident."""

from django.db import migrations

from ledger import row_security as rs

BEFORE = f"{rs.STAFF} AND {rs.through('residents_resident', 'cases_incomegain.resident_id')}"
NOW = f"{rs.STAFF} AND {rs.seen('resident_id')}"


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_checks_and_directions"), ("residents", "0003_hidden_once_a_question")]
    operations = [rs.protect_anew("cases_incomegain", read=NOW, was={"read": BEFORE})]

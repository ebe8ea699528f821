"""Contacts are held against the few hidden residents, found once a question, in place of a look at each contact's resident."""

from django.db import migrations

from ledger import row_security as rs

BEFORE = f"{rs.STAFF} AND (resident_id IS NULL OR {rs.through('residents_resident', 'intake_contact.resident_id')})"
NOW = f"{rs.STAFF} AND (resident_id IS NULL OR {rs.seen('resident_id')})"


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_import_reasons"), ("residents", "0003_hidden_once_a_question")]
    operations = [rs.protect_anew("intake_contact", read=NOW, was={"read": BEFORE})]

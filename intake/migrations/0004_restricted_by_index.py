"""Whether a contact's resident is restricted is looked up by index, in place of a list of all hidden residents."""

from django.db import migrations

from ledger import row_security as rs

BEFORE = f"{rs.STAFF} AND (resident_id IS NULL OR {rs.seen('resident_id')})"
NOW = f"{rs.STAFF} AND (resident_id IS NULL OR {rs.open_to_me('resident_id')})"


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_hidden_once_a_question"), ("residents", "0004_restricted_by_index")]
    operations = [rs.protect_anew("intake_contact", read=NOW, was={"read": BEFORE})]

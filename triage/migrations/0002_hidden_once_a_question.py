"""Decisions are held against the few hidden residents, found once a question, in place of a look at each decision's resident."""

from django.db import migrations

from ledger import row_security as rs

CONTACT = f"{rs.STAFF} AND (contact_id IS NULL OR {rs.through('intake_contact', 'triage_decision.contact_id')})"
RESIDENT = f"(resident_id IS NULL OR {rs.through('residents_resident', 'triage_decision.resident_id')})"
SEEN = f"(resident_id IS NULL OR {rs.seen('resident_id')})"
HOUSEHOLD = "(household_id IS NULL OR household_id NOT IN (SELECT acting.hidden_households()))"


class Migration(migrations.Migration):
    dependencies = [("triage", "0001_initial"), ("residents", "0003_hidden_once_a_question")]
    operations = [
        rs.protect_anew(
            "triage_decision",
            read=f"{CONTACT} AND {SEEN} AND {HOUSEHOLD}",
            was={"read": f"{CONTACT} AND {RESIDENT} AND {HOUSEHOLD}"},
        )
    ]

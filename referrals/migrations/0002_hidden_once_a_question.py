"""Referrals are held against the few hidden residents, found once a question, in place of a look at each one's resident."""

from django.db import migrations

from ledger import row_security as rs

BEFORE = f"({rs.STAFF} AND {rs.through('residents_resident', 'referrals_referral.resident_id')})"
NOW = f"({rs.STAFF} AND {rs.seen('resident_id')})"
THEIRS = "((SELECT acting.role()) = 'partner' AND organisation_id = (SELECT acting.organisation()) AND status NOT IN ('draft', 'cancelled'))"
BY_LINK = "((SELECT acting.role()) = 'link' AND id = (SELECT acting.person()))"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("residents", "0003_hidden_once_a_question")]
    operations = [
        rs.protect_anew(
            "referrals_referral",
            read=f"{NOW} OR {THEIRS} OR {BY_LINK}",
            add=NOW,
            was={"read": f"{BEFORE} OR {THEIRS} OR {BY_LINK}", "add": BEFORE},
        )
    ]

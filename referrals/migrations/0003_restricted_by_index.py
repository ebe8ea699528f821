"""Whether a referral's resident is restricted is looked up by index, in place of a list of all hidden residents."""

from django.db import migrations

from ledger import row_security as rs

BEFORE = f"({rs.STAFF} AND {rs.seen('resident_id')})"
NOW = f"({rs.STAFF} AND {rs.open_to_me('resident_id')})"
THEIRS = "((SELECT acting.role()) = 'partner' AND organisation_id = (SELECT acting.organisation()) AND status NOT IN ('draft', 'cancelled'))"
BY_LINK = "((SELECT acting.role()) = 'link' AND id = (SELECT acting.person()))"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_hidden_once_a_question"), ("residents", "0004_restricted_by_index")]
    operations = [
        rs.protect_anew(
            "referrals_referral",
            read=f"{NOW} OR {THEIRS} OR {BY_LINK}",
            add=NOW,
            was={"read": f"{BEFORE} OR {THEIRS} OR {BY_LINK}", "add": BEFORE},
        )
    ]

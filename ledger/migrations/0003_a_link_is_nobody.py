"""A link's number is that of a record: it must not pass for the person of the same number in the trail."""

from django.db import migrations

OWN = "(SELECT acting.role()) <> 'link' AND person_id = (SELECT acting.person())"
WAS = "person_id = (SELECT acting.person())"
POLICY = "ALTER POLICY may_add ON ledger_auditevent WITH CHECK (person_id IS NULL OR ({}) OR (SELECT acting.role()) = 'system')"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_trail_outbox_drafts")]
    operations = [migrations.RunSQL(POLICY.format(OWN), POLICY.format(WAS))]

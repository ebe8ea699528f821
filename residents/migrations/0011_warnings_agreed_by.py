"""Warnings that stood before proposals were agreed by whoever added them, on that day."""

from django.db import migrations

AGREED = """
UPDATE residents_warning SET decided_by_id = added_by_id, decided_at = added_at
WHERE status = 'agreed' AND decided_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0010_warnings_agreed")]
    operations = [migrations.RunSQL(AGREED, migrations.RunSQL.noop)]

"""Records that are restricted already get their row: category not recorded, so the first review is due 90 days after they were."""

from django.db import migrations

SINCE = """
INSERT INTO residents_restriction
  (resident_id, category, reason, restricted_by_id, since, review_on, review_reason, version)
SELECT r.id, 'unknown', coalesce(g.reason, ''), g.granted_by_id, coalesce(g.since, r.created_at),
  (coalesce(g.since, r.created_at) + interval '90 days')::date, '', 1
FROM residents_resident r LEFT JOIN LATERAL (
  SELECT reason, granted_by_id, since FROM residents_accessgrant a
  WHERE a.resident_id = r.id AND a.until IS NULL ORDER BY a.since LIMIT 1) g ON true
WHERE r.restricted AND NOT EXISTS (SELECT 1 FROM residents_restriction x WHERE x.resident_id = r.id AND x.until IS NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0013_restriction_reviews")]
    operations = [migrations.RunSQL(SINCE, migrations.RunSQL.noop)]

"""The reports of before there were states: each was public from the moment it was sent."""

from django.db import migrations

SQL = """
UPDATE cobenefits_report r SET
  kept_at = submitted_at, published_at = submitted_at, turn = 1,
  state = CASE
    WHEN ended_at IS NOT NULL THEN 'withdrawn'
    WHEN EXISTS (SELECT FROM cobenefits_report n
                  WHERE n.project_id = r.project_id AND n.version > r.version) THEN 'amended'
    ELSE 'published' END,
  ended_at = coalesce(ended_at, (
    SELECT n.submitted_at FROM cobenefits_report n
     WHERE n.project_id = r.project_id AND n.version > r.version ORDER BY n.version LIMIT 1));
"""


class Migration(migrations.Migration):

    dependencies = [("cobenefits", "0002_states")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]

"""Exclusions decided before make debts of their DOEs too: their time runs from the decision.

So much time as the parameter gave in the beginning: 30 days, to 24:00 UTC of the last.
"""

from django.db import migrations

DEBTS = """
INSERT INTO doe_debt (doe_id, ground, component_id, quantity, opened_at, due_at)
SELECT doe_id, 'inclusion', id, debt_tonnes, excluded_at,
       (date_trunc('day', excluded_at AT TIME ZONE 'UTC') + interval '31 days') AT TIME ZONE 'UTC'
  FROM projects_component WHERE debt_tonnes > 0
"""


class Migration(migrations.Migration):
    dependencies = [("board", "0017_motions"), ("doe", "0010_debts_law")]
    operations = [migrations.RunSQL(DEBTS, migrations.RunSQL.noop)]

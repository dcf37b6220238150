"""Accepting an engagement was the declaration that there is no conflict of interest, as its page
said; from now on the row tells when it was made, and the database wants it.
"""

from django.db import migrations, models
from django.db.models import Q

SQL = """
UPDATE doe_engagement SET no_conflict_at = coalesce(decided_at, offered_at)
 WHERE state IN ('accepted', 'ended') AND no_conflict_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("doe", "0003_proceedings")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["offered", "declined"]) | Q(no_conflict_at__isnull=False),
                name="engagement_declares_no_conflict",
            ),
        ),
    ]

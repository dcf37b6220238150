"""Blocks of readings are kept without compressing them: of the time that keeping a year of minutes
takes, two thirds went into making it a quarter smaller.
"""

from django.db import migrations

KEEP = """
ALTER TABLE participant_readingsblock
  ALTER COLUMN amounts SET STORAGE {0}, ALTER COLUMN rows SET STORAGE {0};
"""


class Migration(migrations.Migration):
    dependencies = [("participant", "0016_survey_law")]

    operations = [migrations.RunSQL(KEEP.format("EXTERNAL"), KEEP.format("EXTENDED"))]

"""The bytes of a file are kept as they came: papers, pictures and workbooks are compressed already,
and a file of readings waits for nothing while it is sent.
"""

from django.db import migrations

KEEP = "ALTER TABLE projects_blob ALTER COLUMN data SET STORAGE {0};"


class Migration(migrations.Migration):
    dependencies = [("projects", "0019_evidence_of_benefits")]

    operations = [migrations.RunSQL(KEEP.format("EXTERNAL"), KEEP.format("EXTENDED"))]

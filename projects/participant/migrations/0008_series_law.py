"""Treatments and blocks are of record; an import keeps its file and ends once."""

from django.db import migrations

from projects.participant import sql


class Migration(migrations.Migration):
    dependencies = [("participant", "0007_long_series")]

    operations = [migrations.RunSQL(sql.SERIES, sql.SERIES_UNDO)]

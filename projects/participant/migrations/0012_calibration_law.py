"""Calibrations and accepted corrections are of record."""

from django.db import migrations

from projects.participant import sql


class Migration(migrations.Migration):
    dependencies = [("participant", "0011_calibrations")]

    operations = [migrations.RunSQL(sql.INSTRUMENTS, sql.INSTRUMENTS_UNDO)]

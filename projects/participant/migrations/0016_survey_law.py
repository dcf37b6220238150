"""Surveys and their answers are of record."""

from django.db import migrations

from projects.participant import sql


class Migration(migrations.Migration):
    dependencies = [("participant", "0015_surveys")]

    operations = [migrations.RunSQL(sql.SURVEYS, sql.SURVEYS_UNDO)]

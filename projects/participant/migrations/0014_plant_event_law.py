"""Lists of events are of record."""

from django.db import migrations

from projects.participant import sql


class Migration(migrations.Migration):
    dependencies = [("participant", "0013_plant_events")]

    operations = [migrations.RunSQL(sql.EVENTS, sql.EVENTS_UNDO)]

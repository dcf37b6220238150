"""Records of the participant are refused UPDATE, DELETE and TRUNCATE."""

from django.db import migrations

from projects.participant import sql


class Migration(migrations.Migration):
    dependencies = [("participant", "0001_initial")]

    operations = [migrations.RunSQL(sql.CREATE, sql.DROP)]

"""Units are taken out of issuances that are locked, and out of no others."""

from django.db import migrations

from registry import sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_settle")]
    operations = [migrations.RunSQL(sql.read(name)) for name in sql.LOCKED]

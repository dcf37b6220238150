"""The ledger's keys, guards, verbs and rights. Not undone: rows of record stand on them."""

from django.db import migrations

from registry import sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("cdm_portal", "0001_initial")]
    operations = [migrations.RunSQL(sql.read(name)) for name in sql.ORDER]

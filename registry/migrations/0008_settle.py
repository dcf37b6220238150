"""The verb that settles many sales of one lot at once."""

from django.db import migrations

from registry import sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_import")]
    operations = [migrations.RunSQL(sql.read(name)) for name in sql.SETTLE]

"""Units go to an account of a national registry on a letter of its Party alone, whoever holds it."""

from django.db import migrations

from registry import sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_locked")]
    operations = [migrations.RunSQL(sql.read(name)) for name in sql.NATIONAL]

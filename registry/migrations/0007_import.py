"""The import of the published reports: its lines, its functions, and one origin for a Party's serials."""

import django.db.models.deletion
from django.db import migrations, models

from registry import sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_reading")]
    operations = [
        migrations.CreateModel(
            name="ImportedLine",
            fields=[
                ("line", models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name="+", serialize=False, to="registry.instructionline")),
                ("row_sha256", models.BinaryField()),
            ],
            options={"ordering": ["line_id"]},
        ),
        *(migrations.RunSQL(sql.read(name)) for name in sql.IMPORT),
    ]

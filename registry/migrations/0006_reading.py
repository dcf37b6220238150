"""Indexes for reading, and the Party of a block."""

import django.db.models.deletion
from django.db import migrations, models

from registry import sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_seals")]
    operations = [
        migrations.RunSQL(
            sql.read("reading"),
            state_operations=[
                migrations.AddField(
                    model_name="block",
                    name="party",
                    field=models.ForeignKey(
                        db_constraint=False, db_index=False, null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+",
                        to="registry.party",
                    ),
                ),
            ],
        ),
    ]

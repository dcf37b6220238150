"""The sealed log: heads, signatures, leaves and nodes of the Merkle tree over all rows of record."""

import django.db.models.deletion
from django.db import migrations, models

from registry import sql


def to_seal(related_name):
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING,
        related_name=related_name, to="registry.seal",
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_governance")]
    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("epoch", models.IntegerField()),
                ("from_xid", models.BigIntegerField()),
                ("to_xid", models.BigIntegerField()),
                ("tree_size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("previous_root", models.BinaryField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={"ordering": ["-number"]},
        ),
        migrations.CreateModel(
            name="SealSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_key", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("seal", to_seal("signatures")),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="SealLeaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("record_id", models.BigIntegerField()),
                ("leaf", models.BinaryField()),
                ("seal", to_seal("+")),
            ],
            options={"ordering": ["-index"]},
        ),
        migrations.CreateModel(
            name="SealNode",
            fields=[
                ("pk", models.CompositePrimaryKey("level", "index", blank=True, editable=False, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
        ),
        *(migrations.RunSQL(sql.read(name)) for name in sql.SEALS),
    ]

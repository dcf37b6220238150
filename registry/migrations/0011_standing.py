"""The standing of an account, and closures that are asked for before another person closes."""

import django.db.models.deletion
from django.db import migrations, models

from registry import sql

BEFORE = """
DROP FUNCTION IF EXISTS registry_open_account(
  integer, text, bigint, text, bigint, timestamptz, boolean);
"""
STANDINGS = [
    ("open", "Open"), ("restricted", "Restricted"),
    ("suspended_partially", "Suspended, may receive"), ("suspended", "Suspended"),
    ("closure_pending", "Closure pending"),
]
VERBS = [
    ("open_account", "Account opened"), ("issue", "Issuance"), ("forward", "Forwarding"),
    ("transfer", "External transfer"), ("cancel", "Cancellation"), ("earmark", "Put on offer"),
    ("release", "Taken off offer"), ("close", "Sold-out lots ended"), ("freeze", "Freeze"),
    ("unfreeze", "Freeze lifted"), ("close_account", "Account closed"),
    ("represent", "Representative named"), ("recall", "Representative recalled"),
    ("authorise", "Authorisation entered"), ("revoke", "Authorisation ended"),
    ("trust", "Account trusted"), ("distrust", "Account trusted no longer"),
    ("stop", "Registry stopped"), ("resume", "Registry moves again"),
    ("restrict", "Account restricted"), ("lift", "Restriction lifted"),
    ("ask_closure", "Closure asked for"), ("withdraw_closure", "Closure taken back"),
]
MEASURES = [
    ("trust", "Trust an account"), ("distrust", "Trust an account no longer"),
    ("unfreeze", "Lift a freeze"), ("lift", "Lift what restricts an account"),
    ("resume", "Let the registry move again"),
]


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_national_registries")]
    operations = [
        migrations.RunSQL(BEFORE),
        migrations.AlterField("transaction", "verb", models.TextField(choices=VERBS)),
        migrations.AlterField("measure", "verb", models.TextField(choices=MEASURES)),
        migrations.AddField(
            "account", "standing", models.TextField(choices=STANDINGS, db_default="open")
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was", models.TextField(choices=STANDINGS)),
                ("reason", models.TextField()),
                ("asked_by", models.BigIntegerField()),
                ("by_holder", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("outcome", models.TextField(choices=[("", "Asked for"), ("withdrawn", "Taken back"), ("closed", "Closed")])),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("account", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="registry.account")),
            ],
            options={"ordering": ["id"]},
        ),
        *(migrations.RunSQL(sql.read(name)) for name in sql.STANDING),
    ]

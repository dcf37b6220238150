"""Money is owed by registrations and issuances alike, and counts once two persons saw it come in."""

import django.db.models.deletion
import django.db.models.functions.text
import django_fsm
from django.db import migrations, models

import cdm_portal.journal.models

RECEIVED = """
UPDATE board_invoice SET received_usd = amount_usd WHERE state = 'paid';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("board", "0005_law"),
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="advance_usd",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="deducted, paid in advance"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="received_usd",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12),
        ),
        migrations.AddField(
            model_name="invoice",
            name="quantity",
            field=models.BigIntegerField(null=True, verbose_name="CERs, or tonnes a year"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="earlier_quantity",
            field=models.BigIntegerField(default=0, verbose_name="CERs earlier in the calendar year"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="year",
            field=models.SmallIntegerField(null=True, verbose_name="calendar year of the request"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="made_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("waived", "Not due"), ("deferred", "Due after the first issuance"),
                    ("due", "Due"), ("part_paid", "Received in part"), ("paid", "Received"),
                ],
                max_length=10, protected=True,
            ),
        ),
        migrations.RunSQL(RECEIVED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("received_usd", models.F("amount_usd")), ("state", "paid"))
                | models.Q(("received_usd__gt", 0), ("received_usd__lt", models.F("amount_usd")), ("state", "part_paid"))
                | models.Q(("received_usd", 0), ("state__in", ["waived", "deferred", "due"])),
                name="received_agrees_with_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("advance_usd", 0))
                | models.Q(("advance_usd__gt", 0), ("advance_usd__lte", models.F("before_cap_usd") - models.F("amount_usd"))),
                name="advance_is_deducted",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="part",
            field=models.SmallIntegerField(default=1, verbose_name="part, where the share is paid in parts"),
        ),
        migrations.RemoveConstraint(model_name="instruction", name="instructed_once"),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.UniqueConstraint(fields=("request", "commitment_period", "part"), name="instructed_once"),
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_usd", models.DecimalField(decimal_places=2, max_digits=12)),
                ("reference", models.CharField(max_length=80)),
                ("received_on", models.DateField()),
                ("recorded_name", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("recorded", "Waits for a second person"), ("confirmed", "Confirmed"),
                            ("refused", "Set aside"),
                        ],
                        default="recorded", max_length=10, protected=True,
                    ),
                ),
                ("decided_name", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("stamped_at", models.DateTimeField(db_default=cdm_portal.journal.models.stamped(), editable=False)),
                ("decided_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.person")),
                ("invoice", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="board.invoice")),
                ("recorded_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.person")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_usd__gt", 0)), name="payment_is_positive"),
                    models.UniqueConstraint(django.db.models.functions.text.Upper("reference"), condition=~models.Q(("state", "refused")), name="reference_counts_once"),
                    models.UniqueConstraint(condition=models.Q(("state", "recorded")), fields=("invoice",), name="one_payment_waits"),
                    models.CheckConstraint(
                        condition=~models.Q(("state", "confirmed")) | ~models.Q(("decided_by", models.F("recorded_by"))),
                        name="payment_has_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_at", None), ("decided_by", None), ("state", "recorded"))
                        | ~models.Q(("state", "recorded")) & models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                        name="decided_payment_names_who",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(("state", "refused")) | ~models.Q(("reason", "")), name="set_aside_has_reason"
                    ),
                ],
            },
        ),
    ]

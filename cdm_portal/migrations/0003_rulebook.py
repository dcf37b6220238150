"""Changes of rule parameters: proposed by one person, approved by another."""

import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cdm_portal", "0002_of_record")]

    operations = [
        migrations.CreateModel(
            name="RuleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="parameter")),
                ("value", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("source", models.CharField(max_length=300)),
                ("verified", models.BooleanField()),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("proposed", "Waits for a second person"), ("approved", "Approved"),
                            ("rejected", "Rejected"),
                        ],
                        default="proposed", max_length=10, protected=True,
                    ),
                ),
                ("proposer", models.BigIntegerField()),
                ("proposer_name", models.CharField(max_length=200)),
                ("proposed_at", models.DateTimeField()),
                ("decider", models.BigIntegerField(null=True)),
                ("decider_name", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "db_table": "cdm_rulechange",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(("state", "approved")) | ~models.Q(("decider", models.F("proposer"))),
                        name="rule_change_has_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_at", None), ("decider", None), ("state", "proposed"))
                        | ~models.Q(("state", "proposed")) & models.Q(("decided_at__isnull", False), ("decider__isnull", False)),
                        name="decided_rule_change_names_who",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(("state", "rejected")) | ~models.Q(("reason", "")),
                        name="rejected_change_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")), fields=("name", "valid_from"),
                        name="one_value_from_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("name",),
                        name="one_proposal_of_a_parameter",
                    ),
                ],
            },
        ),
    ]

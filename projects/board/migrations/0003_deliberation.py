"""Reviews are assessed twice, may end by a proposed decision, and seats of the Board may be absent.
"""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models

STATES = [
    ("submitted", "Submitted"), ("fee_due", "Fee due"),
    ("completeness_check", "Completeness check"),
    ("information_check", "Information and reporting check"), ("incomplete", "Incomplete"),
    ("published", "Published, review window open"), ("review_requested", "Review requested"),
    ("under_review", "Under review"), ("assessed", "Assessed, at the vote"),
    ("proposed", "Decision proposed"), ("corrections", "Corrections required"),
    ("corrected", "Corrections submitted"), ("approved", "Granted"), ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
]
OUTCOMES = [
    ("register", "Register"), ("issue", "Issue"), ("correct", "Grant after corrections"),
    ("reject", "Reject"),
]


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def stamp():
    return models.DateTimeField(
        db_default=models.Func(function="cdm_now", output_field=models.DateTimeField()),
        editable=False,
    )


def person():
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.person"
    )


def request(name):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=name, to="board.request"
    )


def has_reasons(name):
    return models.CheckConstraint(
        condition=models.Q(("reasons", ""), _negated=True), name=name
    )


class Migration(migrations.Migration):
    dependencies = [("board", "0002_of_record"), ("identity", "0002_seats")]
    operations = [
        migrations.AlterField(
            model_name="request", name="state",
            field=django_fsm.FSMField(
                choices=STATES, default="submitted", max_length=20, protected=True
            ),
        ),
        migrations.AddField(
            model_name="request", name="assessment_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="request", name="objection_closes_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "proposed"), _negated=True),
                    ("objection_closes_at__isnull", False), _connector="OR",
                ),
                name="proposed_decision_has_clock",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state", "proposed")), fields=["objection_closes_at"],
                name="open_objections",
            ),
        ),
        migrations.AddField(
            model_name="ruling", name="basis",
            field=models.CharField(
                choices=[
                    ("vote", "Voted by the Board"),
                    ("no_objection", "Proposed by both assessments, without objection"),
                ],
                default="vote", max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("basis", "vote"), models.Q(("basis", "no_objection"), ("cast", 0)),
                    _connector="OR",
                ),
                name="unopposed_ruling_has_no_votes",
            ),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", key()),
                ("seat_number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("recorded_by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("person", person()),
                ("request", request("absences")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "person"), name="absent_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", key()),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("secretariat", "Secretariat"),
                            ("rit", "Registration and Issuance Team"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("recommendation", models.CharField(choices=OUTCOMES, max_length=10)),
                ("reasons", models.TextField()),
                ("at", models.DateTimeField()),
                ("stamped_at", stamp()),
                ("person", person()),
                ("request", request("assessments")),
            ],
            options={
                "ordering": ["-side"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "side"), name="assessed_once_by_a_side"
                    ),
                    models.UniqueConstraint(
                        fields=("request", "person"), name="assessed_by_two_persons"
                    ),
                    has_reasons("assessment_has_reasons"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", key()),
                ("name", models.CharField(max_length=200)),
                ("seat_number", models.PositiveSmallIntegerField()),
                ("reasons", models.TextField()),
                ("at", models.DateTimeField()),
                ("stamped_at", stamp()),
                ("person", person()),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objection",
                        to="board.request",
                    ),
                ),
            ],
            options={"constraints": [has_reasons("objection_has_reasons")]},
        ),
    ]

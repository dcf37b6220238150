"""The Board's seats are numbered, each with a member and an alternate, one of each at a time; the
Registration and Issuance Team joins. Members of before are numbered in the order of their entry.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gist"
NUMBER = """
UPDATE identity_membership m SET seat_number = numbered.n
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n
      FROM identity_membership WHERE role = 'board_member') numbered
WHERE m.id = numbered.id
"""
KINDS = [
    ("participant", "Project participant"), ("dna", "Designated National Authority"),
    ("doe", "Designated Operational Entity"), ("board", "Executive Board"),
    ("secretariat", "Secretariat"), ("rit", "Registration and Issuance Team"),
    ("registry", "Registry administration"), ("buyer", "Buyer"), ("auditor", "Auditor"),
]
ROLES = [
    ("participant", "Project participant"), ("dna", "Designated National Authority"),
    ("doe", "Designated Operational Entity"), ("board_member", "Executive Board member"),
    ("secretariat", "Secretariat"),
    ("rit_expert", "Expert of the Registration and Issuance Team"),
    ("registry_administrator", "Registry administrator"), ("buyer", "Buyer"),
    ("auditor", "Auditor"), ("system", "Portal"),
]
DAYS = (
    models.Func(
        models.F("valid_from"), models.F("valid_to"), models.Value("[]"), function="daterange",
        output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
    ),
    "&&",
)


def one_at_a_time(name, *columns, **condition):
    return migrations.AddConstraint(
        model_name="membership",
        constraint=django.contrib.postgres.constraints.ExclusionConstraint(
            name=name, expressions=[*((column, "=") for column in columns), DAYS], **condition
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]
    operations = [
        migrations.RunSQL(EXTENSION, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="organisation", name="kind",
            field=models.CharField(choices=KINDS, max_length=20),
        ),
        migrations.AlterField(
            model_name="membership", name="role",
            field=models.CharField(choices=ROLES, max_length=40),
        ),
        migrations.AddField(
            model_name="membership", name="seat_number",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="membership", name="alternate", field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="membership", name="office",
            field=models.CharField(
                blank=True, choices=[("chair", "Chair"), ("vice_chair", "Vice-Chair")],
                default="", max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role", "board_member"), ("seat_number__gte", 1),
                    ("seat_number__isnull", False),
                )
                | models.Q(
                    models.Q(("role", "board_member"), _negated=True),
                    ("alternate", False), ("office", ""), ("seat_number", None),
                ),
                name="board_alone_has_seats",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("office", ""), ("alternate", False), _connector="OR"),
                name="alternate_holds_no_office",
            ),
        ),
        one_at_a_time(
            "one_holder_of_a_seat", "seat_number", "alternate",
            condition=models.Q(("seat_number__isnull", False)),
        ),
        one_at_a_time(
            "one_seat_for_a_person", "person",
            condition=models.Q(("seat_number__isnull", False)),
        ),
        one_at_a_time(
            "one_holder_of_an_office", "office",
            condition=models.Q(("office", ""), _negated=True),
        ),
    ]

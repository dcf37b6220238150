"""The start date of a project activity; and the way back from a rejection to another design.

The pairs of stages are written out by hand; a test compares them with lifecycle.py.
"""

from django.db import migrations, models

WAYS = (
    "design>national_approval national_approval>validation validation>registration "
    "registration>monitoring registration>rejected validation>validation_negative "
    "validation>validation_terminated design>withdrawn national_approval>withdrawn "
    "validation>withdrawn registration>withdrawn monitoring>deregistered"
)
GUARD = """
DROP TRIGGER guard_stage ON projects_project;
CREATE TRIGGER guard_stage BEFORE INSERT OR UPDATE OF stage ON projects_project
  FOR EACH ROW EXECUTE FUNCTION projects_guard_stage('design', '{ways}');
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_desk_indexes")]
    operations = [
        migrations.AddField("project", "start_date", models.DateField(null=True)),
        migrations.AddField(
            "project", "prior_due_at",
            models.DateTimeField(
                help_text="Where prior consideration is asked for: when its notice is too late",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage", "design"), _negated=True),
                    models.Q(
                        ("decision", ""), ("design_submitted_at", None), ("opinion", ""),
                        ("validator", None),
                    ),
                    _connector="OR",
                ),
                name="design_begins_afresh",
            ),
        ),
        migrations.RunSQL(
            GUARD.format(ways=f"{WAYS} rejected>design"), GUARD.format(ways=WAYS)
        ),
    ]

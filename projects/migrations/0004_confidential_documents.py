"""An attachment says what it supports, and may be confidential: then it never becomes public."""

from django.db import migrations, models

PARTS = [
    ("description", "Project description"), ("baseline", "Baseline"), ("additionality", "Additionality"),
    ("monitoring", "Monitoring plan"), ("impacts", "Environmental impacts"),
    ("consultation", "Local stakeholder consultation"), ("other", "Something else"),
]


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_historic_record")]
    operations = [
        migrations.AddField(
            model_name="document",
            name="part",
            field=models.CharField(blank=True, choices=PARTS, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="document",
            name="confidential",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confidential", False),
                    models.Q(
                        ("kind", "attachment"), ("public", False),
                        models.Q(("part__in", ["baseline", "additionality", "impacts"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="confidential_stays_private",
            ),
        ),
    ]

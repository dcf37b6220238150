"""Letters of every Party involved: the declaration on sustainable development is the host's alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dna", "0002_of_record")]
    operations = [
        migrations.AddField(
            model_name="letter",
            name="host",
            field=models.BooleanField(default=True, verbose_name="of the host Party"),
        ),
        migrations.RemoveConstraint(model_name="letter", name="issued_letter_is_complete"),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["issued", "withdrawn"]), _negated=True),
                    models.Q(
                        ("document__isnull", False), ("issued_at__isnull", False), ("number__isnull", False),
                        ("ratified", True), ("sustainable_development", models.F("host")), ("voluntary", True),
                    ),
                    _connector="OR",
                ),
                name="issued_letter_is_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("sustainable_development", False), ("host", True), _connector="OR"),
                name="only_the_host_declares_development",
            ),
        ),
    ]

"""A finding may name the words of the document that it is about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_programmes_law")]

    operations = [
        migrations.AddField(
            "finding", "passage", models.CharField(blank=True, default="", max_length=500),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=models.Q(passage="") | ~models.Q(section=""),
                name="passage_stands_in_a_section",
            ),
        ),
    ]

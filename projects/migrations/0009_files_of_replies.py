"""A reply to a review may bring a file."""

from django.db import migrations, models

KINDS = [
    ("attachment", "Attachment to the design document"), ("design", "Project design document"),
    ("letter", "Letter of approval"), ("validation", "Validation report and opinion"),
    ("readings", "Monitoring data"), ("monitoring", "Monitoring report"),
    ("verification", "Verification and certification report"), ("finding", "File of a finding"),
    ("note", "Secretariat's note"), ("ruling", "Ruling of the Executive Board"),
    ("reply", "File of a reply to a review"),
]


class Migration(migrations.Migration):
    dependencies = [("projects", "0008_revision_law")]
    operations = [
        migrations.AlterField(
            model_name="document", name="kind",
            field=models.CharField(choices=KINDS, max_length=20),
        ),
    ]

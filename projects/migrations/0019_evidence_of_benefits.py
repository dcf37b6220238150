"""A document may be evidence of a co-benefit report."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("projects", "0018_registered_of_owner")]

    operations = [
        migrations.AlterField(
            model_name="document", name="kind",
            field=models.CharField(choices=[("attachment", "Attachment to the design document"), ("design", "Project design document"), ("letter", "Letter of approval"), ("validation", "Validation report and opinion"), ("readings", "Monitoring data"), ("monitoring", "Monitoring report"), ("verification", "Verification and certification report"), ("finding", "File of a finding"), ("note", "Secretariat's note"), ("ruling", "Ruling of the Executive Board"), ("reply", "File of a reply to a review"), ("inclusion", "Statement on a component project activity"), ("calibration", "Calibration certificate"), ("benefit", "Evidence of co-benefits")], max_length=20),
        ),
    ]

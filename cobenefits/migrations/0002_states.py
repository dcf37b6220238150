"""A version of a report is drafted, handed in, published, and amended or withdrawn; the host
Party's authority comments.
"""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("cobenefits", "0001_initial"),
        ("identity", "0002_seats"),
        ("journal", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="report", name="state",
            field=django_fsm.FSMField(choices=[("draft", "Draft"), ("submitted", "With the secretariat"), ("published", "Published"), ("amended", "Amended by a later version"), ("withdrawn", "Withdrawn")], default="draft", max_length=10, protected=True),
        ),
        migrations.RenameField(model_name="report", old_name="withdrawn_at", new_name="ended_at"),
        migrations.AlterField(
            model_name="report", name="submitted_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="report", name="kept_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="report", name="turn", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="report", name="returned_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="report", name="return_reason",
            field=models.TextField(blank=True, default=""), preserve_default=False,
        ),
        migrations.AddField(
            model_name="report", name="published_at", field=models.DateTimeField(null=True)
        ),
        migrations.AlterField(
            model_name="line", name="level",
            field=models.CharField(blank=True, choices=[("slight", "Slight"), ("moderate", "Moderate"), ("high", "High")], max_length=10),
        ),
        migrations.AlterField(
            model_name="line", name="text", field=models.TextField(blank=True)
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("stamped_at", models.DateTimeField(db_default=models.Func(function="cdm_now", output_field=models.DateTimeField()), editable=False)),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="cobenefit_comments", to="identity.organisation")),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="cobenefits.report")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="cobenefit_comment_says_something")],
            },
        ),
    ]

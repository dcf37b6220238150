"""What a person typed into a section of the draft and could not save yet."""

import django.db.models.deletion
from django.db import migrations, models

SECTIONS = [
    "general", "location", "participants", "methodology", "parameters", "crediting", "reductions",
    "consultation", "attachments", "eligibility",
]


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_seats"),
        ("projects", "0001_initial"),
        ("participant", "0005_communication_law"),
    ]

    operations = [
        migrations.CreateModel(
            name="TypedSection",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("section", models.CharField(max_length=20)),
                ("typed", models.JSONField()),
                ("seen", models.CharField(max_length=64)),
                ("reasons", models.JSONField(default=dict)),
                ("typed_at", models.DateTimeField()),
                ("person", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to="identity.person")),
                ("project", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="typed_sections",
                    to="projects.project")),
            ],
            options={
                "ordering": ["typed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["project", "section", "person"], name="typed_section_once"),
                    models.CheckConstraint(
                        condition=models.Q(section__in=SECTIONS), name="typed_into_a_section"),
                    models.CheckConstraint(
                        condition=models.Q(seen__regex="^[0-9a-f]{64}$"),
                        name="typed_after_seeing"),
                ],
            },
        ),
    ]

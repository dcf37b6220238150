"""Projects that treat waste and waste water, and that make water safe to drink."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0013_document_kinds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='project',
            name='sector',
            field=models.CharField(blank=True, choices=[('solar', 'Solar power'), ('wind', 'Wind power'), ('hydro', 'Run-of-river hydropower'), ('reservoir', 'Reservoir hydropower'), ('tidal', 'Tidal power'), ('geothermal', 'Geothermal power'), ('biogas', 'Biogas'), ('biomass', 'Biomass energy'), ('landfill', 'Landfill gas'), ('waste', 'Waste and waste water'), ('water', 'Safe drinking water'), ('stoves', 'Efficient cookstoves'), ('efficiency', 'Energy efficiency'), ('industrial', 'Industrial gases')], max_length=20),
        ),
    ]

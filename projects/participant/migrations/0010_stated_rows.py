"""Rows of a table stated for a period: of record, and only while the project is registered."""

import django.db.models.deletion
from django.db import migrations, models

from projects.participant import sql


class Migration(migrations.Migration):

    dependencies = [
        ('participant', '0009_monitored_while_registered'),
        ('projects', '0013_document_kinds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='monitoringreport',
            name='readings_file',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='participant.readingsfile'),
        ),
        migrations.CreateModel(
            name='StatedRows',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('symbol', models.CharField(max_length=40)),
                ('rows', models.JSONField()),
                ('stated_by', models.CharField(max_length=200)),
                ('stated_at', models.DateTimeField()),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stated_rows', to='projects.monitoringperiod')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RunSQL(sql.ROWS, sql.ROWS_UNDO),
    ]

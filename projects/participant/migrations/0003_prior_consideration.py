"""Notices of prior consideration: filed in time, published once, otherwise of record."""

import django.db.models.deletion
from django.db import migrations, models

from projects.participant import sql


class Migration(migrations.Migration):

    dependencies = [
        ('participant', '0002_of_record'),
        ("projects", "0006_ends_and_another_attempt"),
    ]

    operations = [
        migrations.CreateModel(
            name='PriorNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('start_date', models.DateField()),
                ('location', models.CharField(max_length=200)),
                ('latitude', models.DecimalField(decimal_places=5, max_digits=8)),
                ('longitude', models.DecimalField(decimal_places=5, max_digits=8)),
                ('description', models.TextField()),
                ('filed_by', models.CharField(max_length=200)),
                ('filed_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('published_by', models.CharField(blank=True, max_length=200)),
                ('published_at', models.DateTimeField(null=True)),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prior_notices', to='projects.project')),
            ],
            options={
                'ordering': ['-filed_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_at', None), ('filed_at__lt', models.F('due_at')), _connector='OR'), name='prior_notice_in_time')],
            },
        ),
        migrations.RunSQL(sql.PRIOR, sql.PRIOR_UNDO),
    ]

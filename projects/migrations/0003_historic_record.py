"""The historic record: activities, requests for issuance and sites as the UNFCCC published them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0002_law'),
    ]

    operations = [
        migrations.CreateModel(
            name='IssuanceRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.TextField(blank=True)),
                ('number', models.CharField(db_index=True, max_length=20)),
                ('party_code', models.CharField(max_length=2)),
                ('doe', models.TextField(blank=True)),
                ('requested_on', models.DateField(verbose_name='issuance date')),
                ('first_date', models.DateField(null=True)),
                ('last_date', models.DateField(null=True)),
                ('units', models.BigIntegerField()),
                ('commitment_period', models.PositiveSmallIntegerField()),
                ('report_number', models.BigIntegerField(null=True)),
                ('sheet_row', models.PositiveIntegerField()),
                ('row_sha256', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'ordering': ['number', 'requested_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=100, unique=True)),
                ('number', models.CharField(blank=True, max_length=20, null=True, unique=True)),
                ('identifier', models.TextField(blank=True)),
                ('kind', models.CharField(choices=[('PA', 'Project activity'), ('PoA', 'Programme of activities')], max_length=3)),
                ('titled', models.BooleanField()),
                ('title', models.TextField(blank=True)),
                ('scale', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('registered', 'Registered'), ('deregistered', 'Deregistered'), ('bundled', 'Bundled into another registered activity'), ('requesting', 'Requesting registration'), ('provisional', 'Provisional'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('withdrawn_early', 'Withdrawn before publication'), ('validation', 'Validation, public'), ('terminated', 'Validation terminated'), ('replaced', 'Validation replaced'), ('pending', 'Pending publication'), ('unknown', 'Not stated')], max_length=20)),
                ('status_text', models.TextField(blank=True)),
                ('progress_text', models.TextField(blank=True)),
                ('hosts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), size=None)),
                ('hosts_text', models.TextField(blank=True)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None)),
                ('methodologies', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('methodologies_text', models.TextField(blank=True)),
                ('type', models.TextField(blank=True)),
                ('subtype', models.TextField(blank=True)),
                ('doe', models.TextField(blank=True)),
                ('capacity_mw', models.DecimalField(decimal_places=6, max_digits=16, null=True)),
                ('capacity_repaired', models.BooleanField(default=False)),
                ('annual_tonnes', models.BigIntegerField(null=True)),
                ('validation_began', models.DateField(null=True)),
                ('registration_requested', models.DateField(null=True)),
                ('decided_on', models.DateField(null=True)),
                ('crediting_kind', models.TextField(blank=True)),
                ('crediting_first_date', models.DateField(null=True)),
                ('crediting_last_date', models.DateField(null=True)),
                ('page', models.TextField(blank=True)),
                ('sheet_row', models.PositiveIntegerField()),
                ('row_sha256', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name_plural': 'activities',
                'ordering': ['id'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['hosts'], name='activity_by_host'), models.Index(fields=['status', 'sheet_row'], name='activity_by_status')],
            },
        ),
        migrations.CreateModel(
            name='ActivitySite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_index=True, max_length=20)),
                ('title', models.TextField(blank=True)),
                ('latitude', models.DecimalField(decimal_places=5, max_digits=8)),
                ('longitude', models.DecimalField(decimal_places=5, max_digits=8)),
                ('row_sha256', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'ordering': ['number', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), name='activity_site_on_earth')],
            },
        ),
    ]

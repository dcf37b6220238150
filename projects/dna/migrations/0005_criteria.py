"""Criteria of sustainable development by Party, and the points that a letter was issued on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dna', '0004_law'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rubric',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party_code', models.CharField(max_length=2, verbose_name='Party')),
                ('version', models.PositiveIntegerField()),
                ('made_by', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['party_code', 'version'],
                'constraints': [models.UniqueConstraint(fields=('party_code', 'version'), name='rubric_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('group', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=200)),
                ('minimum', models.SmallIntegerField()),
                ('maximum', models.SmallIntegerField()),
                ('rubric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='dna.rubric')),
            ],
            options={
                'verbose_name_plural': 'criteria',
                'ordering': ['rubric_id', 'number'],
            },
        ),
        migrations.AddField(
            model_name='letter',
            name='rubric',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='dna.rubric'),
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', models.SmallIntegerField()),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dna.criterion')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='dna.letter')),
            ],
            options={
                'ordering': ['criterion__number'],
            },
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.UniqueConstraint(fields=('rubric', 'number'), name='criterion_number_once'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.UniqueConstraint(fields=('rubric', 'group', 'name'), name='rubric_criterion_once'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('maximum__gt', models.F('minimum')), ('maximum__gt', 0)), name='criterion_has_bounds'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.UniqueConstraint(fields=('letter', 'criterion'), name='scored_once'),
        ),
    ]

"""What a DOE says of sampled records and of checks, and what it still has to settle."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('doe', '0011_ended_projects'),
        ('identity', '0002_seats'),
        ('projects', '0013_document_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('record', 'Sampled record'), ('check', 'Check')], max_length=10)),
                ('version', models.PositiveIntegerField()),
                ('key', models.CharField(max_length=120)),
                ('outcome', models.CharField(choices=[('agrees', 'Agrees with its evidence'), ('differs', 'Differs from its evidence'), ('explained', 'Explained')], max_length=10)),
                ('text', models.TextField(blank=True)),
                ('author_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='verification',
            name='unsettled',
            field=models.JSONField(db_default=[], default=list, help_text='What of the last recomputation waits for the DOE, in words'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'certified'), _negated=True), ('unsettled', []), _connector='OR'), name='certified_when_settled'),
        ),
        migrations.AddField(
            model_name='observation',
            name='verification',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='doe.verification'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'record'), ('outcome', 'agrees'), ('text', '')), models.Q(('kind', 'record'), ('outcome', 'differs'), models.Q(('text', ''), _negated=True)), models.Q(('kind', 'check'), ('outcome', 'explained'), models.Q(('text', ''), _negated=True)), _connector='OR'), name='observation_says_what_differs'),
        ),
    ]

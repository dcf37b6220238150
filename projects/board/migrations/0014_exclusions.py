"""Exclusions of components that were included in error."""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("board", "0013_meetings"),
        ("identity", "0002_seats"),
        ("projects", "0010_programmes"),
    ]

    operations = [
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', django_fsm.FSMField(choices=[('proposed', 'With the Executive Board'), ('granted', 'Excluded'), ('refused', 'Stays included')], default='proposed', max_length=10, protected=True)),
                ('tonnes', models.BigIntegerField()),
                ('reasons', models.TextField()),
                ('prepared_at', models.DateTimeField()),
                ('decision', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exclusions', to='projects.component')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('tonnes__gte', 0)), name='exclusion_debt_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'proposed')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['granted', 'refused'])), _connector='OR'), name='exclusion_decided_by_somebody'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='exclusion_has_four_eyes'), models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('component',), name='one_exclusion_at_a_time')],
            },
        ),
    ]

"""A member of the Board moves that a component be excluded."""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('board', '0016_inquiries'),
        ('identity', '0002_seats'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='exclusion',
            name='exclusion_decided_by_somebody',
        ),
        migrations.RemoveConstraint(
            model_name='exclusion',
            name='exclusion_has_four_eyes',
        ),
        migrations.RemoveConstraint(
            model_name='exclusion',
            name='one_exclusion_at_a_time',
        ),
        migrations.AddField(
            model_name='exclusion',
            name='motion',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='moved_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='moved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AlterField(
            model_name='exclusion',
            name='prepared_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='exclusion',
            name='prepared_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AlterField(
            model_name='exclusion',
            name='reasons',
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name='exclusion',
            name='state',
            field=django_fsm.FSMField(choices=[('moved', 'With the secretariat'), ('proposed', 'With the Executive Board'), ('granted', 'Excluded'), ('refused', 'Stays included')], default='proposed', max_length=10, protected=True),
        ),
        migrations.AlterField(
            model_name='exclusion',
            name='tonnes',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state__in', ['moved', 'proposed'])), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['granted', 'refused'])), _connector='OR'), name='exclusion_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(models.Q(('decided_by', models.F('prepared_by')), _negated=True), models.Q(('moved_by', None), models.Q(('decided_by', models.F('moved_by')), _negated=True), _connector='OR')), _connector='OR'), name='exclusion_has_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('prepared_at', None), ('prepared_by', None), ('reasons', ''), ('state', 'moved'), ('tonnes', 0)), models.Q(models.Q(('state', 'moved'), _negated=True), ('prepared_at__isnull', False), ('prepared_by__isnull', False), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='exclusion_is_prepared'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('motion', ''), ('moved_at', None), ('moved_by', None), models.Q(('state', 'moved'), _negated=True)), models.Q(('moved_at__isnull', False), ('moved_by__isnull', False), models.Q(('motion', ''), _negated=True)), _connector='OR'), name='exclusion_names_its_mover'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['moved', 'proposed'])), fields=('component',), name='one_exclusion_at_a_time'),
        ),
    ]

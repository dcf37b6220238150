"""A project has a second validation when another DOE takes the work over from the first.

Which version of the design document was published is read from the journal for open validations.
"""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models

SQL = """
UPDATE doe_validation v SET published_version = (
  SELECT (e.facts ->> 'version')::int FROM journal_entry e
   WHERE e.verb = 'doe.publish_design' AND e.subject_type = 'doe.validation'
     AND e.subject_id = v.id::text
   ORDER BY e.id LIMIT 1)
 WHERE v.state = 'open';
"""


class Migration(migrations.Migration):

    dependencies = [('doe', '0004_no_conflict_declared')]

    operations = [
        migrations.AlterModelOptions(
            name='validation',
            options={'ordering': ['number']},
        ),
        migrations.RemoveConstraint(
            model_name='engagement',
            name='one_engagement_at_a_time',
        ),
        migrations.RemoveConstraint(
            model_name='validation',
            name='window_runs_forward',
        ),
        migrations.AddField(
            model_name='engagement',
            name='notice',
            field=models.TextField(blank=True, help_text='Why this DOE is to take the work over from another; public'),
        ),
        migrations.AddField(
            model_name='validation',
            name='number',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='validation',
            name='published_version',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='validation',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='validations', to='projects.project'),
        ),
        migrations.AlterField(
            model_name='validation',
            name='state',
            field=django_fsm.FSMField(choices=[('open', 'At validation'), ('positive', 'Positive opinion'), ('negative', 'Negative opinion'), ('terminated', 'Terminated'), ('replaced', 'Replaced')], default='open', max_length=20, protected=True),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['offered', 'accepted'])), fields=('project', 'period', 'function', 'state'), name='one_engagement_of_a_state', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='validation',
            constraint=models.CheckConstraint(condition=models.Q(('comments_close_at__gt', models.F('published_at')), ('number__gt', 1), _connector='OR'), name='window_runs_forward'),
        ),
        migrations.AddConstraint(
            model_name='validation',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='validation_number_once'),
        ),
        migrations.AddConstraint(
            model_name='validation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('project',), name='one_validation_at_a_time'),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]

"""Programmes of activities, their components, and which of them a monitoring period covers."""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("identity", "0002_seats"),
        ("projects", "0009_files_of_replies"),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='kind',
            field=models.CharField(choices=[('activity', 'Project activity'), ('programme', 'Programme of activities')], db_default='activity', default='activity', max_length=10),
        ),
        migrations.AlterField(
            model_name='document',
            name='kind',
            field=models.CharField(choices=[('attachment', 'Attachment to the design document'), ('design', 'Project design document'), ('letter', 'Letter of approval'), ('validation', 'Validation report and opinion'), ('readings', 'Monitoring data'), ('monitoring', 'Monitoring report'), ('verification', 'Verification and certification report'), ('finding', 'File of a finding'), ('note', "Secretariat's note"), ('ruling', 'Ruling of the Executive Board'), ('inclusion', 'Statement on a component project activity')], max_length=20),
        ),
        migrations.CreateModel(
            name='Component',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField(null=True)),
                ('state', django_fsm.FSMField(choices=[('draft', 'Draft'), ('submitted', 'With the DOE'), ('included', 'Included'), ('renewed', 'Renewed'), ('excluded', 'Excluded')], db_index=True, default='draft', max_length=10, protected=True)),
                ('title', models.CharField(max_length=200)),
                ('location', models.CharField(blank=True, max_length=200)),
                ('start_date', models.DateField(null=True)),
                ('crediting_first_date', models.DateField(null=True)),
                ('crediting_last_date', models.DateField(null=True)),
                ('estimated_annual_tonnes', models.BigIntegerField(null=True)),
                ('answers', models.JSONField(default=list)),
                ('drafted_at', models.DateTimeField()),
                ('criteria', models.JSONField(default=list)),
                ('design_version', models.PositiveIntegerField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('returned_at', models.DateTimeField(null=True)),
                ('return_reasons', models.TextField(blank=True)),
                ('no_conflict_at', models.DateTimeField(null=True)),
                ('included_at', models.DateTimeField(null=True)),
                ('programme_last_date', models.DateField(null=True)),
                ('renewal_last_date', models.DateField(null=True)),
                ('renewed_at', models.DateTimeField(null=True)),
                ('renewals', models.PositiveIntegerField(default=0)),
                ('excluded_at', models.DateTimeField(null=True)),
                ('debt_tonnes', models.BigIntegerField(null=True)),
                ('doe', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='components', to='identity.organisation')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='components', to='projects.project')),
                ('renewal_doe', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='component_renewals', to='identity.organisation')),
                ('statement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.document')),
            ],
            options={
                'ordering': ['programme_id', 'order'],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.AddField(
            model_name='document',
            name='component',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='projects.component'),
        ),
        migrations.CreateModel(
            name='CoveredComponent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covered', to='projects.component')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covered', to='projects.monitoringperiod')),
            ],
            options={
                'ordering': ['component__number'],
            },
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.UniqueConstraint(fields=('programme', 'order'), name='component_order_once'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.UniqueConstraint(fields=('programme', 'number'), name='component_number_once'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('crediting_last_date', None), ('crediting_last_date__gte', models.F('crediting_first_date')), _connector='OR'), name='component_runs_forward'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('checked_at__isnull', False), ('crediting_first_date__isnull', False), ('crediting_last_date__isnull', False), ('design_version__isnull', False), ('doe__isnull', False), ('estimated_annual_tonnes__gt', 0), ('start_date__isnull', False), ('submitted_at__isnull', False)), _connector='OR'), name='submitted_component_is_complete'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('included_at', None), ('number', None), ('state__in', ['draft', 'submitted']), ('statement', None)), models.Q(('included_at__isnull', False), ('no_conflict_at__isnull', False), ('number__isnull', False), ('programme_last_date__isnull', False), ('state__in', ['included', 'renewed', 'excluded']), ('statement__isnull', False)), _connector='OR'), name='included_component_has_statement'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('debt_tonnes__gte', 0), ('excluded_at__isnull', False), ('state', 'excluded')), models.Q(models.Q(('state', 'excluded'), _negated=True), ('debt_tonnes', None), ('excluded_at', None)), _connector='OR'), name='excluded_component_has_debt'),
        ),
        migrations.AddConstraint(
            model_name='coveredcomponent',
            constraint=models.UniqueConstraint(fields=('period', 'component'), name='component_covered_once'),
        ),
    ]

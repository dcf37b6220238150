"""Proceedings about accreditations, the term of a suspension, a declaration without conflict."""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('doe', '0002_of_record'),
        ('identity', '0001_initial'),
        ('projects', '0003_historic_record'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proceeding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('accredit', 'Accreditation'), ('extend', 'Extension of scopes'), ('renew', 'Reaccreditation'), ('suspend', 'Suspension'), ('reinstate', 'Reinstatement'), ('withdraw', 'Withdrawal of accreditation'), ('exempt', 'Exemption: validation and verification by one entity')], max_length=20)),
                ('scopes', models.JSONField(default=list)),
                ('functions', models.JSONField(default=list)),
                ('state', django_fsm.FSMField(choices=[('asked', 'With the secretariat'), ('hearing', 'Hearing of the entity'), ('proposed', 'With the Executive Board'), ('granted', 'Decided as proposed'), ('refused', 'Refused')], max_length=20, protected=True)),
                ('opened_at', models.DateTimeField()),
                ('statement', models.TextField(blank=True)),
                ('reasons', models.TextField(blank=True)),
                ('first_date', models.DateField(null=True)),
                ('months', models.PositiveSmallIntegerField(null=True)),
                ('prepared_at', models.DateTimeField(null=True)),
                ('answer_until', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('decision', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.AddField(
            model_name='accreditation',
            name='correct_by',
            field=models.DateField(help_text="Last day of a suspension's term to put things right", null=True),
        ),
        migrations.AddField(
            model_name='engagement',
            name='no_conflict_at',
            field=models.DateTimeField(help_text='When the DOE declared that it has no conflict of interest', null=True),
        ),
        migrations.AlterField(
            model_name='accreditation',
            name='state',
            field=django_fsm.FSMField(choices=[('active', 'Accredited'), ('suspended', 'Suspended'), ('withdrawn', 'Withdrawn'), ('relinquished', 'Voluntarily withdrawn')], default='active', max_length=20, protected=True),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='identity.organisation'),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='prepared_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='project',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='projects.project'),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['granted', 'refused'])), models.Q(('decided_at', None), ('decided_by', None), ('state__in', ['asked', 'hearing', 'proposed'])), _connector='OR'), name='proceeding_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'asked'), models.Q(('prepared_at__isnull', False), ('prepared_by__isnull', False)), _connector='OR'), name='proceeding_is_prepared'),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='proceeding_has_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['suspend', 'withdraw']), ('state__in', ['granted', 'refused']), _negated=True), ('answered_at__isnull', False), models.Q(('answer_until__isnull', False), ('decided_at__gte', models.F('answer_until'))), _connector='OR'), name='proceeding_hears_the_entity'),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'exempt'), ('project__isnull', False)), models.Q(models.Q(('kind', 'exempt'), _negated=True), ('project', None)), _connector='OR'), name='exemption_names_its_project'),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'hearing', 'proposed'])), fields=('organisation', 'kind', 'project'), name='one_proceeding_at_a_time', nulls_distinct=False),
        ),
    ]

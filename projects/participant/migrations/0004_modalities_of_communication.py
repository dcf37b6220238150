"""Statements of modalities of communication, requests to forward CERs, and their signatures."""

import django.db.models.deletion
import django_fsm
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_seats'),
        ("participant", "0003_prior_consideration"),
        ('projects', '0004_confidential_documents'),
        ('registry', '0010_national_registries'),
    ]

    operations = [
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposer_name', models.CharField(max_length=200)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
                ('number', models.PositiveIntegerField()),
                ('state', django_fsm.FSMField(choices=[('signing', 'Waiting for signatures'), ('signed', 'Waiting for the secretariat'), ('in_force', 'In force'), ('superseded', 'Replaced by a later statement'), ('returned', 'Returned by the secretariat'), ('withdrawn', 'Withdrawn before it was in force')], default='signing', max_length=12, protected=True)),
                ('manner_a', models.CharField(choices=[('sole', 'Sole: one focal point signs'), ('shared', 'Shared: any one of them signs'), ('joint', 'Joint: all of them sign')], max_length=6)),
                ('manner_b', models.CharField(choices=[('sole', 'Sole: one focal point signs'), ('shared', 'Shared: any one of them signs'), ('joint', 'Joint: all of them sign')], max_length=6)),
                ('manner_c', models.CharField(choices=[('sole', 'Sole: one focal point signs'), ('shared', 'Shared: any one of them signs'), ('joint', 'Joint: all of them sign')], max_length=6)),
                ('reason', models.TextField(blank=True)),
                ('in_force_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True, verbose_name='why it was returned')),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='participant.statement')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='projects.project')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation')),
            ],
            options={
                'ordering': ['project_id', 'number'],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ForwardingRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposer_name', models.CharField(max_length=200)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
                ('state', django_fsm.FSMField(choices=[('signing', 'Waiting for signatures'), ('proposed', 'With the registry'), ('withdrawn', 'Withdrawn')], default='signing', max_length=10, protected=True)),
                ('quantity', models.BigIntegerField()),
                ('commitment_period', models.PositiveSmallIntegerField()),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forwardings', to='projects.project')),
                ('proposal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.proposal')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation')),
                ('to_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.account')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forwardings', to='participant.statement')),
            ],
            options={
                'ordering': ['-id'],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='FocalPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scopes', models.CharField(help_text='Letters of the scopes, such as ac', max_length=3)),
                ('alternate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation')),
                ('primary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='focal_points', to='participant.statement')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StatementParticipant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listed', to='participant.statement')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='statement',
            name='participants',
            field=models.ManyToManyField(related_name='+', through='participant.StatementParticipant', to='identity.organisation'),
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
                ('forwarding', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='participant.forwardingrequest')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
                ('statement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='participant.statement')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('forwarding__isnull', False), ('statement', None)), models.Q(('forwarding', None), ('statement__isnull', False)), _connector='OR'), name='signature_under_one_paper'), models.UniqueConstraint(fields=('statement', 'organisation'), name='statement_signed_once'), models.UniqueConstraint(fields=('forwarding', 'organisation'), name='forwarding_signed_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='forwardingrequest',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='forwarding_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='forwardingrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proposal__isnull', False), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('proposal', None)), _connector='OR'), name='proposed_has_a_proposal'),
        ),
        migrations.AddConstraint(
            model_name='focalpoint',
            constraint=models.UniqueConstraint(fields=('statement', 'organisation'), name='focal_point_once'),
        ),
        migrations.AddConstraint(
            model_name='focalpoint',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__in', ['a', 'b', 'c', 'ab', 'ac', 'bc', 'abc'])), name='focal_point_has_scopes'),
        ),
        migrations.AddConstraint(
            model_name='focalpoint',
            constraint=models.CheckConstraint(condition=models.Q(('alternate', None), models.Q(('alternate', models.F('primary')), _negated=True), _connector='OR'), name='alternate_is_another_person'),
        ),
        migrations.AddConstraint(
            model_name='statementparticipant',
            constraint=models.UniqueConstraint(fields=('statement', 'organisation'), name='statement_lists_once'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='statement_number_once'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['signing', 'signed'])), fields=('project',), name='one_statement_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('project',), name='one_statement_in_force'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['in_force', 'superseded']), _negated=True), ('in_force_at__isnull', False), _connector='OR'), name='in_force_since_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='returned_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('base', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='change_has_a_reason'),
        ),
    ]

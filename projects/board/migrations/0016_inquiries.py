"""Inquiries after an issuance, and the debt that the Board finds."""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('board', '0015_exclusions_law'),
        ('doe', '0009_debts'),
        ('identity', '0002_seats'),
        ('projects', '0013_document_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', django_fsm.FSMField(choices=[('proposed', 'With the Executive Board'), ('found', 'Excess issuance found'), ('cleared', 'No excess issuance')], default='proposed', max_length=10, protected=True)),
                ('proposed', models.BigIntegerField()),
                ('reasons', models.TextField()),
                ('prepared_at', models.DateTimeField()),
                ('excess', models.BigIntegerField(null=True)),
                ('decision', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'inquiries',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='inquiry',
            name='debt',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inquiry', to='doe.debt'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='doe',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='identity.organisation'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='period',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='projects.monitoringperiod'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='prepared_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.CheckConstraint(condition=models.Q(('proposed__gte', 0)), name='inquiry_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('debt', None), ('decided_at', None), ('decided_by', None), ('excess', None), ('state', 'proposed')), models.Q(('debt__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False), ('excess__gt', 0), ('state', 'found')), models.Q(('debt', None), ('decided_at__isnull', False), ('decided_by__isnull', False), ('excess', 0), ('state', 'cleared')), _connector='OR'), name='inquiry_decided_with_debt'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='inquiry_has_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('period',), name='one_inquiry_at_a_time'),
        ),
    ]

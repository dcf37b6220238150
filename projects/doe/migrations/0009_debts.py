"""What DOEs owe in CERs, and the cancellations that repay it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('doe', '0008_desk_indexes'),
        ('identity', '0002_seats'),
        ('projects', '0013_document_kinds'),
        ('registry', '0010_national_registries'),
    ]

    operations = [
        migrations.CreateModel(
            name='Debt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(choices=[('issuance', 'Excess issuance'), ('inclusion', 'Component included in error')], max_length=10)),
                ('quantity', models.BigIntegerField()),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('repaid_at', models.DateTimeField(null=True)),
                ('component', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debt', to='projects.component')),
                ('doe', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debts', to='identity.organisation')),
                ('period', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debts', to='projects.monitoringperiod')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Repayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('debt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repayments', to='doe.debt')),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.proposal')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='debt',
            index=models.Index(condition=models.Q(('repaid_at', None)), fields=['due_at', 'id'], name='debts_unpaid'),
        ),
        migrations.AddIndex(
            model_name='debt',
            index=models.Index(condition=models.Q(('repaid_at', None)), fields=['doe', 'due_at', 'id'], name='debts_unpaid_by_doe'),
        ),
        migrations.AddConstraint(
            model_name='debt',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='debt_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='debt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('component', None), ('ground', 'issuance'), ('period__isnull', False)), models.Q(('component__isnull', False), ('ground', 'inclusion'), ('period', None)), _connector='OR'), name='debt_has_one_ground'),
        ),
        migrations.AddConstraint(
            model_name='debt',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('opened_at'))), name='debt_falls_due_later'),
        ),
    ]

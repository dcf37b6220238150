"""The consent of the focal points for forwarding to an offer."""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_seats'),
        ('offsets', '0005_receipt'),
        ('participant', '0006_typed_sections'),
        ('projects', '0013_document_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='OfferConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('commitment_period', models.PositiveSmallIntegerField()),
                ('quantity', models.BigIntegerField(verbose_name='most tonnes to be offered')),
                ('lowest_price', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='lowest price per tonne')),
                ('asked_at', models.DateTimeField()),
                ('state', django_fsm.FSMField(choices=[('asked', 'Waiting for the focal points'), ('given', 'Consent given'), ('refused', 'Consent refused'), ('taken_back', 'Taken back by the seller')], default='asked', max_length=10, protected=True)),
                ('reason', models.TextField(blank=True, verbose_name='why it was refused')),
                ('decided_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
                ('offer', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consent', to='offsets.offer')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offer_consents', to='projects.project')),
                ('seller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='participant.statement')),
            ],
            options={
                'ordering': ['-id'],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ConsentSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='offsets.offerconsent')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='offerconsent',
            constraint=models.CheckConstraint(condition=models.Q(('lowest_price__gt', 0), ('quantity__gte', 1)), name='consent_says_how_much'),
        ),
        migrations.AddConstraint(
            model_name='offerconsent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='consent_decided_with_date'),
        ),
        migrations.AddConstraint(
            model_name='offerconsent',
            constraint=models.CheckConstraint(condition=models.Q(('offer', None), ('state', 'given'), _connector='OR'), name='consent_given_before_offer'),
        ),
        migrations.AddConstraint(
            model_name='offerconsent',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('project', 'seller', 'commitment_period'), name='one_consent_asked'),
        ),
        migrations.AddConstraint(
            model_name='consentsignature',
            constraint=models.UniqueConstraint(fields=('consent', 'organisation'), name='consent_signed_once'),
        ),
    ]

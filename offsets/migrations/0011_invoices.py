"""Invoices paid by transfer: statements and credits of record, matches and refunds of two persons.

The database books money for an invoice once for each match that a second person confirmed, with the
very amount of its credit, and keeps what two persons agreed on.
"""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models


SQL = """
CALL cdm_keep('offsets_bankstatement');
CALL cdm_keep('offsets_bankentry');

CREATE FUNCTION offsets_keep_match() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_moves CONSTANT text[] := '{state,decided_by_id,decided_name,decided_at,reason}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' THEN
      PERFORM offsets_refuse('match_begins', 'a match begins as proposed');
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
     OR to_jsonb(NEW) - v_moves <> to_jsonb(OLD) - v_moves THEN
    PERFORM offsets_refuse('match_of_record', 'a match stays as it was proposed and decided');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON offsets_bankmatch
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_match();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_bankmatch
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION offsets_keep_refund() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_fixed CONSTANT text[] := '{owed_id,attempt_id,amount,currency,made_at}';
  v_moves CONSTANT text[] := '{state,payee_name,payee_iban,bank_reference,proposed_by_id,proposed_name,proposed_at,confirmed_by_id,confirmed_name,confirmed_at}';
  v_confirms CONSTANT text[] := '{state,confirmed_by_id,confirmed_name,confirmed_at}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'due' OR NOT EXISTS (
      SELECT FROM offsets_moneyentry e WHERE e.id = NEW.owed_id AND e.credit = 'refund'
        AND e.attempt_id = NEW.attempt_id AND e.amount = NEW.amount
        AND e.currency = NEW.currency) THEN
      PERFORM offsets_refuse('refund_begins', 'a refund begins as due, for money owed in the books');
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state = 'paid'
     OR OLD.state || '>' || NEW.state NOT IN ('due>proposed', 'proposed>due', 'proposed>paid')
     OR to_jsonb(NEW) - v_moves <> to_jsonb(OLD) - v_moves
     OR NEW.state = 'paid' AND to_jsonb(NEW) - v_confirms <> to_jsonb(OLD) - v_confirms THEN
    PERFORM offsets_refuse('refund_of_record', 'a refund stays as it was proposed and sent');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON offsets_refund
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_refund();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_refund
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION offsets_bank_money() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_by_bank boolean;
BEGIN
  v_by_bank := EXISTS (
    SELECT FROM offsets_paymentattempt a WHERE a.id = NEW.attempt_id AND a.provider = 'invoice');
  IF NEW.match_id IS NULL AND NOT (v_by_bank AND NEW.debit = 'provider') THEN
    RETURN NEW;
  END IF;
  IF NEW.debit <> 'provider' OR NOT v_by_bank OR NOT EXISTS (
    SELECT FROM offsets_bankmatch m JOIN offsets_bankentry b ON b.id = m.entry_id
    WHERE m.id = NEW.match_id AND m.state = 'confirmed' AND m.attempt_id = NEW.attempt_id
      AND b.amount = NEW.amount AND b.currency = NEW.currency) THEN
    PERFORM offsets_refuse('bank_money_is_confirmed',
      'money for an invoice is booked for a credit that two persons matched');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_money BEFORE INSERT ON offsets_moneyentry
  FOR EACH ROW EXECUTE FUNCTION offsets_bank_money();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE UPDATE, DELETE ON offsets_bankstatement, offsets_bankentry FROM cdm_app;
    REVOKE DELETE ON offsets_bankmatch, offsets_refund FROM cdm_app;
  END IF;
END $$;
"""

UNDO = """
DROP TRIGGER bank_money ON offsets_moneyentry;
DROP TRIGGER of_record ON offsets_refund;
DROP TRIGGER of_record_truncate ON offsets_refund;
DROP TRIGGER of_record ON offsets_bankmatch;
DROP TRIGGER of_record_truncate ON offsets_bankmatch;
DROP TRIGGER of_record ON offsets_bankentry;
DROP TRIGGER of_record ON offsets_bankstatement;
DROP FUNCTION offsets_bank_money, offsets_keep_refund, offsets_keep_match;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_seats'),
        ('offsets', '0010_basket'),
    ]

    operations = [
        migrations.CreateModel(
            name='BankEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=90, unique=True)),
                ('booked_on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=20)),
                ('currency', models.CharField(max_length=3)),
                ('reference', models.CharField(blank=True, max_length=140, verbose_name='structured reference')),
                ('text', models.CharField(blank=True, max_length=600, verbose_name='what the payer wrote')),
                ('debtor_name', models.CharField(blank=True, max_length=140, verbose_name='paid by')),
                ('debtor_iban', models.CharField(blank=True, max_length=34, verbose_name='from account')),
                ('bank_reference', models.CharField(blank=True, max_length=80, verbose_name="the bank's own reference")),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
            ],
            options={
                'verbose_name_plural': 'bank entries',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='BankMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('automatic', models.BooleanField(default=False, verbose_name='by its reference')),
                ('state', django_fsm.FSMField(choices=[('proposed', 'Waits for a second person'), ('confirmed', 'Confirmed'), ('refused', 'Set aside')], default='proposed', max_length=10, protected=True)),
                ('proposed_name', models.CharField(max_length=200)),
                ('proposed_at', models.DateTimeField()),
                ('decided_name', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
            ],
            options={
                'verbose_name_plural': 'bank matches',
                'ordering': ['id'],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='BankStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('camt053', 'camt.053'), ('csv', 'CSV')], max_length=8)),
                ('account', models.CharField(max_length=34, verbose_name='IBAN')),
                ('entries', models.PositiveIntegerField(verbose_name='credits in the file')),
                ('imported_name', models.CharField(max_length=200)),
                ('imported_at', models.DateTimeField()),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=20)),
                ('currency', models.CharField(max_length=3)),
                ('made_at', models.DateTimeField()),
                ('state', django_fsm.FSMField(choices=[('due', 'To be sent'), ('proposed', 'Waits for a second person'), ('paid', 'Sent')], default='due', max_length=10, protected=True)),
                ('payee_name', models.CharField(blank=True, max_length=140)),
                ('payee_iban', models.CharField(blank=True, max_length=34)),
                ('bank_reference', models.CharField(blank=True, max_length=80)),
                ('proposed_name', models.CharField(blank=True, max_length=200)),
                ('proposed_at', models.DateTimeField(null=True)),
                ('confirmed_name', models.CharField(blank=True, max_length=200)),
                ('confirmed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['id'],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.AddConstraint(
            model_name='paymentattempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'pending'), _negated=True), ('received', None), models.Q(('received__gt', 0), ('received__lte', models.F('amount')), ('received_currency', models.F('currency'))), _connector='OR'), name='attempt_part_within_amount'),
        ),
        migrations.AddField(
            model_name='bankmatch',
            name='attempt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bank_matches', to='offsets.paymentattempt'),
        ),
        migrations.AddField(
            model_name='bankmatch',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='bankmatch',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='offsets.bankentry'),
        ),
        migrations.AddField(
            model_name='bankmatch',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='moneyentry',
            name='match',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='booked', to='offsets.bankmatch'),
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='imported_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='bankentry',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='offsets.bankstatement'),
        ),
        migrations.AddField(
            model_name='refund',
            name='attempt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='offsets.paymentattempt'),
        ),
        migrations.AddField(
            model_name='refund',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='refund',
            name='owed',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='refund', to='offsets.moneyentry'),
        ),
        migrations.AddField(
            model_name='refund',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddConstraint(
            model_name='bankmatch',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('entry',), name='credit_matched_once'),
        ),
        migrations.AddConstraint(
            model_name='bankmatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='match_has_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='bankmatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='decided_match_names_who'),
        ),
        migrations.AddConstraint(
            model_name='bankmatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='match_set_aside_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='bank_entry_is_a_credit'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(('currency', 'USD')), name='bank_entry_in_dollars'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'due'), models.Q(('proposed_at__isnull', False), ('proposed_by__isnull', False), models.Q(('payee_iban', ''), _negated=True), models.Q(('bank_reference', ''), _negated=True)), _connector='OR'), name='refund_says_where'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'paid'), _negated=True), ('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('state', 'paid'), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='refund_has_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('bank_reference', ''), _negated=True), fields=('bank_reference',), name='refund_sent_once'),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

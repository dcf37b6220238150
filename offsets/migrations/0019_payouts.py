"""Payouts to sellers: recorded by one person, confirmed by another one, booked for each project.

The database pays nobody more than is due for a project, and keeps what two persons agreed on.
"""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models


SQL = """
CALL cdm_keep('offsets_payoutpart');

CREATE FUNCTION offsets_keep_payout() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_moves CONSTANT text[] := '{state,decided_by_id,decided_name,decided_at,reason}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' THEN
      PERFORM offsets_refuse('payout_begins', 'a payout begins as proposed');
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
     OR to_jsonb(NEW) - v_moves <> to_jsonb(OLD) - v_moves THEN
    PERFORM offsets_refuse('payout_of_record', 'a payout stays as it was proposed and decided');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON offsets_payout
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_payout();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_payout
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION offsets_payout_whole(p_payout bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM offsets_payout p
    LEFT JOIN offsets_payoutpart t ON t.payout_id = p.id
    LEFT JOIN offsets_moneyentry e ON e.part_id = t.id
    WHERE p.id = p_payout GROUP BY p.id
    HAVING sum(t.amount) IS DISTINCT FROM p.amount
      OR p.state = 'paid' AND count(e.id) <> count(t.id)) THEN
    PERFORM offsets_refuse('payout_is_whole',
      'a payout is the sum of its parts, and a paid one is booked for each of them');
  END IF;
END $$;
CREATE FUNCTION offsets_whole_payout() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM offsets_payout_whole(NEW.id);
  RETURN NULL;
END $$;
CREATE FUNCTION offsets_whole_part() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM offsets_payout_whole(NEW.payout_id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payout_is_whole AFTER INSERT OR UPDATE OF state ON offsets_payout
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION offsets_whole_payout();
CREATE CONSTRAINT TRIGGER part_is_whole AFTER INSERT ON offsets_payoutpart
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION offsets_whole_part();

-- What a seller earned with a project less what was paid out for it, one payment at a time.
CREATE FUNCTION offsets_payout_money() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_project bigint;
  v_due numeric;
BEGIN
  SELECT t.project_id INTO v_project
  FROM offsets_payoutpart t JOIN offsets_payout p ON p.id = t.payout_id
  WHERE t.id = NEW.part_id AND p.state = 'paid' AND p.seller_id = NEW.participant_id
    AND t.amount = NEW.amount AND p.currency = NEW.currency;
  IF NOT FOUND THEN
    PERFORM offsets_refuse('payout_is_confirmed',
      'money is paid out for a part of a payout that two persons recorded');
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.participant_id::text, 11));
  SELECT coalesce((
    SELECT sum(e.amount) FROM offsets_moneyentry e
    JOIN offsets_orderline l ON l.id = e.line_id JOIN offsets_offer f ON f.id = l.offer_id
    WHERE e.credit = 'participant' AND e.participant_id = NEW.participant_id
      AND f.project_id = v_project), 0)
  - coalesce((
    SELECT sum(e.amount) FROM offsets_moneyentry e
    JOIN offsets_payoutpart t ON t.id = e.part_id
    WHERE e.debit = 'participant' AND e.participant_id = NEW.participant_id
      AND t.project_id = v_project), 0) INTO v_due;
  IF NEW.amount > v_due THEN
    PERFORM offsets_refuse('payout_is_due', 'nobody is paid more than is due for a project');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payout_money BEFORE INSERT ON offsets_moneyentry
  FOR EACH ROW WHEN (NEW.part_id IS NOT NULL) EXECUTE FUNCTION offsets_payout_money();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE DELETE ON offsets_payout FROM cdm_app;
    REVOKE UPDATE, DELETE ON offsets_payoutpart FROM cdm_app;
  END IF;
END $$;
"""

UNDO = """
DROP TRIGGER payout_money ON offsets_moneyentry;
DROP TRIGGER part_is_whole ON offsets_payoutpart;
DROP TRIGGER payout_is_whole ON offsets_payout;
DROP TRIGGER of_record_truncate ON offsets_payout;
DROP TRIGGER of_record ON offsets_payout;
DROP TRIGGER of_record ON offsets_payoutpart;
DROP FUNCTION offsets_payout_money, offsets_whole_part, offsets_whole_payout;
DROP FUNCTION offsets_payout_whole(bigint);
DROP FUNCTION offsets_keep_payout;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_seats'),
        ('offsets', '0018_one_desk'),
        ('projects', '0020_files_as_they_are'),
    ]

    operations = [
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=20)),
                ('currency', models.CharField(default='USD', editable=False, max_length=3)),
                ('bank_reference', models.CharField(max_length=80)),
                ('sent_on', models.DateField()),
                ('state', django_fsm.FSMField(choices=[('proposed', 'Waits for a second person'), ('paid', 'Paid'), ('refused', 'Set aside')], default='proposed', max_length=10, protected=True)),
                ('proposed_name', models.CharField(max_length=200)),
                ('proposed_at', models.DateTimeField()),
                ('decided_name', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
            ],
            options={
                'ordering': ['id'],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='PayoutPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=20)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='moneyentry',
            name='entry_names_participant',
        ),
        migrations.AlterField(
            model_name='moneyentry',
            name='credit',
            field=models.CharField(choices=[('provider', 'Paid in through the payment provider'), ('buyer', 'Received for an order, nothing cancelled yet'), ('participant', 'Due to the project participant'), ('refund', 'Due back to the buyer'), ('paid_out', 'Sent to the project participant')], max_length=12),
        ),
        migrations.AlterField(
            model_name='moneyentry',
            name='debit',
            field=models.CharField(choices=[('provider', 'Paid in through the payment provider'), ('buyer', 'Received for an order, nothing cancelled yet'), ('participant', 'Due to the project participant'), ('refund', 'Due back to the buyer'), ('paid_out', 'Sent to the project participant')], max_length=12),
        ),
        migrations.AlterField(
            model_name='moneyentry',
            name='order',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='money_entries', to='offsets.order'),
        ),
        migrations.AddField(
            model_name='payout',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='payout',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='payout',
            name='seller',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='identity.organisation'),
        ),
        migrations.AddField(
            model_name='payoutpart',
            name='payout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='offsets.payout'),
        ),
        migrations.AddField(
            model_name='payoutpart',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payout_parts', to='projects.project'),
        ),
        migrations.AddField(
            model_name='moneyentry',
            name='part',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='booked', to='offsets.payoutpart'),
        ),
        migrations.AddConstraint(
            model_name='moneyentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('credit', 'participant'), ('line__isnull', False), ('participant__isnull', False)), models.Q(('debit', 'participant'), ('line', None), ('participant__isnull', False)), models.Q(models.Q(('credit', 'participant'), _negated=True), models.Q(('debit', 'participant'), _negated=True), ('line', None), ('participant', None)), _connector='OR'), name='entry_names_participant'),
        ),
        migrations.AddConstraint(
            model_name='moneyentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('order__isnull', False), ('part', None), models.Q(('debit', 'participant'), _negated=True), models.Q(('credit', 'paid_out'), _negated=True)), models.Q(('attempt', None), ('match', None), ('order', None), ('part__isnull', False), ('credit', 'paid_out'), ('debit', 'participant')), _connector='OR'), name='entry_of_order_or_payout'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payout_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('currency', 'USD')), name='payout_in_dollars'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('bank_reference', ''), _negated=True), name='payout_says_reference'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='payout_has_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='decided_payout_names_who'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='payout_set_aside_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('bank_reference',), name='payout_sent_once'),
        ),
        migrations.AddConstraint(
            model_name='payoutpart',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payout_part_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='payoutpart',
            constraint=models.UniqueConstraint(fields=('payout', 'project'), name='payout_part_per_project_once'),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

"""Several ways of paying: where an attempt is paid, until when, and as what its provider knows it;
and money that goes back without our asking.

A payment that waited in the sandbox while this was migrated goes on at the sandbox's page. The
database knows how a payment goes on, and that what paid for cancelled units is never given back.
"""

import django.db.models.deletion
from django.db import migrations, models

WALLS = """
CREATE FUNCTION offsets_guard_attempt() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM offsets_refuse('attempt_of_record', 'a payment is never deleted');
  END IF;
  IF (NEW.uuid, NEW.order_id, NEW.provider, NEW.amount, NEW.currency)
     IS DISTINCT FROM (OLD.uuid, OLD.order_id, OLD.provider, OLD.amount, OLD.currency) THEN
    PERFORM offsets_refuse('attempt_of_record', 'what is to be paid, and for what, stays');
  END IF;
  IF NEW.state <> OLD.state AND NOT OLD.state || '>' || NEW.state IN (
    'pending>failed', 'pending>succeeded', 'pending>refund_due', 'failed>succeeded',
    'failed>refund_due', 'succeeded>refund_due', 'refund_due>refunded') THEN
    PERFORM offsets_refuse('attempt_changes',
      format('a payment goes no way from %s to %s', OLD.state, NEW.state));
  END IF;
  IF OLD.state = 'succeeded' AND NEW.state = 'refund_due' AND EXISTS (
    SELECT FROM offsets_order WHERE id = NEW.order_id AND state = 'fulfilled') THEN
    PERFORM offsets_refuse('attempt_paid_for_good',
      'what paid for cancelled units is never given back');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE UPDATE OR DELETE ON offsets_paymentattempt
  FOR EACH ROW EXECUTE FUNCTION offsets_guard_attempt();

CREATE FUNCTION offsets_keep_dispute() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.closed_at IS NULL
     AND to_jsonb(NEW) - '{outcome,closed_at,closed_by_id,note}'::text[]
       = to_jsonb(OLD) - '{outcome,closed_at,closed_by_id,note}'::text[] THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.outcome = 'open'
     AND to_jsonb(NEW) - 'outcome' = to_jsonb(OLD) - 'outcome' THEN
    RETURN NEW;
  END IF;
  PERFORM offsets_refuse('dispute_of_record',
    'a dispute is kept, and stays as it is once it is closed');
  RETURN NULL;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON offsets_dispute
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_dispute();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_dispute
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE DELETE ON offsets_dispute FROM cdm_app;
  END IF;
END $$;
"""

UNDO = """
DROP TRIGGER of_record ON offsets_dispute;
DROP TRIGGER of_record_truncate ON offsets_dispute;
DROP TRIGGER guard_state ON offsets_paymentattempt;
DROP FUNCTION offsets_keep_dispute, offsets_guard_attempt;
"""

SQL = """
UPDATE offsets_paymentattempt SET page_url = '/pay/sandbox/' || uuid || '/'
WHERE provider = 'sandbox' AND page_url = '';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("offsets", "0011_invoices"),
        ("identity", "0001_initial"),
    ]
    operations = [
        migrations.AddField("paymentattempt", "checked_at", models.DateTimeField("asked after last", null=True)),
        migrations.AddField("paymentattempt", "closes_at", models.DateTimeField("may be paid until", null=True)),
        migrations.AddField("paymentattempt", "page_url", models.TextField("where it is paid", blank=True)),
        migrations.AddField("paymentattempt", "provider_reference", models.CharField(blank=True, max_length=120)),
        migrations.AlterField("sandboxpayment", "state", models.CharField(
            choices=[
                ("open", "Not paid yet"), ("paid", "Paid"), ("declined", "Declined"),
                ("expired", "Closed unpaid"),
            ],
            default="open", max_length=10,
        )),
        migrations.AddField("sandboxpayment", "charged_back", models.BooleanField(default=False)),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.AddConstraint("paymentattempt", models.UniqueConstraint(
            condition=~models.Q(provider_reference=""),
            fields=["provider", "provider_reference"], name="provider_reference_once",
        )),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=80)),
                ("kind", models.CharField(
                    choices=[
                        ("chargeback", "Taken back by the buyer's bank"),
                        ("refund", "Given back at the payment provider by hand"),
                    ],
                    max_length=10,
                )),
                ("amount", models.DecimalField(decimal_places=2, max_digits=20)),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(blank=True, max_length=80)),
                ("outcome", models.CharField(
                    choices=[
                        ("open", "Not decided yet"), ("won", "Decided for us: the money is back"),
                        ("lost", "The money is gone"),
                    ],
                    default="open", max_length=4,
                )),
                ("noted_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("note", models.TextField("how it ended", blank=True)),
                ("attempt", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="disputes",
                    to="offsets.paymentattempt",
                )),
                ("closed_by", models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to="identity.person",
                )),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(
                    condition=models.Q(closed_at=None), fields=["id"], name="dispute_waiting",
                )],
                "constraints": [
                    models.UniqueConstraint(fields=("attempt", "reference"), name="dispute_once"),
                    models.CheckConstraint(condition=models.Q(amount__gt=0), name="dispute_amount_positive"),
                    models.CheckConstraint(
                        condition=models.Q(closed_at=None, closed_by=None, note="")
                        | models.Q(closed_at__isnull=False, closed_by__isnull=False) & ~models.Q(note=""),
                        name="dispute_closed_says_how",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WALLS, UNDO),
    ]

"""Who paid stands apart from the credit, so that it can be erased; the credit stays of record.

What stands in the place of the structured reference and is none goes along with the payer. Payers
of orders that were erased before are erased here; their credits keep amount, day, reference and key.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from cdm_portal import parameters

MOVE = """
INSERT INTO offsets_bankpayer (entry_id, name, iban, text, keep_until, erased_at)
SELECT b.id, CASE WHEN g.at IS NULL THEN b.debtor_name ELSE '' END,
       CASE WHEN g.at IS NULL THEN b.debtor_iban ELSE '' END,
       CASE WHEN g.at IS NULL THEN concat_ws(' ',
         CASE WHEN regexp_replace(upper(b.reference), '[[:space:]./-]', '', 'g')
                   !~ '^RF[0-9]{2}[A-Z0-9]{1,21}$' THEN nullif(b.reference, '') END,
         nullif(b.text, '')) ELSE '' END,
       (b.booked_on + make_interval(years => %s)) AT TIME ZONE 'UTC', g.at
  FROM offsets_bankentry b
  LEFT JOIN LATERAL (
    SELECT min(o.erased_at) AS at FROM offsets_bankmatch m
      JOIN offsets_paymentattempt a ON a.id = m.attempt_id
      JOIN offsets_order o ON o.id = a.order_id
     WHERE m.entry_id = b.id AND m.state = 'confirmed') g ON true;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE offsets_bankentry DISABLE TRIGGER of_record;
UPDATE offsets_bankentry SET reference = ''
 WHERE reference <> '' AND regexp_replace(upper(reference), '[[:space:]./-]', '', 'g')
       !~ '^RF[0-9]{2}[A-Z0-9]{1,21}$';
ALTER TABLE offsets_bankentry ENABLE TRIGGER of_record;
"""

MOVE_BACK = """
ALTER TABLE offsets_bankentry DISABLE TRIGGER of_record;
UPDATE offsets_bankentry b SET debtor_name = p.name, debtor_iban = p.iban, text = left(p.text, 600)
  FROM offsets_bankpayer p WHERE p.entry_id = b.id;
ALTER TABLE offsets_bankentry ENABLE TRIGGER of_record;
"""

LAW = """
CREATE FUNCTION offsets_keep_payer() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_personal CONSTANT text[] := '{name,iban,text,erased_at}';
BEGIN
  IF TG_OP = 'DELETE' OR OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL
     OR to_jsonb(NEW) - v_personal <> to_jsonb(OLD) - v_personal THEN
    PERFORM offsets_refuse('payer_of_record', 'a payer stays as the bank says, or is erased whole');
  END IF;
  IF OLD.keep_until > cdm_now() AND NOT EXISTS (
    SELECT FROM offsets_bankmatch m JOIN offsets_paymentattempt a ON a.id = m.attempt_id
      JOIN offsets_order o ON o.id = a.order_id
     WHERE m.entry_id = OLD.entry_id AND m.state = 'confirmed' AND o.erased_at IS NOT NULL) THEN
    PERFORM offsets_refuse('payer_in_time',
      'a payer goes with the personal data of the order, or when its time is over');
  END IF;
  IF EXISTS (
    SELECT FROM offsets_bankmatch m LEFT JOIN offsets_refund r ON r.attempt_id = m.attempt_id
     WHERE m.entry_id = OLD.entry_id
       AND (m.state = 'proposed' OR m.state = 'confirmed' AND r.state <> 'paid')) THEN
    PERFORM offsets_refuse('payer_is_settled', 'a payer stays while their money is not settled');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON offsets_bankpayer
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_payer();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_bankpayer
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION offsets_guard_payee() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_personal CONSTANT text[] := '{payee_name,payee_iban}';
BEGIN
  IF OLD.state <> 'paid' OR (NEW.payee_name, NEW.payee_iban) <> ('', '')
     OR to_jsonb(NEW) - v_personal <> to_jsonb(OLD) - v_personal
     OR EXISTS (
       SELECT FROM offsets_bankmatch m JOIN offsets_bankpayer p ON p.entry_id = m.entry_id
        WHERE m.attempt_id = OLD.attempt_id AND m.state = 'confirmed' AND p.erased_at IS NULL) THEN
    PERFORM offsets_refuse('payee_goes_with_the_payer',
      'to whom a refund was sent goes with those who had paid, and nothing else of it changes');
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER of_record ON offsets_refund;
CREATE TRIGGER of_record BEFORE UPDATE ON offsets_refund FOR EACH ROW
  WHEN (NOT (OLD.state = 'paid' AND OLD.payee_iban <> '' AND NEW.payee_iban = ''))
  EXECUTE FUNCTION offsets_keep_refund();
CREATE TRIGGER of_record_begin BEFORE INSERT OR DELETE ON offsets_refund
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_refund();
CREATE TRIGGER payee_erased BEFORE UPDATE ON offsets_refund FOR EACH ROW
  WHEN (OLD.state = 'paid' AND OLD.payee_iban <> '' AND NEW.payee_iban = '')
  EXECUTE FUNCTION offsets_guard_payee();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE DELETE ON offsets_bankpayer FROM cdm_app;
  END IF;
END $$;
"""

LAW_UNDO = """
DROP TRIGGER payee_erased ON offsets_refund;
DROP TRIGGER of_record_begin ON offsets_refund;
DROP TRIGGER of_record ON offsets_refund;
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON offsets_refund
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_refund();
DROP TRIGGER of_record_truncate ON offsets_bankpayer;
DROP TRIGGER of_record ON offsets_bankpayer;
DROP FUNCTION offsets_guard_payee, offsets_keep_payer;
"""


def move(apps, schema_editor):
    years = int(parameters.constant("money_records_years"))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(MOVE, [years])


def move_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(MOVE_BACK)


class Migration(migrations.Migration):

    dependencies = [("offsets", "0016_api")]

    operations = [
        migrations.CreateModel(
            name="BankPayer",
            fields=[
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="payer", serialize=False, to="offsets.bankentry")),
                ("name", models.CharField(blank=True, max_length=140, verbose_name="paid by")),
                ("iban", models.CharField(blank=True, max_length=34, verbose_name="from account")),
                ("text", models.CharField(blank=True, max_length=760, verbose_name="what the payer wrote")),
                ("keep_until", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True, verbose_name="personal data erased")),
            ],
            options={"ordering": ["entry_id"]},
        ),
        migrations.RunPython(move, move_back),
        migrations.RemoveField("bankentry", "text"),
        migrations.RemoveField("bankentry", "debtor_name"),
        migrations.RemoveField("bankentry", "debtor_iban"),
        migrations.AddIndex("bankpayer", models.Index(condition=Q(("erased_at", None)), fields=["keep_until"], name="payer_kept")),
        migrations.AddConstraint("bankpayer", models.CheckConstraint(condition=Q(("erased_at", None), Q(("iban", ""), ("name", ""), ("text", "")), _connector="OR"), name="erased_payer_names_nobody")),
        migrations.RemoveConstraint("refund", "refund_says_where"),
        migrations.AddConstraint("refund", models.CheckConstraint(condition=Q(("state", "due"), Q(("proposed_at__isnull", False), ("proposed_by__isnull", False), Q(Q(("payee_iban", ""), _negated=True), ("state", "paid"), _connector="OR"), Q(("bank_reference", ""), _negated=True)), _connector="OR"), name="refund_says_where")),
        migrations.RunSQL(LAW, LAW_UNDO),
    ]

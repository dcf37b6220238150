"""What the database itself refuses about money: an invoice and a payment stay as they were made and
move only as their machines do, only payments that a second person confirmed count, and no issuance
is recorded while what is due for it was not received.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION board_invoice_law() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_moves CONSTANT text[] := '{state,received_usd,payment_reference,paid_at}';
  v_pairs CONSTANT text[] := '{deferred>due,deferred>part_paid,deferred>paid,due>part_paid,due>paid,part_paid>paid}';
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an invoice stays: DELETE refused'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('waived', 'deferred', 'due') THEN
      RAISE EXCEPTION 'an invoice does not begin as %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(NEW) - v_moves) <> (to_jsonb(OLD) - v_moves) THEN
    RAISE EXCEPTION 'an invoice stays as it was made'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state
     AND NOT (OLD.state || '>' || NEW.state) = ANY (v_pairs) THEN
    RAISE EXCEPTION 'the law knows no way from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_changes';
  END IF;
  IF NEW.received_usd <> OLD.received_usd AND NEW.received_usd <> (
    SELECT coalesce(sum(p.amount_usd), 0) FROM board_payment p
    WHERE p.invoice_id = NEW.id AND p.state = 'confirmed') THEN
    RAISE EXCEPTION 'only payments that a second person confirmed count'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'received_is_confirmed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER money_law BEFORE INSERT OR UPDATE OR DELETE ON board_invoice
  FOR EACH ROW EXECUTE FUNCTION board_invoice_law();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON board_invoice
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION board_payment_law() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_moves CONSTANT text[] := '{state,decided_by_id,decided_name,decided_at,reason}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'recorded' THEN
      RAISE EXCEPTION 'a payment begins as recorded, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'recorded'
     OR (to_jsonb(NEW) - v_moves) <> (to_jsonb(OLD) - v_moves) THEN
    RAISE EXCEPTION 'a payment stays as it was recorded and decided: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER money_law BEFORE INSERT OR UPDATE OR DELETE ON board_payment
  FOR EACH ROW EXECUTE FUNCTION board_payment_law();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON board_payment
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION board_paid_first() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_invoice board_invoice;
  v_total numeric;
  v_upto numeric;
BEGIN
  IF NEW.issuance_id IS NULL OR OLD.issuance_id IS NOT NULL THEN
    RETURN NEW;
  END IF;
  IF EXISTS (
    SELECT FROM board_invoice i JOIN board_request q ON q.id = i.request_id
    WHERE q.project_id = (SELECT project_id FROM board_request WHERE id = NEW.request_id)
      AND q.kind = 'registration' AND q.state NOT IN ('rejected', 'withdrawn')
      AND i.state IN ('due', 'part_paid')) THEN
    RAISE EXCEPTION 'the registration fee is owed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fee_before_issuance';
  END IF;
  SELECT * INTO v_invoice FROM board_invoice WHERE request_id = NEW.request_id;
  IF v_invoice.state IN ('due', 'part_paid') THEN
    SELECT sum(quantity), sum(quantity) FILTER (WHERE id <= NEW.id) INTO v_total, v_upto
      FROM board_instruction WHERE request_id = NEW.request_id;
    IF v_upto * v_invoice.amount_usd > v_total * v_invoice.received_usd THEN
      RAISE EXCEPTION 'the share of proceeds for this issuance was not received'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'share_before_issuance';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER paid_first BEFORE UPDATE OF issuance_id ON board_instruction
  FOR EACH ROW EXECUTE FUNCTION board_paid_first();
"""

UNDO = """
DROP TRIGGER paid_first ON board_instruction;
DROP FUNCTION board_paid_first();
DROP TRIGGER of_record_truncate ON board_payment;
DROP TRIGGER money_law ON board_payment;
DROP FUNCTION board_payment_law();
DROP TRIGGER of_record_truncate ON board_invoice;
DROP TRIGGER money_law ON board_invoice;
DROP FUNCTION board_invoice_law();
"""


class Migration(migrations.Migration):
    dependencies = [("board", "0006_payments"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

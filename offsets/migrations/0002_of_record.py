"""What is of record stays: messages, money, cancelled lines, fulfilled orders, certificates.

The database also knows the order's diagram, and that a fulfilled order is whole: every line stands
on its own cancellation of the same lot and quantity, and one certificate says the sum.
"""

from django.db import migrations

SQL = """
CALL cdm_keep('offsets_providerevent');
CALL cdm_keep('offsets_moneyentry');
CREATE SEQUENCE offsets_certificate_serial;

CREATE FUNCTION offsets_refuse(p_name text, p_message text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', p_message USING ERRCODE = 'restrict_violation', CONSTRAINT = p_name;
END $$;

CREATE FUNCTION offsets_keep_line() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.cancellation_id IS NOT NULL THEN
    PERFORM offsets_refuse('line_of_record', 'a cancelled line stays as it is');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NEW.cancellation_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM registry_cancellation c WHERE c.id = NEW.cancellation_id AND c.kind = 'c'
      AND c.lot_id = NEW.lot_id AND c.e - c.s + 1 = NEW.quantity AND c.buyer = NEW.order_id
      AND c.key = NEW.key) THEN
    PERFORM offsets_refuse('line_names_its_cancellation',
      'the cancellation is of another order, lot or quantity');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON offsets_orderline
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_line();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_orderline
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION offsets_guard_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM offsets_refuse('order_of_record', 'an order is never deleted');
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'checkout' THEN
      PERFORM offsets_refuse('order_begins', 'an order begins at the checkout');
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state AND NOT OLD.state || '>' || NEW.state IN (
    'checkout>payment_pending', 'failed>payment_pending', 'payment_pending>failed',
    'checkout>expired', 'payment_pending>expired', 'failed>expired', 'expired>checkout',
    'checkout>paid', 'payment_pending>paid', 'failed>paid', 'expired>paid',
    'checkout>refund_due', 'payment_pending>refund_due', 'failed>refund_due',
    'expired>refund_due', 'paid>refund_due', 'paid>fulfilled', 'refund_due>refunded') THEN
    PERFORM offsets_refuse('order_changes',
      format('an order goes no way from %s to %s', OLD.state, NEW.state));
  END IF;
  IF OLD.state IN ('paid', 'fulfilled', 'refund_due', 'refunded')
     AND to_jsonb(NEW) - '{state,note,email,fulfilled_at}'::text[]
      <> to_jsonb(OLD) - '{state,note,email,fulfilled_at}'::text[] THEN
    PERFORM offsets_refuse('order_of_record', 'a paid order stays as it was paid');
  END IF;
  IF OLD.state = 'fulfilled' AND NEW.fulfilled_at <> OLD.fulfilled_at THEN
    PERFORM offsets_refuse('order_of_record', 'a fulfilled order stays as it is');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OR DELETE ON offsets_order
  FOR EACH ROW EXECUTE FUNCTION offsets_guard_order();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_order
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION offsets_whole() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM offsets_certificate
                 WHERE order_id = NEW.id AND tonnes = NEW.quantity)
     OR (SELECT sum(quantity) FROM offsets_orderline
         WHERE order_id = NEW.id AND cancellation_id IS NOT NULL) IS DISTINCT FROM NEW.quantity
     OR (SELECT sum(amount) FROM offsets_moneyentry
         WHERE order_id = NEW.id AND credit = 'participant') IS DISTINCT FROM NEW.total THEN
    PERFORM offsets_refuse('fulfilled_is_whole',
      'a fulfilled order has its cancellations, its money booked and one certificate');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fulfilled_is_whole AFTER INSERT OR UPDATE OF state ON offsets_order
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'fulfilled')
  EXECUTE FUNCTION offsets_whole();

CREATE FUNCTION offsets_keep_certificate() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.sha256 = '' AND NEW.sha256 = encode(sha256(NEW.pdf), 'hex')
     AND to_jsonb(NEW) - '{pdf,sha256}'::text[] = to_jsonb(OLD) - '{pdf,sha256}'::text[] THEN
    RETURN NEW;
  END IF;
  PERFORM offsets_refuse('certificate_of_record',
    'a certificate stays as it is; only its print is added, once');
  RETURN NULL;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON offsets_certificate
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_certificate();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_certificate
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE UPDATE, DELETE ON offsets_providerevent, offsets_moneyentry FROM cdm_app;
    REVOKE DELETE ON offsets_order, offsets_certificate FROM cdm_app;
    GRANT USAGE ON SEQUENCE offsets_certificate_serial TO cdm_app;
  END IF;
END $$;
"""

UNDO = """
DROP TRIGGER of_record ON offsets_certificate;
DROP TRIGGER of_record_truncate ON offsets_certificate;
DROP TRIGGER fulfilled_is_whole ON offsets_order;
DROP TRIGGER guard_state ON offsets_order;
DROP TRIGGER of_record_truncate ON offsets_order;
DROP TRIGGER of_record ON offsets_orderline;
DROP TRIGGER of_record_truncate ON offsets_orderline;
DROP TRIGGER of_record ON offsets_moneyentry;
DROP TRIGGER of_record ON offsets_providerevent;
DROP FUNCTION offsets_keep_certificate, offsets_whole, offsets_guard_order, offsets_keep_line;
DROP FUNCTION offsets_refuse(text, text);
DROP SEQUENCE offsets_certificate_serial;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("offsets", "0001_initial"),
        ("cdm_portal", "0002_of_record"),
    ]
    operations = [migrations.RunSQL(SQL, UNDO)]

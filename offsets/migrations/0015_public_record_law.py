"""The public record follows cancellations and orders; what is personal goes when its owner asks.

`offsets_cancelled_now` says what the record has to say of some cancellations; triggers write it
when an order is fulfilled or erased, and when the registry moves cancelled units outside the shop
into a cancellation account (a shop's sale leaves its block where it is, so no sale pays for this).

A paid order stays as it was paid, but for one change: its buyer's name, address, reason, reference
and browser go, once, together, and never while money is under way. A certificate's print goes only
with them, and so does the salt of its name. The triggers that guard both stand as they did; they
are told to leave that one change to a guard of its own.
"""

from django.db import migrations

RECORD = """
CREATE INDEX offsets_cancelledentry_name_trigram ON offsets_cancelledentry
  USING gin (upper(beneficiary) gin_trgm_ops) WHERE beneficiary <> '';
CREATE INDEX projects_project_title_trigram ON projects_project
  USING gin (upper(title) gin_trgm_ops);
CREATE INDEX projects_activity_title_trigram ON projects_activity
  USING gin (upper(title) gin_trgm_ops);

CREATE FUNCTION offsets_same_name(p_name text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT left(encode(sha256(convert_to(
    lower(btrim(regexp_replace(normalize(p_name, NFKC), '\\s+', ' ', 'g'))), 'UTF8')), 'hex'), 32)
$$;

CREATE FUNCTION offsets_cancelled_now(p_cancellations bigint[])
RETURNS SETOF offsets_cancelledentry
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT c.id, c.effective_at, extract(year FROM c.effective_at AT TIME ZONE 'UTC')::smallint,
         c.e - c.s + 1, i.party_id::varchar(2), i.project_number::varchar(20),
         CASE WHEN o.id IS NOT NULL THEN 'shop' WHEN m.line_id IS NOT NULL THEN 'import'
              ELSE 'registry' END::varchar(8),
         CASE WHEN a.terminal THEN a.kind ELSE 230::smallint END,
         CASE WHEN o.name_public THEN o.beneficiary_name ELSE '' END::varchar(120),
         CASE WHEN o.name_public AND o.on_behalf AND o.beneficiary_name <> ''
              THEN offsets_same_name(o.beneficiary_name) ELSE '' END::varchar(32),
         CASE WHEN o.name_public THEN o.reason ELSE '' END::varchar(140), o.id
    FROM registry_cancellation c
    JOIN registry_lot t ON t.id = c.lot_id
    JOIN registry_issuance i ON i.id = t.issuance_id
    JOIN registry_block b ON b.id = t.block_id
    JOIN registry_account a ON a.id = b.account_id
    LEFT JOIN registry_importedline m ON m.line_id = i.line_id
    LEFT JOIN offsets_orderline l ON l.cancellation_id = c.id
    LEFT JOIN offsets_order o ON o.id = l.order_id
   WHERE c.kind = 'c' AND c.id = ANY (p_cancellations);
END $$;

CREATE FUNCTION offsets_record(p_cancellations bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO offsets_cancelledentry SELECT n.* FROM offsets_cancelled_now(p_cancellations) n
  ON CONFLICT (cancellation_id) DO UPDATE SET (kind, order_id, beneficiary, organisation, reason)
    = (EXCLUDED.kind, EXCLUDED.order_id, EXCLUDED.beneficiary, EXCLUDED.organisation,
       EXCLUDED.reason);
END $$;
REVOKE ALL ON FUNCTION offsets_record(bigint[]) FROM PUBLIC;

CREATE FUNCTION offsets_record_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'offsets_order' THEN
    PERFORM offsets_record(ARRAY(
      SELECT cancellation_id FROM offsets_orderline
       WHERE order_id = NEW.id AND cancellation_id IS NOT NULL));
  ELSE
    PERFORM offsets_record(ARRAY(
      SELECT c.id FROM registry_lot t JOIN registry_cancellation c ON c.lot_id = t.id
       WHERE t.block_id = NEW.id AND c.tx_id IS NOT NULL AND c.kind = 'c'));
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION offsets_record_follows() FROM PUBLIC;

CREATE TRIGGER record_follows AFTER UPDATE ON offsets_order FOR EACH ROW
  WHEN (NEW.state = 'fulfilled' AND (OLD.state, OLD.erased_at) IS DISTINCT FROM
        (NEW.state, NEW.erased_at))
  EXECUTE FUNCTION offsets_record_follows();
CREATE TRIGGER record_follows AFTER UPDATE ON registry_block FOR EACH ROW
  WHEN (NEW.account_id IS DISTINCT FROM OLD.account_id)
  EXECUTE FUNCTION offsets_record_follows();

DO $$
BEGIN
  PERFORM offsets_record(ARRAY(SELECT id FROM registry_cancellation WHERE kind = 'c'));
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE INSERT, UPDATE, DELETE ON offsets_cancelledentry FROM cdm_app;
  END IF;
END $$;
"""

RECORD_UNDO = """
DROP TRIGGER record_follows ON registry_block;
DROP TRIGGER record_follows ON offsets_order;
DROP FUNCTION offsets_record_follows();
DROP FUNCTION offsets_record(bigint[]);
DROP FUNCTION offsets_cancelled_now(bigint[]);
DROP FUNCTION offsets_same_name(text);
DROP INDEX projects_activity_title_trigram;
DROP INDEX projects_project_title_trigram;
DROP INDEX offsets_cancelledentry_name_trigram;
"""

ERASURE = """
CREATE FUNCTION offsets_guard_erasure() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_personal text[] := '{beneficiary_name,email,reason,reference,buyer_key,name_public}';
BEGIN
  IF (NEW.beneficiary_name, NEW.email, NEW.reason, NEW.reference, NEW.buyer_key, NEW.name_public)
     <> ('', '', '', '', '', false) OR (OLD.erased_at IS NOT NULL
     AND NEW.erased_at IS DISTINCT FROM OLD.erased_at) THEN
    PERFORM offsets_refuse('erased_stays_erased', 'an erased order names nobody, for good');
  END IF;
  IF OLD.erased_at IS NULL AND (OLD.state NOT IN ('fulfilled', 'expired', 'refunded')
     OR to_jsonb(NEW) - v_personal - 'erased_at' <> to_jsonb(OLD) - v_personal - 'erased_at') THEN
    PERFORM offsets_refuse('erased_at_rest',
      'an order is erased when no money is under way, and nothing else of it changes');
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER guard_state ON offsets_order;
CREATE TRIGGER guard_state BEFORE UPDATE ON offsets_order FOR EACH ROW
  WHEN (NEW.erased_at IS NOT DISTINCT FROM OLD.erased_at)
  EXECUTE FUNCTION offsets_guard_order();
CREATE TRIGGER guard_begin BEFORE INSERT OR DELETE ON offsets_order FOR EACH ROW
  EXECUTE FUNCTION offsets_guard_order();
CREATE TRIGGER guard_erasure BEFORE UPDATE ON offsets_order FOR EACH ROW
  WHEN (OLD.erased_at IS NOT NULL OR NEW.erased_at IS NOT NULL)
  EXECUTE FUNCTION offsets_guard_erasure();

CREATE FUNCTION offsets_guard_erased_print() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM offsets_order WHERE id = OLD.order_id AND erased_at IS NOT NULL)
     OR to_jsonb(NEW) - '{pdf,sha256}'::text[] <> to_jsonb(OLD) - '{pdf,sha256}'::text[] THEN
    PERFORM offsets_refuse('print_goes_with_the_name',
      'a print goes when the personal data of its order are erased, and nothing else changes');
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER of_record ON offsets_certificate;
CREATE TRIGGER of_record BEFORE UPDATE ON offsets_certificate FOR EACH ROW
  WHEN (OLD.pdf IS NULL OR NEW.pdf IS NOT NULL)
  EXECUTE FUNCTION offsets_keep_certificate();
CREATE TRIGGER of_record_delete BEFORE DELETE ON offsets_certificate FOR EACH ROW
  EXECUTE FUNCTION offsets_keep_certificate();
CREATE TRIGGER print_erased BEFORE UPDATE ON offsets_certificate FOR EACH ROW
  WHEN (OLD.pdf IS NOT NULL AND NEW.pdf IS NULL)
  EXECUTE FUNCTION offsets_guard_erased_print();

CREATE FUNCTION offsets_guard_seal() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NOT EXISTS (
    SELECT FROM offsets_order WHERE id = OLD.order_id AND erased_at IS NOT NULL) THEN
    PERFORM offsets_refuse('salt_goes_with_the_name',
      'the salt of a name stays until the personal data of its order are erased');
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON offsets_nameseal FOR EACH ROW
  EXECUTE FUNCTION offsets_guard_seal();
"""

ERASURE_UNDO = """
DROP TRIGGER kept ON offsets_nameseal;
DROP FUNCTION offsets_guard_seal();
DROP TRIGGER print_erased ON offsets_certificate;
DROP TRIGGER of_record_delete ON offsets_certificate;
DROP TRIGGER of_record ON offsets_certificate;
DROP FUNCTION offsets_guard_erased_print();
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON offsets_certificate
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_certificate();
DROP TRIGGER guard_erasure ON offsets_order;
DROP TRIGGER guard_begin ON offsets_order;
DROP TRIGGER guard_state ON offsets_order;
DROP FUNCTION offsets_guard_erasure();
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OR DELETE ON offsets_order
  FOR EACH ROW EXECUTE FUNCTION offsets_guard_order();
"""


class Migration(migrations.Migration):
    dependencies = [("offsets", "0014_public_record")]
    operations = [
        migrations.RunSQL(RECORD, RECORD_UNDO), migrations.RunSQL(ERASURE, ERASURE_UNDO),
    ]

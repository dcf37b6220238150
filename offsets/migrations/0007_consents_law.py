"""The database lists no offer without the consent that it needs, and keeps what was consented to.

A consent is needed where the modalities of communication in force name, for the forwarding of CERs,
an entity whose signature counts and that is not the seller: all of a joint scope, any one of
another in which the seller is not named.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION offsets_guard_consent() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'asked' THEN
      PERFORM offsets_refuse('consent_begins', 'a consent begins as asked for');
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'asked'
     AND to_jsonb(NEW) - '{state,reason,decided_at}'::text[]
       = to_jsonb(OLD) - '{state,reason,decided_at}'::text[] THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'given' AND OLD.offer_id IS NULL
     AND to_jsonb(NEW) - 'offer_id' = to_jsonb(OLD) - 'offer_id' THEN
    RETURN NEW;
  END IF;
  PERFORM offsets_refuse('consent_of_record', 'a consent stays as it was decided');
  RETURN NULL;
END $$;
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON offsets_offerconsent
  FOR EACH ROW EXECUTE FUNCTION offsets_guard_consent();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_offerconsent
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
CALL cdm_keep('offsets_consentsignature');

CREATE FUNCTION offsets_offer_consented() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_statement bigint; v_joint boolean;
BEGIN
  SELECT id, manner_a = 'joint' INTO v_statement, v_joint FROM participant_statement
    WHERE project_id = NEW.project_id AND state = 'in_force';
  IF NOT FOUND OR NOT EXISTS (
    SELECT FROM participant_focalpoint p WHERE p.statement_id = v_statement
       AND position('a' IN p.scopes) > 0 AND p.organisation_id <> NEW.seller_id
       AND (v_joint OR NOT EXISTS (
         SELECT FROM participant_focalpoint own WHERE own.statement_id = v_statement
            AND position('a' IN own.scopes) > 0 AND own.organisation_id = NEW.seller_id))) THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (
    SELECT FROM offsets_offerconsent c WHERE c.offer_id = NEW.id AND c.state = 'given'
       AND c.statement_id = v_statement AND c.seller_id = NEW.seller_id
       AND c.project_id = NEW.project_id AND c.commitment_period = NEW.commitment_period
       AND c.quantity >= NEW.quantity AND c.lowest_price <= NEW.price) THEN
    PERFORM offsets_refuse('offer_consented', 'the focal points have not consented to this offer');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER offer_consented AFTER INSERT ON offsets_offer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION offsets_offer_consented();
"""

UNDO = """
DROP TRIGGER offer_consented ON offsets_offer;
DROP FUNCTION offsets_offer_consented();
DROP TRIGGER of_record_truncate ON offsets_offerconsent;
DROP TRIGGER of_record ON offsets_offerconsent;
DROP FUNCTION offsets_guard_consent();
"""


class Migration(migrations.Migration):
    dependencies = [("offsets", "0006_consents"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

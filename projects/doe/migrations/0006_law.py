"""The database knows the diagrams of a DOE's cases: an illegal change of state is refused for any
writer. The pairs are written out by hand; a test compares them with the domain's tables.

A proceeding that is decided is of record. A comment may be answered by the DOE that took its
validation over.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION doe_guard_state() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT NEW.state = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
      RAISE EXCEPTION '% does not begin as %', TG_TABLE_NAME, NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state
     AND NOT (OLD.state || '>' || NEW.state) = ANY (string_to_array(TG_ARGV[1], ' ')) THEN
    RAISE EXCEPTION '% knows no way from % to %', TG_TABLE_NAME, OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'state_changes';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OF state ON doe_accreditation
  FOR EACH ROW EXECUTE FUNCTION doe_guard_state('active',
  'active>suspended suspended>active active>withdrawn suspended>withdrawn '
  'active>relinquished suspended>relinquished');
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OF state ON doe_proceeding
  FOR EACH ROW EXECUTE FUNCTION doe_guard_state('asked hearing proposed',
  'asked>proposed hearing>proposed hearing>granted hearing>refused '
  'proposed>granted proposed>refused');
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OF state ON doe_engagement
  FOR EACH ROW EXECUTE FUNCTION doe_guard_state('offered',
  'offered>accepted offered>declined accepted>ended');
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OF state ON doe_validation
  FOR EACH ROW EXECUTE FUNCTION doe_guard_state('open',
  'open>positive open>negative open>terminated open>replaced');
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OF state ON doe_verification
  FOR EACH ROW EXECUTE FUNCTION doe_guard_state('verifying',
  'verifying>certified verifying>negative');

CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON doe_proceeding
  FOR EACH ROW EXECUTE FUNCTION doe_keep_decided();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON doe_proceeding
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE OR REPLACE FUNCTION doe_keep_comment() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND to_jsonb(NEW) - '{response,responded_at}'::text[]
       = to_jsonb(OLD) - '{response,responded_at}'::text[]
     AND EXISTS (
       SELECT FROM doe_validation made JOIN doe_validation v ON v.project_id = made.project_id
        WHERE made.id = NEW.validation_id AND v.state = 'open')
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a public comment is of record: % refused', TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION doe_keep_comment() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND to_jsonb(NEW) - '{response,responded_at}'::text[]
       = to_jsonb(OLD) - '{response,responded_at}'::text[]
     AND EXISTS (SELECT FROM doe_validation v WHERE v.id = NEW.validation_id AND v.state = 'open')
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a public comment is of record: % refused', TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER of_record_truncate ON doe_proceeding;
DROP TRIGGER of_record ON doe_proceeding;
DROP TRIGGER guard_state ON doe_verification;
DROP TRIGGER guard_state ON doe_validation;
DROP TRIGGER guard_state ON doe_engagement;
DROP TRIGGER guard_state ON doe_proceeding;
DROP TRIGGER guard_state ON doe_accreditation;
DROP FUNCTION doe_guard_state();
"""


class Migration(migrations.Migration):
    dependencies = [("doe", "0005_replaced_validations"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

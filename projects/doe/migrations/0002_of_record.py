"""What the database itself refuses: a comment stays as it was made, only a response is added, and
none after the opinion; certified amounts and run results do not change once they stand.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION doe_keep_comment() RETURNS trigger
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
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON doe_comment
  FOR EACH ROW EXECUTE FUNCTION doe_keep_comment();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON doe_comment
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION doe_comment_in_window() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM doe_validation v WHERE v.id = NEW.validation_id AND v.state = 'open'
      AND NEW.at >= v.published_at AND NEW.at < v.comments_close_at) THEN
    RAISE EXCEPTION 'comments are taken in the window only'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_in_window';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER in_window BEFORE INSERT ON doe_comment
  FOR EACH ROW EXECUTE FUNCTION doe_comment_in_window();

CREATE FUNCTION doe_keep_decided() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.decided_at IS NOT NULL THEN
    RAISE EXCEPTION '% is of record once it is decided: % refused', TG_TABLE_NAME, TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON doe_validation
  FOR EACH ROW EXECUTE FUNCTION doe_keep_decided();
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON doe_verification
  FOR EACH ROW EXECUTE FUNCTION doe_keep_decided();

CREATE FUNCTION doe_keep_run() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.finished_at IS NOT NULL THEN
    RAISE EXCEPTION 'a finished recomputation is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON doe_verificationrun
  FOR EACH ROW EXECUTE FUNCTION doe_keep_run();
"""

UNDO = """
DROP TRIGGER of_record ON doe_verificationrun;
DROP FUNCTION doe_keep_run();
DROP TRIGGER of_record ON doe_verification;
DROP TRIGGER of_record ON doe_validation;
DROP FUNCTION doe_keep_decided();
DROP TRIGGER in_window ON doe_comment;
DROP FUNCTION doe_comment_in_window();
DROP TRIGGER of_record_truncate ON doe_comment;
DROP TRIGGER of_record ON doe_comment;
DROP FUNCTION doe_keep_comment();
"""


class Migration(migrations.Migration):
    dependencies = [("doe", "0001_initial"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

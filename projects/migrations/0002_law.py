"""The database knows the diagram too: an illegal change of stage is refused for any writer.

The pairs are written out by hand; a test compares them with lifecycle.py. What is of record on the
landing stays as it was written; of a document only the mark `public` may be set.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION projects_guard_stage() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_pairs text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.stage <> TG_ARGV[0] THEN
      RAISE EXCEPTION 'a case begins in the stage %, not %', TG_ARGV[0], NEW.stage
        USING ERRCODE = 'check_violation', CONSTRAINT = 'stage_begins';
    END IF;
    RETURN NEW;
  END IF;
  v_pairs := string_to_array(TG_ARGV[1], ' ');
  IF NEW.stage IS DISTINCT FROM OLD.stage
     AND NOT (OLD.stage || '>' || NEW.stage) = ANY (v_pairs) THEN
    RAISE EXCEPTION 'the law knows no way from % to %', OLD.stage, NEW.stage
      USING ERRCODE = 'check_violation', CONSTRAINT = 'stage_changes';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER guard_stage BEFORE INSERT OR UPDATE OF stage ON projects_project
  FOR EACH ROW EXECUTE FUNCTION projects_guard_stage('design',
  'design>national_approval national_approval>validation validation>registration '
  'registration>monitoring registration>rejected validation>validation_negative '
  'validation>validation_terminated design>withdrawn national_approval>withdrawn '
  'validation>withdrawn registration>withdrawn monitoring>deregistered');

CREATE TRIGGER guard_stage BEFORE INSERT OR UPDATE OF stage ON projects_monitoringperiod
  FOR EACH ROW EXECUTE FUNCTION projects_guard_stage('monitoring',
  'monitoring>verification verification>issuance verification>not_verified '
  'issuance>rejected issuance>offsetting');

CALL cdm_keep('projects_blob');
CALL cdm_keep('projects_findingmessage');

CREATE FUNCTION projects_keep_document() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND NEW.public AND (to_jsonb(NEW) - 'public') = (to_jsonb(OLD) - 'public') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a filed document stays as it is; it can only be made public'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON projects_document
  FOR EACH ROW EXECUTE FUNCTION projects_keep_document();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON projects_document
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
"""

UNDO = """
DROP TRIGGER of_record_truncate ON projects_document;
DROP TRIGGER of_record ON projects_document;
DROP FUNCTION projects_keep_document();
DROP TRIGGER of_record ON projects_findingmessage;
DROP TRIGGER of_record ON projects_blob;
DROP TRIGGER guard_stage ON projects_monitoringperiod;
DROP TRIGGER guard_stage ON projects_project;
DROP FUNCTION projects_guard_stage();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

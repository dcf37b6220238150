"""An entry of the reference data stays as it was proposed and, once decided, as it was decided;
editions of published lists stay as they were imported.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION projects_reference_law() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_moves CONSTANT text[] := '{state,decider,decider_name,decided_at,reason}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' THEN
      RAISE EXCEPTION 'an entry of the reference data begins as proposed, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'reference_entry_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
     OR (to_jsonb(NEW) - v_moves) <> (to_jsonb(OLD) - v_moves) THEN
    RAISE EXCEPTION 'an entry of the reference data stays as it was proposed and decided: % refused',
      TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reference_law BEFORE INSERT OR UPDATE OR DELETE ON projects_gridfactor
  FOR EACH ROW EXECUTE FUNCTION projects_reference_law();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON projects_gridfactor
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
CREATE TRIGGER reference_law BEFORE INSERT OR UPDATE OR DELETE ON projects_versiondates
  FOR EACH ROW EXECUTE FUNCTION projects_reference_law();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON projects_versiondates
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
CALL cdm_keep('projects_edition');
CALL cdm_keep('projects_editionrow');
"""

UNDO = """
DROP TRIGGER of_record ON projects_editionrow;
DROP TRIGGER of_record ON projects_edition;
DROP TRIGGER of_record_truncate ON projects_versiondates;
DROP TRIGGER reference_law ON projects_versiondates;
DROP TRIGGER of_record_truncate ON projects_gridfactor;
DROP TRIGGER reference_law ON projects_gridfactor;
DROP FUNCTION projects_reference_law();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0016_reference_data"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

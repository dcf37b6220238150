"""The database knows how an exclusion is decided, and excludes no component without one."""

from django.db import migrations

SQL = """
CREATE FUNCTION board_guard_exclusion() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' THEN
      RAISE EXCEPTION 'an exclusion begins as proposed, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' THEN
    RAISE EXCEPTION 'an exclusion is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF to_jsonb(NEW) - '{state,decision,decided_by_id,decided_at}'::text[]
     <> to_jsonb(OLD) - '{state,decision,decided_by_id,decided_at}'::text[] THEN
    RAISE EXCEPTION 'what was proposed about a component stays as it was'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OR DELETE ON board_exclusion
  FOR EACH ROW EXECUTE FUNCTION board_guard_exclusion();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON board_exclusion
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION board_exclusion_decided() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.state = 'excluded' AND OLD.state <> 'excluded' AND NOT EXISTS (
    SELECT FROM board_exclusion e WHERE e.component_id = NEW.id AND e.state = 'granted'
       AND e.tonnes = NEW.debt_tonnes) THEN
    RAISE EXCEPTION 'the Board has not decided to exclude this component with this debt'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'exclusion_decided';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER exclusion_decided BEFORE UPDATE OF state ON projects_component
  FOR EACH ROW EXECUTE FUNCTION board_exclusion_decided();
"""

UNDO = """
DROP TRIGGER exclusion_decided ON projects_component;
DROP FUNCTION board_exclusion_decided();
DROP TRIGGER of_record_truncate ON board_exclusion;
DROP TRIGGER guard_state ON board_exclusion;
DROP FUNCTION board_guard_exclusion();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("board", "0014_exclusions"), ("projects", "0011_programmes_law"),
        ("cdm_portal", "0002_of_record"),
    ]
    operations = [migrations.RunSQL(SQL, UNDO)]

"""No DOE is engaged for a project that has ended, nor for a period of one that is not registered;
and no validation stays open when its project ends: it is terminated without an opinion (domain,
3.1). Validations left open by withdrawals filed before are ended as of those withdrawals.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION doe_engage_while_it_goes_on() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_stage text;
BEGIN
  SELECT p.stage INTO v_stage FROM projects_project p WHERE p.id = NEW.project_id FOR SHARE;
  IF v_stage IN ('withdrawn', 'validation_terminated', 'validation_negative', 'rejected',
                 'deregistered')
     OR (NEW.period_id IS NOT NULL AND v_stage <> 'monitoring') THEN
    RAISE EXCEPTION 'no DOE is engaged for a project that is %', v_stage
      USING ERRCODE = 'check_violation', CONSTRAINT = 'engaged_while_it_goes_on';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER while_it_goes_on BEFORE INSERT OR UPDATE OF state ON doe_engagement
  FOR EACH ROW WHEN (NEW.state IN ('offered', 'accepted'))
  EXECUTE FUNCTION doe_engage_while_it_goes_on();

CREATE FUNCTION doe_no_open_validation() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM doe_validation v JOIN projects_project p ON p.id = v.project_id
             WHERE p.id = NEW.id AND p.stage = NEW.stage AND v.state = 'open') THEN
    RAISE EXCEPTION 'a project that is % has an open validation', NEW.stage
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ended_with_its_project';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER no_open_validation AFTER UPDATE OF stage ON projects_project
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.stage IN ('withdrawn', 'validation_terminated', 'validation_negative', 'rejected',
                      'deregistered'))
  EXECUTE FUNCTION doe_no_open_validation();
"""

UNDO = """
DROP TRIGGER no_open_validation ON projects_project;
DROP FUNCTION doe_no_open_validation();
DROP TRIGGER while_it_goes_on ON doe_engagement;
DROP FUNCTION doe_engage_while_it_goes_on();
"""

LEFT_OPEN = """
UPDATE doe_validation v
   SET state = 'terminated', conclusion = 'The project is withdrawn.',
       decided_at = coalesce(p.ended_at, cdm_now())
  FROM projects_project p
 WHERE p.id = v.project_id AND p.stage = 'withdrawn' AND v.state = 'open';
"""


class Migration(migrations.Migration):
    dependencies = [("doe", "0010_debts_law"), ("projects", "0013_document_kinds")]
    operations = [
        migrations.RunSQL(LEFT_OPEN, migrations.RunSQL.noop),
        migrations.RunSQL(SQL, UNDO),
    ]

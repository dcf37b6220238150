"""Readings are taken, gaps accepted and reports frozen while the project is registered; nothing more
is monitored of one that was deregistered (domain, 3.1 and 3.4).
"""

from django.db import migrations

SQL = """
CREATE FUNCTION participant_while_registered() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_period bigint;
  v_stage text;
BEGIN
  IF TG_TABLE_NAME = 'participant_acceptedgap' THEN
    SELECT f.period_id INTO v_period FROM participant_readingsfile f WHERE f.id = NEW.file_id;
  ELSE
    v_period := NEW.period_id;
  END IF;
  SELECT p.stage INTO v_stage
    FROM projects_project p JOIN projects_monitoringperiod m ON m.project_id = p.id
   WHERE m.id = v_period FOR SHARE OF p;
  IF v_stage <> 'monitoring' THEN
    RAISE EXCEPTION 'nothing is monitored of a project that is %', v_stage
      USING ERRCODE = 'check_violation', CONSTRAINT = 'monitored_while_registered';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER while_registered BEFORE INSERT ON participant_readingsfile
  FOR EACH ROW EXECUTE FUNCTION participant_while_registered();
CREATE TRIGGER while_registered BEFORE INSERT ON participant_acceptedgap
  FOR EACH ROW EXECUTE FUNCTION participant_while_registered();
CREATE TRIGGER while_registered BEFORE INSERT ON participant_monitoringreport
  FOR EACH ROW EXECUTE FUNCTION participant_while_registered();
"""

UNDO = """
DROP TRIGGER while_registered ON participant_monitoringreport;
DROP TRIGGER while_registered ON participant_acceptedgap;
DROP TRIGGER while_registered ON participant_readingsfile;
DROP FUNCTION participant_while_registered();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("participant", "0008_series_law"), ("projects", "0013_document_kinds"),
    ]
    operations = [migrations.RunSQL(SQL, UNDO)]

"""What a DOE observed is of record, and is said while the verification is open."""

from django.db import migrations

SQL = """
CALL cdm_keep('doe_observation');

CREATE FUNCTION doe_observe_while_open() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_state text;
BEGIN
  SELECT v.state INTO v_state FROM doe_verification v WHERE v.id = NEW.verification_id FOR SHARE;
  IF v_state <> 'verifying' THEN
    RAISE EXCEPTION 'nothing more is observed: the verification is %', v_state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'observed_while_open';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER while_open BEFORE INSERT ON doe_observation
  FOR EACH ROW EXECUTE FUNCTION doe_observe_while_open();
"""

UNDO = """
DROP TRIGGER while_open ON doe_observation;
DROP FUNCTION doe_observe_while_open();
DROP TRIGGER of_record ON doe_observation;
"""


class Migration(migrations.Migration):
    dependencies = [("doe", "0012_observations"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

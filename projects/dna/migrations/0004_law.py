"""The database knows the ways of a letter too (domain, 3.2), and whether its Party hosts the project.

The pairs are written out by hand; a test compares them with the table.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION dna_guard_letter() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_pairs text[] := '{requested>clarification,clarification>requested,requested>issued,
    requested>refused,issued>withdrawn}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'requested' THEN
      RAISE EXCEPTION 'a letter begins as requested, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'letter_begins';
    END IF;
    IF NEW.host IS DISTINCT FROM (
      SELECT p.party_code = NEW.party_code FROM projects_project p WHERE p.id = NEW.project_id) THEN
      RAISE EXCEPTION 'the letter says wrongly whether its Party hosts the project'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'letter_of_the_host';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.host, NEW.party_code, NEW.project_id)
     IS DISTINCT FROM (OLD.host, OLD.party_code, OLD.project_id) THEN
    RAISE EXCEPTION 'a letter stays with its Party and project'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'letter_stays';
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state
     AND NOT (OLD.state || '>' || NEW.state) = ANY (v_pairs) THEN
    RAISE EXCEPTION 'the law knows no way from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'letter_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE ON dna_letter
  FOR EACH ROW EXECUTE FUNCTION dna_guard_letter();
"""

UNDO = """
DROP TRIGGER guard_state ON dna_letter;
DROP FUNCTION dna_guard_letter();
"""


class Migration(migrations.Migration):
    dependencies = [("dna", "0003_parties_involved"), ("projects", "0002_law")]
    operations = [migrations.RunSQL(SQL, UNDO)]

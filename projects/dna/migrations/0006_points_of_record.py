"""Criteria and points stay as they were written; points keep to the bounds of their criterion."""

from django.db import migrations

SQL = """
CALL cdm_keep('dna_rubric');
CALL cdm_keep('dna_criterion');
CALL cdm_keep('dna_score');

CREATE FUNCTION dna_points_within() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM dna_criterion c WHERE c.id = NEW.criterion_id
      AND NEW.points BETWEEN c.minimum AND c.maximum) THEN
    RAISE EXCEPTION 'points lie within the bounds of their criterion'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'points_within';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER within BEFORE INSERT ON dna_score
  FOR EACH ROW EXECUTE FUNCTION dna_points_within();
"""

UNDO = """
DROP TRIGGER within ON dna_score;
DROP FUNCTION dna_points_within();
DROP TRIGGER of_record ON dna_score;
DROP TRIGGER of_record ON dna_criterion;
DROP TRIGGER of_record ON dna_rubric;
"""


class Migration(migrations.Migration):
    dependencies = [("dna", "0005_criteria"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

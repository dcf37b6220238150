"""What the database itself refuses: an issued letter keeps what it says, and no letter is deleted."""

from django.db import migrations

SQL = """
CREATE FUNCTION dna_keep_letter() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE free text[] := '{state,reason,decided_at}';
BEGIN
  IF TG_OP = 'UPDATE' AND (
       OLD.issued_at IS NULL OR to_jsonb(NEW) - free = to_jsonb(OLD) - free) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a letter of approval is of record: % refused', TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON dna_letter
  FOR EACH ROW EXECUTE FUNCTION dna_keep_letter();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON dna_letter
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
"""

UNDO = """
DROP TRIGGER of_record ON dna_letter;
DROP TRIGGER of_record_truncate ON dna_letter;
DROP FUNCTION dna_keep_letter();
"""


class Migration(migrations.Migration):
    dependencies = [("dna", "0001_initial"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

"""The journal is of record, and nobody but the database dates its entries."""

from django.db import migrations

SQL = """
CALL cdm_keep('journal_entry');

CREATE FUNCTION journal_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.at := cdm_now();
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION journal_stamp();
"""

UNDO = """
DROP TRIGGER stamp ON journal_entry;
DROP FUNCTION journal_stamp();
DROP TRIGGER of_record ON journal_entry;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

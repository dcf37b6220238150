"""What is asked and answered about a focal point's consent to an offer is told too."""

from django.db import migrations

SQL = """
DROP TRIGGER notices_announce ON journal_entry;
CREATE TRIGGER notices_announce AFTER INSERT ON journal_entry FOR EACH ROW
  WHEN (split_part(NEW.verb, '.', 1) IN ('participant', 'dna', 'doe', 'board', 'rulebook')
        OR NEW.verb IN ('offsets.ask_consent', 'offsets.give_consent', 'offsets.refuse_consent'))
  EXECUTE FUNCTION notices_announce();
"""

UNDO = """
DROP TRIGGER notices_announce ON journal_entry;
CREATE TRIGGER notices_announce AFTER INSERT ON journal_entry FOR EACH ROW
  WHEN (split_part(NEW.verb, '.', 1) IN ('participant', 'dna', 'doe', 'board', 'rulebook'))
  EXECUTE FUNCTION notices_announce();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_law")]
    operations = [migrations.RunSQL(SQL, UNDO)]

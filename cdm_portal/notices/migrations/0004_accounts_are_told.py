"""Acts upon holding accounts leave word for the notices; what moves units does not."""

from django.db import migrations

ANNOUNCE = """
DROP TRIGGER notices_announce ON journal_entry;
CREATE TRIGGER notices_announce AFTER INSERT ON journal_entry FOR EACH ROW
  WHEN (split_part(NEW.verb, '.', 1) IN ('participant', 'dna', 'doe', 'board', 'rulebook'){also})
  EXECUTE FUNCTION notices_announce();
"""
TOLD = """
    OR NEW.verb IN ('registry.request_account', 'registry.withdraw_account_request',
      'registry.take_up_account_request', 'registry.add_evidence', 'registry.answer_evidence',
      'registry.mark_evidence', 'registry.conclude_evidence', 'registry.refuse_account_request',
      'registry.open_requested_account', 'registry.restrict_account', 'registry.lift',
      'registry.ask_closure', 'registry.withdraw_closure', 'registry.close_account')"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_topic_of_accounts"), ("journal", "0002_of_record")]
    operations = [migrations.RunSQL(ANNOUNCE.format(also=TOLD), ANNOUNCE.format(also=""))]

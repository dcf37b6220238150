"""Consents to offers and co-benefit reports leave word for the notices too."""

from django.db import migrations

ANNOUNCE = """
DROP TRIGGER notices_announce ON journal_entry;
CREATE TRIGGER notices_announce AFTER INSERT ON journal_entry FOR EACH ROW
  WHEN (split_part(NEW.verb, '.', 1) IN (
      'participant', 'dna', 'doe', 'board', 'rulebook'{apps})
    OR NEW.verb IN ('registry.request_account', 'registry.withdraw_account_request',
      'registry.take_up_account_request', 'registry.add_evidence', 'registry.answer_evidence',
      'registry.mark_evidence', 'registry.conclude_evidence', 'registry.refuse_account_request',
      'registry.open_requested_account', 'registry.restrict_account', 'registry.lift',
      'registry.ask_closure', 'registry.withdraw_closure', 'registry.close_account'{verbs}))
  EXECUTE FUNCTION notices_announce();
"""
CONSENTS = ", 'offsets.ask_consent', 'offsets.give_consent', 'offsets.refuse_consent'"


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_accounts_are_told")]
    operations = [
        migrations.RunSQL(
            ANNOUNCE.format(apps=", 'cobenefits'", verbs=CONSENTS),
            ANNOUNCE.format(apps="", verbs=""),
        )
    ]

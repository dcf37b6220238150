"""Until when a registration fee comes, where the version of the methodology has an end: proof of its
payment, or the money. Without either the request is returned as incomplete, and waits for the fee
again once it is submitted again.

The pairs of states are written out by hand; a test compares them with the domain's tables.
"""

from django.db import migrations, models

WAYS = (
    "submitted>fee_due submitted>completeness_check fee_due>completeness_check "
    "incomplete>completeness_check completeness_check>information_check "
    "completeness_check>incomplete information_check>incomplete "
    "information_check>published published>review_requested published>approved "
    "review_requested>under_review under_review>assessed assessed>proposed "
    "proposed>assessed assessed>approved assessed>corrections assessed>rejected "
    "proposed>approved proposed>corrections proposed>rejected corrections>corrected "
    "corrected>corrections corrected>approved submitted>withdrawn fee_due>withdrawn "
    "completeness_check>withdrawn information_check>withdrawn incomplete>withdrawn "
    "published>withdrawn review_requested>withdrawn under_review>withdrawn "
    "assessed>withdrawn proposed>withdrawn corrections>withdrawn corrected>withdrawn"
)
GUARD = """
DROP TRIGGER guard_state ON board_request;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OF state ON board_request
  FOR EACH ROW EXECUTE FUNCTION board_guard_state('{ways}');
"""


LAW = """
CREATE OR REPLACE FUNCTION board_invoice_law() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_moves CONSTANT text[] := '@MOVES@';
  v_pairs CONSTANT text[] := '{deferred>due,deferred>part_paid,deferred>paid,due>part_paid,due>paid,part_paid>paid}';
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an invoice stays: DELETE refused'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('waived', 'deferred', 'due') THEN
      RAISE EXCEPTION 'an invoice does not begin as %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(NEW) - v_moves) <> (to_jsonb(OLD) - v_moves) THEN
    RAISE EXCEPTION 'an invoice stays as it was made'
      USING ERRCODE = 'restrict_violation';
  END IF;
@PROOF@  IF NEW.state IS DISTINCT FROM OLD.state
     AND NOT (OLD.state || '>' || NEW.state) = ANY (v_pairs) THEN
    RAISE EXCEPTION 'the law knows no way from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_changes';
  END IF;
  IF NEW.received_usd <> OLD.received_usd AND NEW.received_usd <> (
    SELECT coalesce(sum(p.amount_usd), 0) FROM board_payment p
    WHERE p.invoice_id = NEW.id AND p.state = 'confirmed') THEN
    RAISE EXCEPTION 'only payments that a second person confirmed count'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'received_is_confirmed';
  END IF;
  RETURN NEW;
END $$;
"""
MOVES = "{state,received_usd,payment_reference,paid_at}"
LATER_MOVES = (
    "{state,received_usd,payment_reference,paid_at,proof_due_at,money_due_at,proof,proof_at}"
)
PROOF_STAYS = """  IF OLD.proof_at IS NOT NULL
     AND (NEW.proof, NEW.proof_at) IS DISTINCT FROM (OLD.proof, OLD.proof_at) THEN
    RAISE EXCEPTION 'proof of a payment stays as it was given'
      USING ERRCODE = 'restrict_violation';
  END IF;
"""


def law(moves: str, proof: str = "") -> str:
    return LAW.replace("@MOVES@", moves).replace("@PROOF@", proof)


class Migration(migrations.Migration):

    dependencies = [
        ('board', '0019_debts_law'),
    ]

    operations = [
        migrations.AddField(
            model_name='invoice',
            name='money_due_at',
            field=models.DateTimeField(help_text='When the fee itself comes too late, without proof in time', null=True),
        ),
        migrations.AddField(
            model_name='invoice',
            name='proof',
            field=models.CharField(blank=True, max_length=200, verbose_name='proof of payment'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='proof_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='invoice',
            name='proof_due_at',
            field=models.DateTimeField(help_text='When proof that the fee was paid comes too late', null=True),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('money_due_at', None), ('proof_due_at', None)), ('proof_due_at__lt', models.F('money_due_at')), _connector='OR'), name='proof_is_due_before_money'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proof', ''), ('proof_at', None)), models.Q(models.Q(('proof', ''), _negated=True), ('proof_at__isnull', False), ('proof_due_at__isnull', False), ('proof_at__lt', models.F('proof_due_at'))), _connector='OR'), name='proof_comes_in_time'),
        ),
        migrations.RunSQL(
            GUARD.format(ways=f"{WAYS} fee_due>incomplete incomplete>fee_due"),
            GUARD.format(ways=WAYS),
        ),
        migrations.RunSQL(law(LATER_MOVES, PROOF_STAYS), law(MOVES)),
    ]

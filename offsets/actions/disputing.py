"""Money that went back without our asking, or did not though we asked: it is noted, and never
brings a cancelled unit back.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, Refused
from cdm_portal.values import SYSTEM, Actor, Role
from offsets import locks
from offsets.models import Dispute, PaymentAttempt
from offsets.payments.provider import Reversal

LONGEST = 2000


def note_reversals(attempt: PaymentAttempt, reversals: Iterable[Reversal], at: datetime) -> None:
    """Keep each reversal of a payment once, with what the provider last said of its outcome.

    Inside the caller's transaction, under the attempt's lock. A decided outcome does not change.
    """
    for told in reversals:
        dispute, new = Dispute.objects.get_or_create(
            attempt=attempt, reference=told.reference, defaults={
                "kind": told.kind, "amount": told.money.amount,
                "currency": str(told.money.currency), "reason": told.reason[:80],
                "outcome": told.outcome, "noted_at": at,
            },
        )
        facts = {"kind": told.kind, "reference": told.reference, "outcome": told.outcome}
        if new:
            record("offsets.open_dispute", actor=SYSTEM, subject=attempt.order, at=at, facts=facts)
        elif dispute.outcome == Dispute.Outcome.OPEN != told.outcome:
            Dispute.objects.filter(pk=dispute.pk).update(outcome=told.outcome)
            record("offsets.decide_dispute", actor=SYSTEM, subject=attempt.order, at=at,
                   facts=facts)


def close_dispute(*, actor: Actor, at: datetime, dispute_id: int, note: str) -> Dispute:
    """The secretariat writes down how it ended. Raises Forbidden, NotFound, Invalid, Refused."""
    if actor.role != Role.SECRETARIAT or actor.person_id is None:
        raise Forbidden("The secretariat closes disputes about payments.")
    said = note.strip()
    if not said or len(said) > LONGEST:
        raise Invalid.of("note", f"Say how it ended, in at most {LONGEST} characters.")
    with transaction.atomic():
        dispute = locks.dispute(dispute_id)
        if dispute.closed_at is not None:
            raise Refused("This dispute is closed already.")
        dispute.closed_at, dispute.closed_by_id, dispute.note = at, actor.person_id, said
        dispute.save(update_fields=["closed_at", "closed_by", "note"])
        record("offsets.close_dispute", actor=actor, subject=dispute.attempt.order, at=at,
               facts={"reference": dispute.reference, "outcome": dispute.outcome})
    return dispute

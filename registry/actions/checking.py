"""The books are checked, what was found is kept, and what does not agree is frozen."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Refused
from cdm_portal.values import SYSTEM
from registry import invariants, reconciling
from registry.locks import call
from registry.models import Block, Reconciliation

logger = logging.getLogger(__name__)


def reconcile(*, at: datetime) -> Reconciliation:
    """Check everything and keep what was found. Nothing is repaired.

    Blocks that the offending rows name are frozen, the journal says so, and the desks of the
    registry and of the holders show it until another person lifts the freeze.
    """
    problems = reconciling.check(settings.HEADS_FILE).problems
    pk = call(
        "registry_keep_reconciliation", len(reconciling.CHECKS), invariants.to_json(problems)
    )
    kept = Reconciliation.objects.get(pk=pk)
    if problems:
        codes = [problem["code"] for problem in problems]
        with transaction.atomic():
            record("registry.disagree", actor=SYSTEM, subject=kept, at=at, facts={"checks": codes})
        for block_id in reconciling.blocks_concerned(problems):
            _freeze(block_id, ", ".join(codes), at)
    return kept


def _freeze(block_id: int, codes: str, at: datetime) -> None:
    """Freeze one block in a transaction of its own: one that cannot be does not save the others."""
    reason = f"The books do not agree on this block ({codes})."
    try:
        with transaction.atomic():
            call("registry_freeze", None, block_id, 0, reason, at)
            block = Block.objects.select_related("issuance").get(pk=block_id)
            record(
                "registry.freeze", actor=SYSTEM, subject=block, at=at,
                project=block.issuance.project_number, facts={"reason": reason},
            )  # fmt: skip
    except (Refused, DatabaseError) as error:
        logger.error("block %s could not be frozen: %s", block_id, error)

"""The registry's verbs: thin, typed calls of the database's functions (registry/sql), journalled.

Each takes who acts and when (`at`, the portal's time that the edge read), asks whether this role
may, lets the database lock and act, and records. Units, never fractions. Refusals are named in
`errors`.
"""

from registry.actions.accounts import (
    close_account,
    freeze,
    name_representative,
    open_account,
    recall_representative,
)
from registry.actions.authorising import authorise, revoke
from registry.actions.checking import reconcile
from registry.actions.forwarding import (
    approve_proposal,
    execute_due,
    execute_proposal,
    lapse_proposals,
    propose_forwarding,
    reject_proposal,
)
from registry.actions.issuing import instruct, issue, release_instruction
from registry.actions.measures import approve_measure, propose_measure, reject_measure, stop
from registry.actions.selling import (
    cancel,
    close_lots,
    drop_hold,
    earmark,
    expire_holds,
    hold,
    release_lot,
)
from registry.actions.settling import settle

__all__ = [
    "approve_measure", "approve_proposal", "authorise", "cancel", "close_account", "close_lots",
    "drop_hold", "earmark", "execute_due", "execute_proposal", "expire_holds", "freeze", "hold",
    "instruct", "issue", "lapse_proposals", "name_representative", "open_account",
    "propose_forwarding", "propose_measure", "recall_representative", "reconcile",
    "reject_measure", "reject_proposal", "release_instruction", "release_lot", "revoke",
    "settle", "stop",
]  # fmt: skip

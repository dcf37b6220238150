"""The registry's verbs: thin, typed calls of the database's functions (registry/sql), journalled.

Each takes who acts and when (`at`, the portal's time that the edge read), asks whether this role
may, lets the database lock and act, and records. Units, never fractions. Refusals are named in
`errors`.
"""

from registry.actions.accounts import (
    freeze,
    name_representative,
    open_account,
    recall_representative,
)
from registry.actions.asking import Asked
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
from registry.actions.opening import (
    Upload,
    add_evidence,
    answer_evidence,
    conclude_evidence,
    mark_evidence,
    open_requested_account,
    refuse_account_request,
    request_account,
    take_up_account_request,
    withdraw_account_request,
)
from registry.actions.selling import (
    cancel,
    close_lots,
    drop_hold,
    earmark,
    expire_holds,
    hold,
    hold_all,
    release_lot,
)
from registry.actions.settling import settle
from registry.actions.standing import (
    ask_closure,
    close_account,
    restrict_account,
    withdraw_closure,
)

__all__ = [
    "Asked", "Upload", "add_evidence", "answer_evidence", "approve_measure", "approve_proposal",
    "ask_closure", "authorise", "cancel", "close_account", "close_lots", "conclude_evidence",
    "drop_hold", "earmark", "execute_due", "execute_proposal", "expire_holds", "freeze", "hold",
    "hold_all",
    "instruct", "issue", "lapse_proposals", "mark_evidence", "name_representative", "open_account",
    "open_requested_account", "propose_forwarding", "propose_measure", "recall_representative",
    "reconcile", "refuse_account_request", "reject_measure", "reject_proposal",
    "release_instruction", "release_lot", "request_account", "restrict_account", "revoke",
    "settle", "stop", "take_up_account_request", "withdraw_account_request", "withdraw_closure",
]  # fmt: skip

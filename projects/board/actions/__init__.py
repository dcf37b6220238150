"""What Board and secretariat do, one verb each; and what a DOE or a Party asks of them."""

from projects.board.actions.assessments import assess, object_to
from projects.board.actions.checks import (
    check_item,
    conclude_completeness,
    conclude_information,
    return_incomplete,
)
from projects.board.actions.communication import process_change, return_change
from projects.board.actions.ends import (
    ask_deregistration,
    ask_withdrawal,
    decide_deregistration,
    file_withdrawal,
    take_back_withdrawal,
    take_up_again,
)
from projects.board.actions.exclusions import decide_exclusion, move_exclusion, propose_exclusion
from projects.board.actions.inquiries import answer_inquiry, decide_inquiry, open_inquiry
from projects.board.actions.issuance import instruct_issuance, issue_instructed
from projects.board.actions.meetings import cancel_meeting, move_meeting, plan_meeting
from projects.board.actions.payments import (
    confirm_payment,
    prove_payment,
    record_payment,
    return_unpaid,
    set_payment_aside,
)
from projects.board.actions.replies import reply
from projects.board.actions.requests import (
    request_issuance,
    request_registration,
    resubmit,
    withdraw_request,
)
from projects.board.actions.reviews import open_review, record_absence, recuse, request_review
from projects.board.actions.revisions import request_revision
from projects.board.actions.rulings import (
    accept_corrections,
    adopt_unopposed,
    return_corrections,
    rule,
    vote,
)
from projects.board.actions.windows import close_windows

__all__ = [
    "accept_corrections",
    "adopt_unopposed",
    "answer_inquiry",
    "ask_deregistration",
    "ask_withdrawal",
    "assess",
    "cancel_meeting",
    "check_item",
    "close_windows",
    "conclude_completeness",
    "conclude_information",
    "confirm_payment",
    "decide_deregistration",
    "decide_exclusion",
    "decide_inquiry",
    "file_withdrawal",
    "instruct_issuance",
    "issue_instructed",
    "move_exclusion",
    "move_meeting",
    "object_to",
    "open_inquiry",
    "open_review",
    "plan_meeting",
    "process_change",
    "propose_exclusion",
    "prove_payment",
    "record_absence",
    "record_payment",
    "recuse",
    "reply",
    "request_issuance",
    "request_registration",
    "request_review",
    "request_revision",
    "resubmit",
    "return_change",
    "return_corrections",
    "return_incomplete",
    "return_unpaid",
    "rule",
    "set_payment_aside",
    "take_back_withdrawal",
    "take_up_again",
    "vote",
    "withdraw_request",
]

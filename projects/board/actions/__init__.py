"""What Board and secretariat do, one verb each; and what a DOE or a Party asks of them."""

from projects.board.actions.assessments import assess, object_to
from projects.board.actions.checks import (
    check_item,
    conclude_completeness,
    conclude_information,
    return_incomplete,
)
from projects.board.actions.issuance import instruct_issuance, issue_instructed
from projects.board.actions.meetings import cancel_meeting, move_meeting, plan_meeting
from projects.board.actions.payments import confirm_payment, record_payment, set_payment_aside
from projects.board.actions.replies import reply
from projects.board.actions.requests import (
    request_issuance,
    request_registration,
    resubmit,
    withdraw_request,
)
from projects.board.actions.reviews import (
    open_review,
    record_absence,
    recuse,
    request_review,
)
from projects.board.actions.rulings import (
    accept_corrections,
    adopt_unopposed,
    return_corrections,
    rule,
    vote,
)
from projects.board.actions.windows import close_windows

__all__ = [
    "accept_corrections", "adopt_unopposed", "assess", "cancel_meeting", "check_item",
    "close_windows", "conclude_completeness", "conclude_information", "confirm_payment",
    "instruct_issuance", "issue_instructed", "move_meeting", "object_to", "open_review",
    "plan_meeting", "record_absence", "record_payment", "recuse", "reply", "request_issuance",
    "request_registration", "request_review", "resubmit", "return_corrections", "return_incomplete",
    "rule", "set_payment_aside", "vote", "withdraw_request",
]

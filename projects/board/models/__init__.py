"""What Board and secretariat keep: requests, checks, reviews, votes, rulings, instructions."""

from projects.board.invoices import Invoice, Payment
from projects.board.models.due import Due
from projects.board.models.ends import Deregistration, Withdrawal
from projects.board.models.exclusions import Exclusion
from projects.board.models.inquiries import Inquiry
from projects.board.models.meetings import Meeting
from projects.board.models.replies import Reply
from projects.board.models.requests import Check, Instruction, Request, Series
from projects.board.models.reviews import (
    Absence,
    Assessment,
    Objection,
    Outcome,
    Recusal,
    ReviewRequest,
    Ruling,
    Vote,
)

__all__ = [
    "Absence",
    "Assessment",
    "Check",
    "Deregistration",
    "Due",
    "Exclusion",
    "Inquiry",
    "Instruction",
    "Invoice",
    "Meeting",
    "Objection",
    "Outcome",
    "Payment",
    "Recusal",
    "Reply",
    "Request",
    "ReviewRequest",
    "Ruling",
    "Series",
    "Vote",
    "Withdrawal",
]

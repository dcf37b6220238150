"""What Board and secretariat keep: requests, checks, reviews, votes, rulings, instructions."""

from projects.board.invoices import Invoice, Payment
from projects.board.models.exclusions import Exclusion
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
    "Absence", "Assessment", "Check", "Exclusion", "Instruction", "Invoice", "Objection", "Outcome",
    "Payment", "Recusal", "Request", "ReviewRequest", "Ruling", "Series", "Vote",
]

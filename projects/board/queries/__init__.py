"""Questions about requests: who may know of them, how they stand, what waits, what is public."""

from projects.board.queries.bench import Bench, Seat, bench
from projects.board.queries.cases import (
    RULING_WORDS,
    CheckLine,
    OwnPart,
    by_reference,
    certified_by_period,
    checked,
    eligible,
    is_deferred,
    is_ldc,
    last_run,
    majority,
    members_asking,
    members_needed,
    members_there,
    needed_if_all_vote,
    objections_due,
    open_request,
    own_part,
    paper_rows,
    registered_in,
    rulings_for,
    running_part,
    side_of,
    takes_sides,
    tally,
    visible,
    visible_request,
    voted_seats,
    votes_by_ruling,
    windows_due,
)
from projects.board.queries.exclusions import exclusion, public_component, why_no_exclusion
from projects.board.queries.history import public_history
from projects.board.queries.money import (
    fee_deducted,
    fee_owed,
    fee_received,
    instructions_released,
    invoice_of,
    invoices,
    is_awaited,
    is_first_year_of_issuance,
    is_paid_for,
    payment_waiting,
    reference_used,
    requested_in_year,
)
from projects.board.queries.owing import purpose
from projects.board.queries.reviews import public_reviews
from projects.board.queries.waiting import waiting, why_no_registration

__all__ = [
    "RULING_WORDS", "Bench", "CheckLine", "OwnPart", "Seat", "bench", "by_reference",
    "certified_by_period", "checked", "eligible", "exclusion", "fee_deducted", "fee_owed",
    "fee_received", "instructions_released", "invoice_of", "invoices", "is_awaited", "is_deferred",
    "is_first_year_of_issuance", "is_ldc", "is_paid_for", "last_run", "majority", "members_asking",
    "members_needed", "members_there", "needed_if_all_vote", "objections_due", "open_request",
    "own_part", "paper_rows", "payment_waiting", "public_component", "public_history",
    "public_reviews", "purpose", "reference_used", "registered_in", "requested_in_year",
    "rulings_for", "running_part", "side_of", "takes_sides", "tally", "visible", "visible_request",
    "voted_seats", "votes_by_ruling", "waiting", "why_no_exclusion", "why_no_registration",
    "windows_due",
]

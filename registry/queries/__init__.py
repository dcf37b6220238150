"""Questions to the registry. They read, they never write, and they know no names of people."""

from registry import lives, parts
from registry.queries.accounts import (
    ADAPTATION,
    PENDING,
    SOURCE,
    VOLUNTARY,
    Holding,
    account_for,
    accounts_of,
    adaptation_account,
    available,
    available_of,
    balance,
    free,
    holdings,
    host_parties,
    party,
    pending_account,
    voluntary_account,
)
from registry.queries.finding import (
    Whereabouts,
    block_at,
    blocks_of_project,
    cancellation_quoted,
    issuance_at,
    issuances_between,
    issuances_of_project,
    posted_by,
    unit_or_project,
    with_serials,
)
from registry.queries.lists import (
    Place,
    Wanted,
    after,
    bookings,
    cancellations,
    issuance_of,
    issuances,
    issuing_parties,
    years,
)
from registry.queries.projects import Share, standing_of_project
from registry.queries.statements import STATEMENT_PAGE, statement, whole_statement
from registry.queries.totals import (
    GROUPINGS,
    Total,
    cancelled_of_project,
    cancelled_total,
    issued_of_project,
    issued_total,
    last_reconciliation,
    totals,
    totals_by,
)
from registry.queries.waiting import (
    VERBS,
    lines_to_issue,
    lines_to_release,
    proposals_waiting,
    waiting,
)

life_of = lives.life_of
parts_of = parts.of_issuance

__all__ = [
    "ADAPTATION", "GROUPINGS", "PENDING", "SOURCE", "STATEMENT_PAGE", "VERBS", "VOLUNTARY",
    "Holding", "Place", "Share", "Total", "Wanted", "Whereabouts", "account_for", "accounts_of",
    "adaptation_account", "after", "available", "available_of", "balance", "block_at",
    "blocks_of_project", "bookings", "cancellation_quoted", "cancellations",
    "cancelled_of_project", "cancelled_total", "free", "holdings", "host_parties",
    "issuance_at", "issuance_of", "issuances", "issuances_between", "issuances_of_project",
    "issued_of_project", "issued_total", "issuing_parties", "last_reconciliation", "life_of",
    "lines_to_issue", "lines_to_release", "parts_of", "party", "pending_account", "posted_by",
    "proposals_waiting", "standing_of_project", "statement", "totals", "totals_by",
    "unit_or_project", "voluntary_account", "waiting", "whole_statement", "with_serials",
    "years",
]  # fmt: skip

"""Addresses that exercise no cell of the permission matrix, each with the reason.

Everything else names its cells in its guard; an address that does neither fails the build.
"""

_SIGN_IN = "Signing in and one's own factors: everybody's own affair."
_STATIC = "A page about the portal, with nothing of anybody's in it."
_FOUND = "Addresses of public pages, for search engines."
_PROOF = "The sealed log: public, so that nobody need believe the registry."
_BY_CODE = "A certificate is shown to whoever holds its code; it says only what its owner chose."
_DESK = "Everybody's own desk: each source on it shows only what the role may know of."

PREFIXES = {
    "account_": _SIGN_IN, "mfa_": _SIGN_IN, "transparency:": _PROOF,
    "admin:": "A window that changes nothing, for auditors and other staff. No role opens it.",
}

_BY_TABLE = "The matrix has no row for it: tables 3.1 and 3.9 of the domain name who acts."
_ASKING = (
    "Asking for a holding account, and what follows: the matrix has no row, the catalogue of forms "
    "(domain, 2.9) and table 3.9 name who acts."
)
_BANK = (
    "The account into which invoices of the shop are paid: the secretariat keeps it, as all money "
    "(decisions, 20); the matrix has no row."
)
_INVOICE = "An invoice is shown to whoever holds its secret address, and to whom they hand it."
_BY_KEY = (
    "Asked by a program's key; whoever it acts for must be one who may buy, whenever it is shown."
)
_RECKONED = "The footprint calculator: anybody's own arithmetic, of which nothing is stored."
_OWN_DATA = "One's own orders and data: for whoever holds the mailed link, or is signed in."
_NO_ROW = "Public; the matrix has no row for reading it."

ROUTES = {
    "notices": _DESK, "notice": _DESK, "notice_choices": _DESK, "agenda": _DESK,
    "calendar": "A person's deadlines, for whoever holds the secret address that they made.",
    "participant:components": _BY_TABLE, "participant:component": _BY_TABLE,
    "doe:component": _BY_TABLE, "doe:submit_component": _BY_TABLE,
    "doe:renew_component": _BY_TABLE, "board:exclude": _BY_TABLE, "board:exclusion": _BY_TABLE,
    "board:deregistration": _BY_TABLE,
    "registry:account_request_new": _ASKING, "registry:account_request_act": _ASKING,
    "board:meetings": "The secretariat keeps the calendar of the Board; the matrix has no row.",
    "board:change_meeting": "The secretariat keeps the calendar of the Board; no row either.",
    "board-public:calendar": _NO_ROW, "board-public:meeting": _NO_ROW, "api:meetings": _NO_ROW,
    "participant-public:communication": _NO_ROW,
    "stage_times": _NO_ROW, "stage_times_export": _NO_ROW, "api:stage_times": _NO_ROW,
    "desk": _DESK, "identity:act_as": _DESK,
    "clock-advance": "The clock of a demonstration; production has none.",
    "how-it-works": _STATIC, "accessibility": _STATIC, "data": _STATIC, "privacy": _STATIC,
    "terms": _STATIC, "styleguide": _STATIC, "registry:checks": _STATIC, "healthz": _STATIC,
    "robots": _STATIC, "sitemap_index": _FOUND, "sitemap": _FOUND,
    "schema": _STATIC, "api_docs": _STATIC, "api_start": _STATIC,
    "offsets:keys": "Keys of one's own organisation; who may have them is who may buy.",
    "api:quotes": _BY_KEY, "api:orders": _BY_KEY, "api:order": _BY_KEY,
    "api:order_cancel": _BY_KEY,
    "api:deadlines": _DESK,
    "api:permissions": "The matrix itself: rules are public.",
    "permissions": "The matrix itself: rules are public.",
    "offsets:footprint": _RECKONED, "offsets:footprint_questions": _RECKONED,
    "offsets:footprint_result": _RECKONED, "api:footprints": _RECKONED,
    "offsets:certificate": _BY_CODE, "offsets:certificate_pdf": _BY_CODE,
    "offsets:verify": _BY_CODE, "offsets:verify_form": _BY_CODE, "api:certificate": _BY_CODE,
    "offsets:verify_file": _BY_CODE, "offsets:badge": _BY_CODE, "offsets:badge_page": _BY_CODE,
    "offsets:statements": _DESK, "offsets:statement": _DESK,
    "offsets:cancellations": "The public register of cancellations.",
    "offsets:bank": _BANK, "offsets:credit": _BANK, "offsets:match_confirm": _BANK,
    "offsets:match_aside": _BANK, "offsets:refund": _BANK, "offsets:refund_confirm": _BANK,
    "offsets:refund_back": _BANK, "offsets:payouts": _BANK, "offsets:payout": _BANK,
    "offsets:payout_new": _BANK, "offsets:payout_confirm": _BANK, "offsets:payout_aside": _BANK,
    "offsets:invoice": _INVOICE, "offsets:invoice_state": _INVOICE,
    "offsets:invoice_pdf": _INVOICE,
    "offsets:cancellations_export": "The public register of cancellations.",
    "offsets:organisation": "The public register of cancellations.",
    "offsets:organisations": "The public register of cancellations.",
    "offsets:my_data": _OWN_DATA, "offsets:my_orders": _OWN_DATA, "offsets:claim": _OWN_DATA,
    "offsets:my_orders_export": _OWN_DATA, "offsets:desk_orders": _OWN_DATA,
    "offsets:reissue_by_link": _OWN_DATA,
    "my_data": _OWN_DATA, "my_data_export": _OWN_DATA,
    "api:record": "The public register of cancellations.",
    "api:organisation": "The public register of cancellations.",
    "offsets:sandbox": "The page of a payment provider, which asks for no role.",
    "offsets:dispute": "The secretariat sees to the portal's money; the matrix has no row.",
    "offsets:webhook": "Called by a payment provider, which signs its message.",
    "api:tree_heads": _PROOF, "api:tree_head": _PROOF, "api:latest_tree_head": _PROOF,
    "api:continuation": _PROOF, "api:proof": _PROOF,
}


def reason(route: str) -> str:
    """Why an address stands outside the matrix; empty for one that must name a cell."""
    if route in ROUTES:
        return ROUTES[route]
    found = (why for prefix, why in PREFIXES.items() if route.startswith(prefix))
    return next(found, "")

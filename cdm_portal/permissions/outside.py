"""Addresses that exercise no cell of the permission matrix, each with the reason.

Everything else names its cells in its guard; an address that does neither fails the build.
"""

_SIGN_IN = "Signing in and one's own factors: everybody's own affair."
_STATIC = "A page about the portal, with nothing of anybody's in it."
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
    "schema": _STATIC, "api_docs": _STATIC,
    "api:deadlines": _DESK,
    "api:permissions": "The matrix itself: rules are public.",
    "permissions": "The matrix itself: rules are public.",
    "offsets:certificate": _BY_CODE, "offsets:certificate_pdf": _BY_CODE,
    "offsets:verify": _BY_CODE, "offsets:verify_form": _BY_CODE, "api:certificate": _BY_CODE,
    "offsets:cancellations": "The public register of cancellations.",
    "offsets:cancellations_csv": "The public register of cancellations.",
    "offsets:sandbox": "The page of a payment provider, which asks for no role.",
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

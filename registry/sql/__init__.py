"""The ledger's SQL: keys, guards and one file per verb. Loaded by the migrations."""

from pathlib import Path

FOLDER = Path(__file__).parent

ORDER = (
    "keys", "guards", "leaves", "books",
    "account", "instruct", "issue", "forward", "earmark", "hold", "cancel", "release", "close",
    "freeze", "reconcile", "rights",
)  # fmt: skip
"""Which file is loaded when: what is used stands before its user."""

GOVERNANCE = (
    "governance", "reserve",
    "books", "account", "represent", "instruct", "issue", "forward", "earmark", "hold", "cancel",
    "release", "close", "freeze", "measures", "backfill", "governance_rights",
)  # fmt: skip
"""Loaded by the migration of governance: what it adds, then every verb again as it is now."""

SEALS = ("seal",)
"""Loaded by the migration of the sealed log."""

READING = ("reading",)
"""Loaded by the migration of what makes reading quick."""

IMPORT = ("import",)
"""Loaded by the migration of the import."""

SETTLE = ("settle",)
"""Loaded by the migration of settlement."""

LOCKED = ("reserve", "books", "earmark", "forward", "locked")
"""Loaded by the migration that takes units of locked issuances alone."""

NATIONAL = ("forward",)
"""Loaded by the migration that asks for a Party's letter before units go to its registry."""


STANDING = ("account", "standing", "measures", "forward", "earmark", "hold")
"""Loaded by the migration of the standing of accounts; the verbs that ask it are loaded again."""


def read(name: str) -> str:
    """The text of `name`.sql."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")

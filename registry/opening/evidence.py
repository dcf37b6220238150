"""The evidence that is looked at before a holding account is opened (domain, 5.3). Pure.

Unverified: the list is the domain reference's, and nobody here has read the text that it cites.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the list; `files` says whether it is proven by documents."""

    key: str
    label: str
    hint: str
    files: bool = True


ITEMS = (
    Item("form", "The form", "What the request says about the holder and its signatory.", False),
    Item(
        "status", "Current status of the entity", "Incorporation and good standing, as of now.",
    ),
    Item(
        "authority", "Authority of the signatory",
        "A power of attorney, or the resolution of the board.",
    ),
    Item(
        "identity", "Identity of the representatives",
        "An identity document of each representative.",
    ),
)  # fmt: skip
BY_KEY = {item.key: item for item in ITEMS}
WITH_FILES = tuple(item for item in ITEMS if item.files)
MOST_REPRESENTATIVES = 3
"""Seats of an account (domain, 4, rule 6; sql/represent.sql numbers them)."""

MOST_FILES = 12
"""Files of one request: four of each kind of document."""

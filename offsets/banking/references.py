"""The structured creditor reference of an order (ISO 11649): RF, two check digits, up to 21 more.

The check digits are those of ISO 7064, MOD 97-10: the reference with its first four characters put
behind, letters read as 10 to 35, leaves 1 when divided by 97. Unverified, from general knowledge of
the standard. Pure.
"""

import re

PREFIX = "CDM"
OURS = re.compile(r"RF\d{2}CDM\d{8,18}")
SHAPE = re.compile(r"RF\d{2}[A-Z0-9]{1,21}")
BETWEEN = re.compile(r"[\s./-]+")


def of_order(pk: int) -> str:
    """The reference of an order, without spaces."""
    body = f"{PREFIX}{pk:08d}"
    return f"RF{98 - _remainder(f'{body}RF00'):02d}{body}"


def is_valid(reference: str) -> bool:
    """Whether a reference without spaces has the shape and the right check digits."""
    return SHAPE.fullmatch(reference) is not None and _remainder(
        reference[4:] + reference[:4]
    ) == 1


def order_of(text: str) -> int | None:
    """The order that a text names by one valid reference of ours; None for none or for several.

    Spaces, points, slashes and hyphens are left out first, as banks break long words.
    """
    plain = BETWEEN.sub("", text.upper())
    named = {
        int(found[4 + len(PREFIX):]) for found in _all(plain) if is_valid(found)
    }
    return named.pop() if len(named) == 1 else None


def told(text: str) -> str:
    """A text that is a creditor reference, whoever's; empty for anything else, which may be a name.
    """
    return text if is_valid(BETWEEN.sub("", text.upper())) else ""


def shown(reference: str) -> str:
    """In groups of four, as it is printed."""
    return " ".join(reference[i : i + 4] for i in range(0, len(reference), 4))


def is_iban(text: str) -> bool:
    """Whether a text without spaces is an IBAN with the right check digits."""
    return re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", text) is not None and _remainder(
        text[4:] + text[:4]
    ) == 1


def plain(text: str) -> str:
    """An account number or reference without spaces, in capitals."""
    return re.sub(r"\s+", "", text).upper()


def _all(plain_text: str) -> list[str]:
    """Every stretch that may be a reference. Digits of a word behind it are not part of it."""
    found = []
    for match in OURS.finditer(plain_text):
        whole = match.group()
        shorter = (whole[:end] for end in range(15, len(whole) + 1))
        found.append(next((each for each in shorter if is_valid(each)), whole))
    return found


def _remainder(text: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in text)) % 97

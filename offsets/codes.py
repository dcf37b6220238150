"""The code on a certificate: ten characters of Crockford's base32 and a check character.

It is typed from paper, so letters that look like digits are read as the digits, and one wrong
character or two swapped ones are always found. Pure: no Django, no database.

The check is a Horner sum in the field of 32 elements (x^5 + x^2 + 1): each place weighs a different
power of x, so no single change and no swap of two places can keep the sum.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FREE = 10
LENGTH = FREE + 1
LOOKALIKES = str.maketrans("OIL", "011", "- ")
FIELD = 0b100101


class Mistyped(ValueError):
    """The text cannot be a code; the message tells the reader what to look at."""


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ FIELD if doubled > 31 else doubled


def check_character(free: str) -> str:
    """The character that completes ten free ones."""
    total = 0
    for character in free:
        total = _times_x(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def new() -> str:
    """A code that nobody can guess: 50 random bits and their check character."""
    free = "".join(secrets.choice(ALPHABET) for _ in range(FREE))
    return free + check_character(free)


def parse(text: str) -> str:
    """The eleven characters meant by what somebody typed, in any case, hyphens or not.

    Raises Mistyped with what is wrong.
    """
    code = text.strip().upper().translate(LOOKALIKES)
    strange = sorted(set(code) - set(ALPHABET))
    if strange:
        raise Mistyped(f"“{strange[0]}” is never part of a code.")
    if len(code) != LENGTH:
        raise Mistyped(f"A code has {LENGTH} characters; this one has {len(code)}.")
    if check_character(code[:FREE]) != code[FREE]:
        raise Mistyped("At least one character is wrong: the last one does not fit the others.")
    return code


def show(code: str) -> str:
    """The code in groups, as it is printed: 7QK2-M9XD-4RX."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"

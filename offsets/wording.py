"""What may be printed on a certificate: text that shows as it was typed. Pure: no Django."""

import re
import unicodedata

INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
JOINERS = "\u200c\u200d"
"""Invisible, but spelling in Persian and several Indian languages, and in emoji."""


def fault(text: str, longest: int) -> str:
    """What keeps a text from being printed, for who typed it; empty if nothing does.

    Line breaks and characters that turn the direction of reading are refused, not cleaned away.
    """
    if len(text) > longest:
        return f"Use at most {longest} characters; this has {len(text)}."
    if any(unicodedata.category(each) in INVISIBLE for each in text if each not in JOINERS):
        return "Line breaks and invisible characters cannot be printed."
    return ""


def name_fault(name: str, longest: int) -> str:
    """The same for a name, which says something."""
    if not name:
        return "Enter the name to print on the certificate."
    found = fault(name, longest)
    if found or re.search(r"\w", name):
        return found
    return "A name has at least one letter or digit."

"""What a request for an account says, checked box by box before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cdm_portal.refusals import Invalid
from registry import queries
from registry.opening import evidence
from registry.opening.queries import candidates


@dataclass(frozen=True, slots=True)
class Asked:
    """The form: with which Party, under which name, and who signs for the holder."""

    party_code: str
    account_name: str
    registration_number: str
    address: str
    signatory: str
    position: str


LONGEST = {
    "account_name": 200, "registration_number": 100, "address": 400, "signatory": 200,
    "position": 200,
}  # fmt: skip


def asked_for(asked: Asked) -> dict[str, str]:
    """The columns of the request. Raises Invalid by box."""
    faults: dict[str, list[str]] = {}
    said = {"party_id": asked.party_code}
    for name, longest in LONGEST.items():
        try:
            said[name] = words(name, getattr(asked, name), longest=longest)
        except Invalid as refusal:
            faults |= refusal.errors
    if queries.party(asked.party_code) is None:
        faults["party"] = ["The registry does not know this Party."]
    if faults:
        raise Invalid(faults)
    return said


def representatives(organisation_id: int, people: Sequence[int], at: datetime) -> list[int]:
    """The persons in the order of their seats. Raises Invalid beside `representatives`."""
    chosen = list(dict.fromkeys(people))
    if not 0 < len(chosen) <= evidence.MOST_REPRESENTATIVES:
        raise Invalid.of("representatives", "Choose one to three persons of your organisation.")
    known = {member.person_id for member in candidates(organisation_id, at)}
    if not known.issuperset(chosen):
        raise Invalid.of(
            "representatives",
            "A representative acts for the holder and administers no registry.",
        )
    return chosen


def words(field: str, text: str, *, longest: int, needed: bool = True) -> str:
    """What was written in a box, without spaces around it. Raises Invalid beside it."""
    said = text.replace("\r\n", "\n").strip()
    if not said and needed:
        raise Invalid.of(field, "This field is required.")
    if len(said) > longest:
        raise Invalid.of(field, f"At most {longest} characters are kept; these are {len(said)}.")
    if "\0" in said:
        raise Invalid.of(field, "There is a character in it that no text has.")
    return said

"""Named refusals of the registry, each with a stable code, and how the database's word becomes one.

A verb of the database says no with an SQLSTATE of class LG and the code of a check (or of a
refusal) in the place of a constraint's name; a constraint says no with its own name. `named` looks
either up in registry/checks.py, and what is shown ends with the code of the check.
"""

from http import HTTPStatus
from typing import Any

from django.db import DatabaseError

from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from registry import checks

__all__ = [
    "AccountClosed",
    "AccountExists",
    "AlreadyDecided",
    "AlreadyWaiting",
    "Expired",
    "Frozen",
    "HashMismatch",
    "HeldForBuyers",
    "KeyMissing",
    "KeyReused",
    "NotAMember",
    "NotAuthorised",
    "NotDue",
    "NotEmpty",
    "NotEnoughUnits",
    "NotPermitted",
    "NotReleased",
    "OnOffer",
    "OutOfTurn",
    "Refused",
    "Reserved",
    "SamePerson",
    "SerialsOutOfOrder",
    "SerialsTaken",
    "StillRunning",
    "Stopped",
    "Suspended",
    "TerminalAccount",
    "TooManyBlocks",
    "TooManyRepresentatives",
    "Unissued",
    "UnknownAccount",
    "UnknownAuthorisation",
    "UnknownInstruction",
    "UnknownLot",
    "UnknownParty",
    "UnknownProposal",
    "UnknownRepresentative",
    "UnknownRequest",
    "Unusable",
    "WrongAccount",
    "WrongStanding",
    "named",
    "refusal",
    "sqlstate",
]  # fmt: skip


class NotEnoughUnits(Refused):
    """Fewer units are free than were asked for."""

    code = "not_enough_units"


class KeyReused(Refused):
    """The key, or the reference, was used before for another request."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "key_reused"


class Frozen(Refused):
    """The account or the block is frozen; nothing leaves it."""

    code = "frozen"


class Suspended(Frozen):
    """What restricts the account, or its closure that is asked for, forbids this movement."""

    code = "suspended"


class WrongStanding(Refused):
    """The account does not go from where it stands to there."""

    code = "wrong_standing"


class OnOffer(Refused):
    """The units are on offer and move only by sale or after the offer is closed."""

    code = "on_offer"


class HeldForBuyers(Refused):
    """Units of the lot are held for buyers at this moment."""

    code = "held_for_buyers"


class TerminalAccount(Refused):
    """Nothing ever leaves a cancellation account."""

    code = "terminal_account"


class SamePerson(Forbidden):
    """Two persons are needed, and this is the first one again."""

    code = "same_person"


class NotPermitted(Forbidden):
    """This role does not do this in the registry."""

    code = "not_permitted"


class NotReleased(Refused):
    """The instruction has not been released by a second person."""

    code = "not_released"


class AlreadyDecided(Refused):
    """The proposal was executed or rejected before."""

    code = "already_decided"


class HashMismatch(Refused):
    """What is to be approved is not what was proposed."""

    code = "hash_mismatch"


class WrongAccount(Refused):
    """Units do not move between these two accounts."""

    code = "wrong_account"


class AccountExists(Refused):
    """The holder has such an account with this Party already."""

    code = "account_exists"


class TooManyBlocks(Refused):
    """A transaction holds at most 3,000 blocks."""

    code = "too_many_blocks"


class NotAuthorised(Refused):
    """No letter on file authorises the holder for the project."""

    code = "not_authorised"


class NotAMember(Refused):
    """The person does not belong to the organisation."""

    code = "not_a_member"


class TooManyRepresentatives(Refused):
    """An account has at most three representatives."""

    code = "too_many_representatives"


class NotEmpty(Refused):
    """The account still holds units, or a proposal waits for it."""

    code = "not_empty"


class AccountClosed(Refused):
    """The account is closed."""

    code = "account_closed"


class Reserved(Refused):
    """The units are reserved for a proposal."""

    code = "reserved"


class Unissued(Refused):
    """These serials were never issued, or not as the number says."""

    code = "unissued"


class Expired(Refused):
    """The units have expired."""

    code = "expired"


class NotDue(Refused):
    """The delay is not over."""

    code = "not_due"


class AlreadyWaiting(Refused):
    """The same waits for a second person, or was done, already."""

    code = "already_waiting"


class Stopped(Refused):
    """The whole registry is stopped."""

    code = "stopped"


class StillRunning(Refused):
    """A request with the same key is running at this moment."""

    code = "still_running"


class KeyMissing(Refused):
    """A request of the API came without its key."""

    status = HTTPStatus.BAD_REQUEST
    code = "key_missing"


class UnknownRepresentative(NotFound):
    """There is no such representative."""

    code = "unknown_representative"


class UnknownAuthorisation(NotFound):
    """There is no such authorisation."""

    code = "unknown_authorisation"


class SerialsTaken(Refused):
    """The Party's serials belong to the imported registry, or to this one; never to both."""

    code = "serials_taken"


class SerialsOutOfOrder(Refused):
    """An imported issuance does not begin at the next serial of its Party."""

    code = "serials_out_of_order"


class UnknownLot(NotFound):
    """There is no such lot."""

    code = "unknown_lot"


class UnknownAccount(NotFound):
    """There is no such account."""

    code = "unknown_account"


class UnknownInstruction(NotFound):
    """There is no such instruction line."""

    code = "unknown_instruction"


class UnknownProposal(NotFound):
    """There is no such proposal."""

    code = "unknown_proposal"


class UnknownRequest(NotFound):
    """There is no such request for an account, or no such item of its evidence."""

    code = "unknown_request"


class OutOfTurn(Refused):
    """The request for an account does not stand where this is done."""

    code = "out_of_turn"


class UnknownParty(NotFound):
    """There is no such Party."""

    code = "unknown_party"


class Unusable(Invalid):
    """What was asked for cannot be booked by anybody, such as no units at all."""

    code = "unusable"


_BY_CODE: dict[str, type[Refused]] = {
    kind.code: kind
    for kind in (
        NotEnoughUnits, KeyReused, Frozen, OnOffer, HeldForBuyers, TerminalAccount, SamePerson,
        NotPermitted, NotReleased, AlreadyDecided, HashMismatch, WrongAccount, AccountExists,
        TooManyBlocks, UnknownLot, UnknownAccount, UnknownInstruction, UnknownProposal,
        UnknownParty, NotAuthorised, NotAMember, TooManyRepresentatives, NotEmpty, AccountClosed,
        Reserved, Unissued, Expired, NotDue, AlreadyWaiting, Stopped, StillRunning, KeyMissing,
        UnknownRepresentative, UnknownAuthorisation,
        SerialsTaken, SerialsOutOfOrder, Suspended, WrongStanding,
    )
}  # fmt: skip

_FIELDS = {
    "registry_instructionline_period": "commitment_period",
    "registry_instructionline_type": "unit_type",
    "registry_instructionline_expiry": "expires_on",
}
"""Beside which field of a form a constraint's refusal belongs."""


def refusal(code: str, message: str = "", *, field: str = "") -> Refused:
    """The refusal of a check, to be raised: its own sentence unless another is given."""
    check = checks.BY_CODE[code]
    said = f"{message or check.text} ({code})"
    kind = _BY_CODE.get(check.kind)
    made = Unusable.of(field, said) if kind is None else kind(said, field=field or None)
    made.check = code
    return made


def sqlstate(error: DatabaseError) -> str:
    """The five characters by which PostgreSQL names what went wrong; empty if it did not say."""
    return getattr(error.__cause__, "pgcode", None) or ""


def named(error: DatabaseError) -> Refused | None:
    """The refusal that a database error stands for, or None if it is none of ours."""
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if sqlstate(error).startswith("LG"):
        message = diagnosis.message_primary or "The registry refused this."
        field = diagnosis.column_name or ""
        if name in checks.BY_CODE:
            return refusal(name, message, field=field)
        if name in _BY_CODE:
            return _BY_CODE[name](message, field=field or None)
        return Unusable.of(field, message)
    if name in checks.BY_KEY:
        return refusal(checks.BY_KEY[name].code, field=_FIELDS.get(name, ""))
    return None

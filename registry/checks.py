"""Every rule of the registry as one numbered check: a code that stays, and a sentence for a person.

The codes are this portal's own: those of the field's data exchange standards are not known to us. A
refusal carries its code wherever it is shown; `/registry/checks/` lists them all. `kind` is the
named refusal that says no (registry/errors.py), `keys` are the constraints that say it when a row
is written past the verbs. Pure.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: what must hold for a request to pass."""

    code: str
    kind: str
    text: str
    keys: tuple[str, ...] = ()


GROUPS: dict[str, str] = {
    "1": "Numbers",
    "2": "Accounts and their representatives",
    "3": "Movements of units",
    "4": "Four eyes",
    "5": "Freezes and the stop",
    "6": "Issuance",
    "7": "Repeated requests",
    "8": "Authorisations",
}
"""The first digit of a code, and what it is about."""

NUMBERS = (
    Check("R101", "unusable", "Serials are written in digits."),
    Check("R102", "unusable", "A serial number has no spaces inside."),
    Check("R103", "unusable", "A block does not end before it begins."),
    Check("R104", "unusable", "Serials begin at 1."),
    Check("R105", "unusable", "A serial has at most 15 digits."),
    Check("R106", "unusable",
          "A serial number has all its parts: Party, unit type, serials, two commitment periods, "
          "LULUCF code, project."),
    Check("R107", "unusable", "The unit type is one of 1 to 7; the CDM issues 5, 6 and 7."),
    Check("R108", "unusable", "A commitment period is written in one digit, 0 to 3."),
    Check("R109", "unusable", "A project number is up to seven digits, or a Party and digits."),
    Check("R110", "unusable", "Both ends of a block are of the same Party."),
    Check("R111", "unusable", "Both ends of a block agree in everything but the serial."),
    Check("R112", "unusable", "An account number looks like KE-121-1001-2-14."),
    Check("R113", "unusable", "The check digits of an account number are right."),
    Check("R121", "unknown_party", "The Party of a serial number is known to the registry."),
    Check("R122", "unissued", "The serials have been issued."),
    Check("R123", "unissued", "A block does not reach beyond the block that was issued."),
    Check("R124", "unissued",
          "A serial number names the project, unit type and period for which it was issued."),
    Check("R125", "wrong_account", "Named units are all in the account that gives them."),
    Check("R126", "on_offer", "Named units are not on offer."),
    Check("R127", "frozen", "Named units are not frozen."),
    Check("R128", "reserved", "Named units are not reserved for another proposal."),
)  # fmt: skip

ACCOUNTS = (
    Check("R201", "wrong_account", "Accounts 100, 120 and 121 are opened for holders."),
    Check("R202", "unusable", "An account has a Party, a holder and a name."),
    Check("R203", "account_exists", "A holder has one open account of a kind with a Party.",
          ("registry_account_holder",)),
    Check("R204", "unknown_party", "The registry knows the Party.",
          ("registry_account_party_fk", "registry_instructionline_party_fk")),
    Check("R205", "unknown_account", "The account exists."),
    Check("R206", "wrong_account",
          "A national registry has accounts of the types 100, 121, 230 and 300."),
    Check("R207", "not_empty", "An account is empty before it is closed."),
    Check("R208", "not_empty", "No proposal waits for an account that is closed."),
    Check("R209", "wrong_account",
          "The registry’s own accounts are neither closed nor represented."),
    Check("R210", "account_closed",
          "What is changed about an account is changed while it is open."),
    Check("R211", "unusable", "A closing has a reason."),
    Check("R212", "too_many_representatives", "An account has at most three representatives."),
    Check("R213", "account_exists", "A person represents an account once."),
    Check("R214", "not_a_member", "A representative belongs to the holder’s organisation."),
    Check("R215", "unknown_representative", "Only a present representative is recalled."),
    Check("R217", "account_closed", "Nothing moves in or out of a closed account."),
    Check("R218", "not_permitted",
          "Where an account has representatives, only they act for its holder."),
    Check("R219", "frozen", "A frozen account is not closed."),
    Check("R220", "wrong_standing",
          "An account is restricted, suspended, closed or opened again only from where the table "
          "of accounts lets it go."),
    Check("R221", "suspended", "A suspended account gives no units, wholly or partly."),
    Check("R222", "suspended",
          "Units of a restricted account are cancelled or sold, not transferred."),
    Check("R223", "suspended",
          "An account that is wholly suspended, or whose closure is asked for, takes no units."),
    Check("R224", "unusable", "A restriction is one that the registry knows, and has a reason."),
    Check("R225", "wrong_standing", "A closure is asked for before an account is closed."),
    Check("R226", "not_permitted", "Who asked for a closure takes it back: the holder or the "
          "registry."),
    Check("R227", "same_person", "An account is closed by another person than asked for it.",
          ("registry_closure_four_eyes",)),
)  # fmt: skip

MOVEMENTS = (
    Check("R301", "unusable", "A quantity is a whole number of units, 1 or more."),
    Check("R302", "not_enough_units", "At most the free units of the account move."),
    Check("R303", "wrong_account", "Units do not move from an account to itself."),
    Check("R304", "terminal_account", "Nothing leaves a cancellation account."),
    Check("R305", "wrong_account",
          "Units move from pending to holding accounts, to national registries and to "
          "cancellation, and no other way."),
    Check("R306", "not_authorised",
          "Units leave the pending account for an authorised participant of their project."),
    Check("R307", "wrong_account",
          "The Adaptation Fund’s account takes the share of proceeds and nothing else."),
    Check("R308", "too_many_blocks", "A transaction holds at most 3,000 blocks."),
    Check("R309", "expired",
          "Expired tCERs and lCERs go to mandatory or administrative cancellation alone."),
    Check("R310", "not_permitted",
          "A holder cancels voluntarily; the other cancellations are the registry’s."),
    Check("R312", "wrong_account",
          "Only units of holding accounts and the pending one are offered."),
    Check("R313", "unusable", "A hold is of a whole number of units, 1 or more."),
    Check("R314", "not_enough_units", "At most what is left of a lot is held."),
    Check("R315", "unknown_lot", "The lot exists."),
    Check("R316", "not_enough_units", "At most what is left of a lot is cancelled."),
    Check("R317", "not_enough_units", "What is held for one buyer is not sold to another."),
    Check("R318", "held_for_buyers", "A lot is not released while units of it are held."),
    Check("R320", "on_offer", "A block does not move while units of it are on offer."),
    Check("R321", "reserved", "A reserved block moves for its own proposal alone."),
    Check("R322", "frozen", "A frozen block does not move."),
    Check("R323", "not_permitted",
          "Out of the pending account a project's focal points ask, on the project's page."),
)  # fmt: skip

FOUR_EYES = (
    Check("R401", "same_person", "A proposal is approved by another person than proposed it.",
          ("registry_proposal_four_eyes", "registry_proposal_approver",
           "registry_transaction_four_eyes")),
    Check("R402", "hash_mismatch", "What is approved is what was proposed."),
    Check("R403", "already_decided", "A proposal is decided once."),
    Check("R404", "unknown_proposal", "The proposal exists."),
    Check("R405", "unusable", "A rejection has a reason."),
    Check("R406", "not_due", "A transfer to an account that is not trusted waits for its delay."),
    Check("R407", "not_released", "Nothing is executed that no second person approved."),
    Check("R408", "not_permitted", "A holder withdraws its own proposals alone."),
    Check("R409", "hash_mismatch", "The measure that is approved is the one that was proposed."),
    Check("R410", "already_decided", "A measure is decided once."),
    Check("R411", "unknown_proposal", "The measure exists."),
    Check("R412", "unusable", "A measure has a reason."),
    Check("R413", "already_waiting", "A measure is proposed once at a time."),
    Check("R414", "already_waiting", "An account is put on a list of trusted accounts once."),
    Check("R415", "wrong_account", "Trusted are open accounts of national registries."),
    Check("R416", "unknown_account", "Only a trusted account is taken off the list."),
    Check("R417", "already_decided", "Only what is frozen is lifted."),
    Check("R418", "already_decided", "Only a stopped registry is let move again."),
    Check("R419", "unusable", "A measure is one that the registry knows."),
    Check("R420", "same_person", "A measure is approved by another person than proposed it.",
          ("registry_measure_four_eyes",)),
    Check("R421", "not_permitted", "Proposals are approved by registry administrators."),
    Check("R422", "already_decided", "Only what restricts an account is lifted."),
)  # fmt: skip

FREEZES = (
    Check("R501", "stopped", "Nothing moves while the registry is stopped."),
    Check("R502", "frozen", "Nothing moves in or out of a frozen account."),
    Check("R503", "frozen", "Frozen units are neither held, sold nor released."),
    Check("R504", "frozen", "What is frozen is not frozen again."),
    Check("R505", "unusable", "A freeze or a stop has an object and a reason."),
    Check("R506", "already_decided", "A stopped registry is not stopped again."),
    Check("R507", "unknown_account", "What is frozen or lifted exists."),
)

ISSUANCE = (
    Check("R601", "unknown_instruction", "The instruction exists."),
    Check("R602", "not_released", "An instruction is issued after its release."),
    Check("R603", "already_decided", "An instruction is released once."),
    Check("R604", "key_reused", "A reference is instructed once for a project and period."),
    Check("R605", "same_person", "An instruction is released by another person than gave it.",
          ("registry_instructionline_four_eyes",)),
    Check("R606", "hash_mismatch", "The instruction that is released is the one that was given."),
    Check("R607", "unusable", "The registry issues CERs (5), tCERs (6) and lCERs (7).",
          ("registry_instructionline_type",)),
    Check("R608", "unusable", "The commitment period is 1 or 2; 3 is kept for later ones.",
          ("registry_instructionline_period",)),
    Check("R609", "unusable", "tCERs and lCERs expire on a day, CERs never do.",
          ("registry_instructionline_expiry",)),
    Check("R610", "unusable", "An instruction is of 1 unit or more."),
    Check("R611", "unusable", "The share of proceeds is part of the quantity."),
    Check("R612", "unusable", "An instruction names a project by its number."),
    Check("R613", "serials_taken",
          "A Party’s serials are numbered by one registry: this one, or the imported one."),
    Check("R614", "serials_out_of_order",
          "An imported issuance begins at the next serial of its Party."),
)  # fmt: skip

REPEATED = (
    Check("R701", "key_missing", "A request of the API carries an Idempotency-Key."),
    Check("R702", "key_reused", "A key is used for one request."),
    Check("R703", "still_running", "A key is not used while its request is running."),
    Check("R704", "unusable", "A key has 1 to 100 printable characters."),
)

AUTHORISATIONS = (
    Check("R801", "unusable", "An authorisation names its letter."),
    Check("R802", "unknown_authorisation", "Only a present authorisation is ended."),
    Check("R803", "unusable", "The end of an authorisation has a reason."),
    Check("R804", "unusable",
          "An authorisation is for one holder or one Party, and for a project."),
)  # fmt: skip

ALL: tuple[Check, ...] = (
    *NUMBERS, *ACCOUNTS, *MOVEMENTS, *FOUR_EYES, *FREEZES, *ISSUANCE, *REPEATED, *AUTHORISATIONS,
)  # fmt: skip

BY_CODE: dict[str, Check] = {check.code: check for check in ALL}
BY_KEY: dict[str, Check] = {key: check for check in ALL for key in check.keys}


def grouped() -> list[tuple[str, list[Check]]]:
    """The checks under their headings, for the page."""
    return [
        (heading, [check for check in ALL if check.code[1] == digit])
        for digit, heading in GROUPS.items()
    ]

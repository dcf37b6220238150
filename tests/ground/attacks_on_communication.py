"""What an insider may try on modalities of communication, signatures, requests to forward CERs and
authorisations under a letter; see attacks.py. Most attacks first write a statement of their own."""

from __future__ import annotations

from tests.ground.attacks import OF_RECORD, copy, named, put, trigger

STATEMENT, FORWARDING = "participant_statement", "participant_forwardingrequest"
LONE = (
    "state = 'in_force' AND id NOT IN"
    " (SELECT base_id FROM participant_statement WHERE base_id IS NOT NULL)"
)
"""A statement in force that nobody is changing."""

OWNER = (
    "(SELECT p.owner_id FROM projects_project p JOIN participant_statement s"
    " ON s.project_id = p.id WHERE s.id = -1)"
)
RIVAL = "(SELECT id FROM identity_organisation WHERE name = 'Rival Wind Limited')"
SIGNER = "(SELECT min(person_id) FROM participant_signature)"
STRANGER = f"(SELECT min(person_id) FROM identity_membership WHERE organisation_id = {RIVAL})"


def written(table: str, **row: str) -> str:
    """A row past the actions."""
    values = {"id": "-1"} | row
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def draft(**changes: str) -> str:
    """Another statement of a project, waiting for signatures."""
    row = {"number": "99", "state": "'signing'", "in_force_at": "NULL"} | changes
    return copy(STATEMENT, LONE, **row)


def lists(**changes: str) -> str:
    """It lists the owner of the project."""
    row = {"statement_id": "-1", "organisation_id": OWNER} | changes
    return written("participant_statementparticipant", **row)


def names(**changes: str) -> str:
    """It names the owner as focal point of every scope."""
    row = {"statement_id": "-1", "organisation_id": OWNER, "scopes": "'abc'",
           "primary_id": SIGNER} | changes  # fmt: skip
    return written("participant_focalpoint", **row)


def signs(**changes: str) -> str:
    """The owner signs it."""
    row = {"statement_id": "-1", "organisation_id": OWNER, "person_id": SIGNER, "name": "'x'",
           "at": "now()"} | changes  # fmt: skip
    return written("participant_signature", **row)


def to(state: str, **more: str) -> str:
    """The statement of the attack goes on."""
    values = {"state": f"'{state}'"} | more
    return (f"UPDATE {STATEMENT} SET " + ", ".join(f"{k} = {v}" for k, v in values.items())
            + " WHERE id = -1")  # fmt: skip


def asks(**changes: str) -> str:
    """Another request to forward, waiting for signatures."""
    row = {"key": "gen_random_uuid()", "proposal_id": "NULL", "state": "'signing'",
           "decided_at": "NULL"} | changes  # fmt: skip
    return copy(FORWARDING, **row)


MAKES_WAY = (
    f"UPDATE {STATEMENT} SET state = 'superseded' WHERE state = 'in_force' AND project_id ="
    f" (SELECT project_id FROM {STATEMENT} WHERE id = -1)"
)
UNSIGNED = f"{draft()};{lists()};{names()}"
HALF = f"{draft()};{lists()};" + names(scopes="'ab'")
WHOLE = f"{UNSIGNED};{signs()}"
IN_FORCE = to("in_force", in_force_at="now()")
JOINS = ";".join((
    draft(base_id="r.id", reason="'x'"), lists(), lists(id="-2", organisation_id=RIVAL), names(),
    signs(), signs(id="-2", organisation_id=RIVAL, person_id=STRANGER), to("signed"), MAKES_WAY,
    IN_FORCE,
))  # fmt: skip
OWN_FORWARDING = (
    "(SELECT p.owner_id FROM projects_project p JOIN participant_forwardingrequest f"
    " ON f.project_id = p.id WHERE f.id = -1)"
)
SIGNS_FORWARDING = signs(
    statement_id="NULL", forwarding_id="-1", organisation_id=OWN_FORWARDING
)
GOES_ON = (
    f"UPDATE {FORWARDING} SET state = 'proposed',"
    f" proposal_id = (SELECT min(proposal_id) FROM {FORWARDING}) WHERE id = -1"
)
ONE_PROPOSAL = '"participant_forwardingrequest_proposal_id_key"'
REFERRED = "violates foreign key constraint"

STATEMENTS = (
    trigger(STATEMENT, "guard_paper", draft(state="'withdrawn'"), "begins as signing"),
    trigger(STATEMENT, "guard_paper", put(STATEMENT, "reason = 'x'", LONE), "only its state"),
    trigger(STATEMENT, "guard_paper", put(STATEMENT, "state = 'withdrawn'", LONE),
            "no way from in_force to withdrawn"),
    trigger(STATEMENT, "guard_paper", f"DELETE FROM {STATEMENT}", "only its state", REFERRED),
    trigger(STATEMENT, "of_record_truncate", f"TRUNCATE {STATEMENT} CASCADE",
            f"{STATEMENT} {OF_RECORD}", OF_RECORD),
    trigger(STATEMENT, "guard_signed", f"{UNSIGNED};{MAKES_WAY};{IN_FORCE}", "not everybody"),
    trigger(STATEMENT, "guard_signed", f"{WHOLE};{to('signed')}", "through the secretariat"),
    trigger(STATEMENT, "guard_signed",
            f"{HALF};{signs()};{MAKES_WAY};{IN_FORCE}", "a sole scope has one focal point"),
    trigger(STATEMENT, "guard_added", JOINS, "no letter in force authorises"),
    named(STATEMENT, "participant_statement_number_check", draft(number="-1")),
    named(STATEMENT, "statement_number_once", draft(number="r.number")),
    named(STATEMENT, "one_statement_at_a_time",
          copy(STATEMENT, "state = 'signed'", number="99", state="'signing'")),
    named(STATEMENT, "one_statement_in_force", f"{WHOLE};{IN_FORCE}"),
    named(STATEMENT, "in_force_since_a_moment", f"{WHOLE};{MAKES_WAY};{to('in_force')}"),
    named(STATEMENT, "returned_with_a_reason",
          put(STATEMENT, "state = 'returned'", "state = 'signed'")),
    named(STATEMENT, "change_has_a_reason", draft(base_id="r.id", reason="''")),
    trigger("participant_focalpoint", "guard_content",
            copy("participant_focalpoint", organisation_id=RIVAL), "is signed says what it said"),
    named("participant_focalpoint", "focal_point_once", f"{draft()};{names()};{names(id='-2')}"),
    named("participant_focalpoint", "focal_point_has_scopes",
          draft() + ";" + names(scopes="'ca'")),
    named("participant_focalpoint", "alternate_is_another_person",
          f"{draft()};{names(alternate_id=SIGNER)}"),
    trigger("participant_statementparticipant", "guard_content",
            copy("participant_statementparticipant", organisation_id=RIVAL),
            "is signed says what it said"),
    named("participant_statementparticipant", "statement_lists_once",
          f"{draft()};{lists()};{lists(id='-2')}"),
)  # fmt: skip

SIGNATURES = (
    trigger("participant_signature", "guard_signature",
            copy("participant_signature", "statement_id IS NOT NULL", organisation_id=RIVAL),
            "not open for signature"),
    trigger("participant_signature", "guard_signature",
            f"{UNSIGNED};{signs(organisation_id=RIVAL, person_id=STRANGER)}", "not wanted here"),
    trigger("participant_signature", "guard_signature",
            f"{UNSIGNED};{signs(person_id=STRANGER)}", "who signs acts for the entity"),
    named("participant_signature", "signature_under_one_paper",
          f"{UNSIGNED};{asks()};" + signs(forwarding_id="-1")),
    named("participant_signature", "statement_signed_once",
          f"{UNSIGNED};{signs()};{signs(id='-2')}"),
    named("participant_signature", "forwarding_signed_once",
          f"{asks()};{SIGNS_FORWARDING};{SIGNS_FORWARDING.replace('(-1,', '(-2,')}"),
)  # fmt: skip

REQUESTS = (
    trigger(FORWARDING, "guard_paper", asks(state="'withdrawn'"), "begins as signing"),
    trigger(FORWARDING, "guard_paper", put(FORWARDING, "quantity = quantity + 1"),
            "only its state", "another proposal than was signed"),
    trigger(FORWARDING, "guard_paper",
            put(FORWARDING, "state = 'withdrawn', proposal_id = NULL"),
            "no way from proposed to withdrawn"),
    trigger(FORWARDING, "guard_paper", f"DELETE FROM {FORWARDING}", "only its state", REFERRED),
    trigger(FORWARDING, "of_record_truncate", f"TRUNCATE {FORWARDING} CASCADE",
            f"{FORWARDING} {OF_RECORD}", OF_RECORD),
    trigger(FORWARDING, "guard_signed",
            asks(statement_id=f"(SELECT max(id) FROM {STATEMENT} WHERE state = 'signed')"),
            "only who speaks for the project now"),
    trigger(FORWARDING, "guard_signed", f"{asks()};{GOES_ON}", "not everybody", ONE_PROPOSAL),
    trigger(FORWARDING, "guard_signed", f"{asks()};{SIGNS_FORWARDING};{GOES_ON}",
            "another proposal than was signed", ONE_PROPOSAL),
    named(FORWARDING, "forwarding_is_whole", asks(quantity="0")),
    named(FORWARDING, "participant_forwardingrequest_commitment_period_check",
          asks(commitment_period="-1")),
    named(FORWARDING, "proposed_has_a_proposal", asks(proposal_id="r.proposal_id"), ONE_PROPOSAL),
    named(FORWARDING, "participant_forwardingrequest_key_key", asks(key="r.key")),
)  # fmt: skip


def adds(state: str, **changes: str) -> str:
    """An entity is authorised under a letter in some state."""
    letter = f"(SELECT min(id) FROM dna_letter WHERE state = '{state}')"
    row = {"letter_id": letter, "organisation_id": RIVAL, "authorised_by": "'x'",
           "at": "now()"} | changes  # fmt: skip
    return written("dna_addition", **row)


ADDITIONS = (
    trigger("dna_addition", "guard_addition", adds("requested"), "only a letter in force"),
    named("dna_addition", "added_once", f"{adds('issued')};{adds('issued', id='-2')}"),
)

ALL = STATEMENTS + SIGNATURES + REQUESTS + ADDITIONS

EXEMPT = {
    "participant_forwardingrequest_proposal_id_key":
        "guard_signed is asked first: a proposal bears the key of its own request",
}

KEPT = (
    "dna_addition", "participant_focalpoint", "participant_signature",
    "participant_statementparticipant",
)

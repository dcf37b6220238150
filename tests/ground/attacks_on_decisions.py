"""What an insider may try on the tables of Board, people and clock; see attacks.py."""

from __future__ import annotations

from tests.ground import (
    attacks_on_accounts,
    attacks_on_communication,
    attacks_on_due,
    attacks_on_instruments,
)
from tests.ground.attacks import (
    DOE,
    LANDING,
    OF_RECORD,
    PARTICIPANT,
    PUBLISHED,
    SOMEBODY,
    TRIGGERS,
    below_zero,
    copy,
    named,
    put,
    taken,
    trigger,
    twice,
)
from tests.ground.attacks_on_benefits import BENEFITS
from tests.ground.attacks_on_components import COMPONENTS, EXCLUSIONS
from tests.ground.attacks_on_debts import DEBTS
from tests.ground.attacks_on_ends import ENDS, PRIOR
from tests.ground.attacks_on_letters import DNA, DOCUMENTS, LETTER_TRIGGERS
from tests.ground.attacks_on_observations import OBSERVED
from tests.ground.attacks_on_reference import REFERENCE
from tests.ground.attacks_on_revisions import REVISIONS
from tests.ground.attacks_on_series import SERIES_ATTACKS
from tests.ground.attacks_on_typing import TYPED_ATTACKS


def ruling(**changes: str) -> str:
    """A ruling past the actions."""
    row = {"request_id": "(SELECT min(id) FROM board_request)", "number": "'EB-X'",
           "outcome": "'reject'", "reasons": "'Because'", "eligible": "0", '"cast"': "0",
           "votes_for": "0", "consensus": "false", "at": "now()", "basis": "'vote'",
           "document_id": "(SELECT min(id) FROM projects_document)"} | changes
    return f"INSERT INTO board_ruling ({', '.join(row)}) VALUES ({', '.join(row.values())})"


ISSUED = "(SELECT max(issuance_id) FROM board_instruction)"
PAST, TWIN = "'1999-01-01'", "'Y'"


def unpaid(**changes: str) -> str:
    """An invoice past the actions, the second of its request: its key is another wall."""
    row = {"payment_reference": "''", "state": "'due'", "paid_at": "NULL",
           "received_usd": "0"} | changes
    return copy("board_invoice", **row)


def recorded(**changes: str) -> str:
    """A payment past the actions, of an invoice for which none waits."""
    row = {"invoice_id": "(SELECT min(id) FROM board_invoice WHERE state = 'paid')",
           "state": "'recorded'", "decided_by_id": "NULL", "decided_at": "NULL",
           "reference": "'X'"} | changes
    return copy("board_payment", **row)


def proposed(**changes: str) -> str:
    """A change of a rule past the actions."""
    row = {"id": "-1", "name": "'reply_days'", "value": "'30'", "valid_from": "'2999-01-01'",
           "source": "'x'", "verified": "false", "state": "'proposed'", "proposer": "1",
           "proposer_name": "'x'", "proposed_at": "now()", "decider_name": "''",
           "reason": "''"} | changes
    return f"INSERT INTO cdm_rulechange ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def decided(state: str, decider: str = "2", pk: int = -1) -> str:
    """That change is decided."""
    return (f"UPDATE cdm_rulechange SET state = '{state}', decider = {decider},"
            f" decided_at = now() WHERE id = {pk}")


ANOTHER = "(SELECT max(id) FROM board_request)"
ASKABLE = "request_id IN (SELECT id FROM board_request WHERE state = 'published')"
IN_WINDOW = (
    "(SELECT min(id) FROM board_request WHERE review_scope = '' AND window_closes_at > now())"
)
PARTY = {"person_id": SOMEBODY, "party_code": "'KE'", "seat_number": "NULL"}
FAR = "'2999-01-01T00:00:00Z'"
PROPOSED = "UPDATE board_request SET state = 'proposed' WHERE state = 'assessed';"
REOPENED = "".join(
    f"UPDATE board_request SET state = '{state}' WHERE id = {IN_WINDOW};"
    for state in ("review_requested", "under_review")
)


def sitting(seat: int, *, alternate: bool = False) -> str:
    """The person who sits in a seat."""
    return (
        f"(SELECT person_id FROM identity_membership WHERE seat_number = {seat}"
        f" AND alternate = {alternate})"
    )


def vacated(seat: int) -> str:
    """The member of a seat has left long ago."""
    return (
        f"UPDATE identity_membership SET valid_to = valid_from WHERE seat_number = {seat}"
        " AND NOT alternate;"
    )


def assessed(**second: str) -> str:
    """A request is opened for review again, and assessed twice."""
    table, secretariat = "board_assessment", "side = 'secretariat'"
    return (
        REOPENED + copy(table, secretariat, request_id=IN_WINDOW) + ";"
        + copy(table, secretariat, **{"id": "-2", "request_id": IN_WINDOW} | second)
    )


BOARD_TRIGGERS = (
    trigger("board_request", "guard_state",
            put("board_request", "state = 'published'", "state = 'assessed'"),
            "no way from assessed to published"),
    trigger("board_request", "guard_state",
            copy("board_request", reference="'X'", state="'withdrawn'", decided_at="now()"),
            "a request begins as submitted"),
    trigger("board_vote", "takes_part",
            copy("board_vote", person_id="(SELECT min(person_id) FROM board_recusal)"),
            "who declared a conflict takes no part", "do not sit"),
    trigger("board_vote", "takes_part",
            copy("board_vote",
                 request_id="(SELECT min(id) FROM board_request WHERE state = 'approved')"),
            "votes are taken only while the request is at the vote"),
    trigger("board_vote", "takes_part",
            copy("board_vote", person_id="(SELECT min(person_id) FROM board_assessment)"),
            "who assessed a request does not decide on it", "do not sit"),
    trigger("board_vote", "takes_seat",
            copy("board_vote", person_id=sitting(5), seat_number="6"), "do not sit"),
    trigger("board_vote", "takes_seat",
            copy("board_vote", person_id=sitting(8), seat_number="8"), "recorded absent"),
    trigger("board_vote", "takes_seat",
            copy("board_vote", person_id=sitting(5, alternate=True), seat_number="5"),
            "the alternate is silent while the member is there"),
    trigger("board_reviewrequest", "takes_part",
            copy("board_reviewrequest", ASKABLE, at=FAR, **PARTY),
            "a review is requested in the window only"),
    trigger("board_reviewrequest", "takes_seat",
            copy("board_reviewrequest", ASKABLE, person_id=SOMEBODY, seat_number="5"),
            "do not sit"),
    trigger("board_assessment", "takes_part", copy("board_assessment", request_id=IN_WINDOW),
            "assessments are filed only under review"),
    trigger("board_objection", "takes_part", copy("board_objection", request_id=IN_WINDOW),
            "objections are made to a proposed decision in time only"),
    trigger("board_objection", "takes_part", PROPOSED + copy("board_objection", at=FAR),
            "objections are made to a proposed decision in time only",
            "board_objection_request_id_key"),
    trigger("board_objection", "takes_seat",
            PROPOSED + copy("board_objection", seat_number="9"), "do not sit",
            "board_objection_request_id_key"),
)  # fmt: skip
BOARD = (
    below_zero("board_check", "version"),
    named("board_check", "unmet_check_has_reason",
          put("board_check", "met = false, reason = ''")),
    twice("board_check", "check_once"),
    below_zero("board_instruction", "commitment_period"),
    named("board_instruction", "instruction_is_positive",
          put("board_instruction", "quantity = 0, share_of_proceeds = 0")),
    named("board_instruction", "instruction_is_positive",
          put("board_instruction", "share_of_proceeds = quantity + 1")),
    taken("board_instruction", "line_id"),
    taken("board_instruction", "issuance_id", "issuance_id IS NOT NULL"),
    trigger("board_instruction", "paid_first",
            put("board_instruction", f"issuance_id = {ISSUED}", "issuance_id IS NULL"),
            "was not received", "board_instruction_issuance_id_key"),
    named("board_instruction", "instructed_once", put(
        "board_instruction", "(request_id, commitment_period) = (SELECT request_id,"
        " commitment_period FROM board_instruction ORDER BY id DESC LIMIT 1)")),
    named("board_invoice", "fee_within_cap", unpaid(amount_usd="2", before_cap_usd="1"),
          "board_invoice_request_id_key"),
    named("board_invoice", "advance_is_deducted",
          unpaid(amount_usd="1", before_cap_usd="2", advance_usd="1.01"),
          "board_invoice_request_id_key"),
    named("board_invoice", "proof_is_due_before_money",
          put("board_invoice", "proof_due_at = now(), money_due_at = '2001-01-01'",
              "state = 'due'")),
    named("board_invoice", "proof_comes_in_time",
          put("board_invoice", "proof = 'x', proof_at = now(), proof_due_at = '2001-01-01',"
              " money_due_at = '2001-02-01'", "state = 'due'")),
    named("board_invoice", "paid_fee_has_reference",
          put("board_invoice", "payment_reference = 'B-1'", "state = 'waived'")),
    named("board_invoice", "received_agrees_with_state",
          put("board_invoice", "state = 'part_paid'", "state = 'due'")),
    named("board_invoice", "payment_counts_once",
          put("board_invoice", "payment_reference = (SELECT max(payment_reference)"
              " FROM board_invoice WHERE state = 'paid')", "state = 'paid'")),
    twice("board_invoice", "board_invoice_request_id_key", payment_reference="''",
          state="'due'", paid_at="NULL", received_usd="0"),
    trigger("board_invoice", "money_law", put("board_invoice", "rule = 'x'"),
            "stays as it was made"),
    trigger("board_invoice", "money_law",
            put("board_invoice", "state = 'deferred'", "state = 'due'"), "no way from due"),
    trigger("board_invoice", "money_law",
            put("board_invoice", "state = 'paid', paid_at = now(), payment_reference = 'X',"
                " received_usd = amount_usd", "state = 'due'"), "second person confirmed"),
    trigger("board_invoice", "money_law",
            unpaid(state="'paid'", paid_at="now()", payment_reference="'X'", amount_usd="1",
                   before_cap_usd="1", received_usd="1", advance_usd="0"),
            "does not begin as paid", "board_invoice_request_id_key"),
    trigger("board_invoice", "money_law",
            "DELETE FROM board_invoice WHERE state = 'waived'", "DELETE refused"),
    trigger("board_invoice", "of_record_truncate", "TRUNCATE board_invoice CASCADE",
            f"board_invoice {OF_RECORD}", OF_RECORD),
    named("board_payment", "payment_is_positive", recorded(amount_usd="0")),
    named("board_payment", "reference_counts_once",
          recorded(reference="(SELECT lower(max(reference)) FROM board_payment)")),
    named("board_payment", "one_payment_waits",
          f"{recorded()};{recorded(id='-2', reference=TWIN)}"),
    named("board_payment", "payment_has_two_persons",
          f"{recorded()};UPDATE board_payment SET state = 'confirmed', decided_at = now(),"
          " decided_by_id = recorded_by_id WHERE id = -1"),
    named("board_payment", "decided_payment_names_who",
          f"{recorded()};UPDATE board_payment SET state = 'confirmed' WHERE id = -1"),
    named("board_payment", "set_aside_has_reason",
          f"{recorded()};UPDATE board_payment SET state = 'refused', decided_at = now(),"
          " decided_by_id = recorded_by_id WHERE id = -1"),
    trigger("board_payment", "money_law",
            put("board_payment", "reason = 'x'", "state = 'confirmed'"), "UPDATE refused"),
    trigger("board_payment", "money_law", "DELETE FROM board_payment", "DELETE refused"),
    trigger("board_payment", "money_law",
            recorded(state="'confirmed'", decided_by_id=SOMEBODY, decided_at="now()"),
            "begins as recorded"),
    trigger("board_payment", "of_record_truncate", "TRUNCATE board_payment", OF_RECORD),
    named("board_recusal", "recusal_has_reason",
          copy("board_recusal", reason="''", person_id=SOMEBODY)),
    twice("board_recusal", "recused_once"),
    below_zero("board_request", "version"),
    named("board_request", "ended_request_has_date",
          put("board_request", "decided_at = NULL", "state = 'approved'")),
    named("board_request", "published_request_has_window",
          put("board_request", "window_closes_at = published_at", "state = 'published'")),
    named("board_request", "request_names_its_case",
          put("board_request", "period_id = (SELECT min(id) FROM projects_monitoringperiod)",
              "kind = 'registration'")),
    taken("board_request", "reference"),
    named("board_request", "proposed_decision_has_clock",
          put("board_request", "state = 'proposed', objection_closes_at = NULL",
              "state = 'assessed'")),
    twice("board_request", "one_request_for_registration", "kind = 'registration'",
          reference="'X'", state="'submitted'"),
    twice("board_request", "one_request_for_issuance", "kind = 'issuance'", reference="'X'",
          state="'submitted'"),
    named("board_reviewrequest", "review_has_reasons",
          copy("board_reviewrequest", ASKABLE, reasons="''", **PARTY)),
    twice("board_reviewrequest", "review_asked_once", ASKABLE, party_code="'KE'",
          seat_number="NULL"),
    named("board_reviewrequest", "review_asked_once_for_a_seat",
          vacated(2) + copy("board_reviewrequest", f"{ASKABLE} AND seat_number = 2",
                            person_id=sitting(2, alternate=True))),
    named("board_reviewrequest", "review_asked_for_seat_or_party",
          copy("board_reviewrequest", ASKABLE, seat_number="NULL", person_id=SOMEBODY)),
    named("board_vote", "voted_once", copy("board_vote"), "one_vote_of_a_seat"),
    named("board_vote", "one_vote_of_a_seat",
          vacated(1) + copy("board_vote", person_id=sitting(1, alternate=True))),
    twice("board_absence", "absent_once"),
    named("board_absence", "board_absence_seat_number_check",
          copy("board_absence", person_id=SOMEBODY, seat_number="-1")),
    named("board_assessment", "assessed_once_by_a_side", assessed(person_id=SOMEBODY)),
    named("board_assessment", "assessed_by_two_persons", assessed(side="'rit'")),
    named("board_assessment", "assessment_has_reasons",
          assessed(side="'rit'", person_id=SOMEBODY, reasons="''")),
    named("board_objection", "board_objection_request_id_key",
          PROPOSED + copy("board_objection")),
    named("board_objection", "objection_has_reasons",
          PROPOSED + copy("board_objection", reasons="''"), "board_objection_request_id_key"),
    named("board_ruling", "unopposed_ruling_has_no_votes",
          ruling(basis="'no_objection'", **{'"cast"': "1"}, eligible="1")),
    below_zero("board_series", "last", key="name"),
    named("board_ruling", "board_ruling_cast_check", ruling(**{'"cast"': "-1"}),
          "ruling_counts_agree"),
    named("board_ruling", "board_ruling_eligible_check", ruling(eligible="-1"),
          "ruling_counts_agree"),
    named("board_ruling", "board_ruling_votes_for_check", ruling(votes_for="-1")),
    named("board_ruling", "ruling_counts_agree", ruling(votes_for="1")),
    named("board_ruling", "ruling_counts_agree", ruling(**{'"cast"': "1"})),
    named("board_ruling", "ruling_has_reasons", ruling(reasons="''")),
    named("board_ruling", "board_ruling_number_key",
          f"{ruling()};{ruling(request_id=ANOTHER)}"),
    named("board_ruling", "board_ruling_request_id_key",
          ruling() + ";" + ruling(number="'EB-Y'")),
)  # fmt: skip

GROUP = (
    "INSERT INTO auth_group (id, name) VALUES (-1, 'X');"
    "INSERT INTO identity_user_groups (user_id, group_id) SELECT min(id), -1 FROM identity_user;"
    "INSERT INTO identity_user_groups (user_id, group_id) SELECT min(id), -1 FROM identity_user"
)
PERMISSION = (
    "INSERT INTO identity_user_user_permissions (user_id, permission_id)"
    " SELECT min(id), (SELECT min(id) FROM auth_permission) FROM identity_user"
)
PEOPLE = (
    named("identity_membership", "board_alone_has_seats",
          put("identity_membership", "seat_number = NULL", "seat_number = 9")),
    named("identity_membership", "alternate_holds_no_office",
          put("identity_membership", "alternate = true, seat_number = 77", "office = 'chair'")),
    named("identity_membership", "one_holder_of_a_seat",
          put("identity_membership", "seat_number = 1", "seat_number = 9 AND NOT alternate")),
    named("identity_membership", "one_seat_for_a_person",
          put("identity_membership", f"person_id = {sitting(9)}, valid_from = valid_from + 1",
              "seat_number = 10 AND NOT alternate")),
    named("identity_membership", "one_holder_of_an_office",
          put("identity_membership", "office = 'chair'", "office = 'vice_chair'")),
    named("identity_membership", "membership_runs_forward",
          put("identity_membership", "valid_to = valid_from - 1", "role = 'buyer'")),
    twice("identity_membership", "membership_once", "role = 'buyer'"),
    named("identity_organisation", "dna_speaks_for_a_party",
          put("identity_organisation", "party_code = ''", "kind = 'dna'")),
    named("identity_organisation", "one_dna_per_party",
          put("identity_organisation", "party_code = 'KE'", "kind = 'dna' AND party_code <> 'KE'")),
    taken("identity_organisation", "name"),
    taken("identity_user", "email"),
    named("identity_user_groups", "identity_user_groups_user_id_group_id_ece29599_uniq", GROUP),
    named("identity_user_user_permissions",
          "identity_user_user_permi_user_id_permission_id_1becc26c_uniq",
          f"{PERMISSION};{PERMISSION}"),
)  # fmt: skip

CLOCK = (
    named("cdm_clock", "clock_is_one_row", "INSERT INTO cdm_clock VALUES (2, 0, true)"),
    named("cdm_clock", "clock_never_behind", "UPDATE cdm_clock SET days_ahead = -1"),
)

RULEBOOK = (
    named("cdm_rulechange", "rule_change_has_two_persons",
          f"{proposed()};{decided('approved', '1')}"),
    named("cdm_rulechange", "decided_rule_change_names_who",
          f"{proposed()};{decided('approved', 'NULL')}"),
    named("cdm_rulechange", "rejected_change_has_reason", f"{proposed()};{decided('rejected')}"),
    named("cdm_rulechange", "one_value_from_a_day",
          f"{proposed()};{decided('approved')};{proposed(id='-2')};{decided('approved', pk=-2)}"),
    named("cdm_rulechange", "one_proposal_of_a_parameter", f"{proposed()};{proposed(id='-2')}"),
    trigger("cdm_rulechange", "rulebook_law",
            proposed(state="'approved'", decider="2", decided_at="now()"), "begins as proposed"),
    trigger("cdm_rulechange", "rulebook_law",
            f"{proposed()};UPDATE cdm_rulechange SET value = '31'", "UPDATE refused"),
    trigger("cdm_rulechange", "rulebook_law",
            f"{proposed()};{decided('approved')};UPDATE cdm_rulechange SET reason = 'x'",
            "UPDATE refused"),
    trigger("cdm_rulechange", "rulebook_law",
            f"{proposed(valid_from=PAST)};{decided('approved')}", "backwards"),
    trigger("cdm_rulechange", "of_record_truncate", "TRUNCATE cdm_rulechange", OF_RECORD),
)  # fmt: skip

ALL = (
    TRIGGERS + LETTER_TRIGGERS + LANDING + DOCUMENTS + PUBLISHED + PARTICIPANT + DNA + DOE
    + BOARD_TRIGGERS + BOARD + BENEFITS + PEOPLE + CLOCK + RULEBOOK + PRIOR + ENDS
    + REFERENCE + REVISIONS + COMPONENTS + EXCLUSIONS + DEBTS + TYPED_ATTACKS + SERIES_ATTACKS
    + OBSERVED + attacks_on_communication.ALL + attacks_on_accounts.ALL
    + attacks_on_instruments.ALL
)

EXEMPT = {
    **{f"board_{table}_seat_number_check":
        "takes_seat is asked first and refuses a seat in which nobody sits"
       for table in ("objection", "reviewrequest", "vote")},
    "identity_membership_seat_number_check":
        "board_alone_has_seats is asked first and refuses every number below 1",
    "doe_accreditation_scope_check":
        "accreditation_scope_known is asked first and refuses every number below 1",
    "journal_entry.notices_announce":
        "it leaves word for the notices and refuses nothing: tests/notices",
    "journal_entry.stamp":
        "it corrects and refuses nothing: test_without_the_stamp_an_entry_can_be_back_dated",
} | attacks_on_communication.EXEMPT | attacks_on_due.KEEPS  # fmt: skip
"""Walls that no statement meets as a refusal, and why."""

KEPT = tuple(sorted((
    "board_absence", "board_assessment", "board_objection", "board_recusal", "board_reply",
    "board_reviewrequest", "board_ruling", "board_vote", "cobenefits_comment",
    "cobenefits_indicatorentry", "dna_criterion",
    "dna_rubric", "dna_score", "doe_observation", "journal_entry",
    "participant_acceptedgap", "participant_designversion", "participant_monitoringreport",
    "participant_reading", "participant_readingsblock", "participant_readingsfile",
    "participant_readingstreatment", "participant_statedrows",
    "projects_blob", "projects_findingmessage",
    "projects_coveredcomponent", "projects_creditingperiod", "projects_edition",
    "projects_editionrow", "projects_registeredversion",
    *attacks_on_communication.KEPT, *attacks_on_accounts.KEPT, *attacks_on_instruments.KEPT,
)))  # fmt: skip
"""Tables whose rows are of record from their first moment: a trigger for the whole statement."""

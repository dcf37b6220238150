"""What an insider may try on the tables of Board, co-benefits, people and clock; see attacks.py."""

from __future__ import annotations

from tests.ground.attacks import (
    ASKABLE,
    DNA,
    DOE,
    LANDING,
    PARTICIPANT,
    PUBLISHED,
    SOMEBODY,
    TRIGGERS,
    below_zero,
    copy,
    named,
    put,
    taken,
    twice,
)


def ruling(**changes: str) -> str:
    """A ruling past the actions."""
    row = {"request_id": "(SELECT min(id) FROM board_request)", "number": "'EB-X'",
           "outcome": "'reject'", "reasons": "'Because'", "eligible": "0", '"cast"': "0",
           "votes_for": "0", "consensus": "false", "at": "now()",
           "document_id": "(SELECT min(id) FROM projects_document)"} | changes
    return f"INSERT INTO board_ruling ({', '.join(row)}) VALUES ({', '.join(row.values())})"


ANOTHER = "(SELECT max(id) FROM board_request)"
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
    taken("board_instruction", "issuance_id", "issuance_id IS NULL"),
    named("board_instruction", "instructed_once", put(
        "board_instruction", "(request_id, commitment_period) = (SELECT request_id,"
        " commitment_period FROM board_instruction ORDER BY id DESC LIMIT 1)")),
    named("board_invoice", "fee_within_cap",
          put("board_invoice", "amount_usd = before_cap_usd + 1")),
    named("board_invoice", "paid_fee_has_reference",
          put("board_invoice", "state = 'paid', paid_at = NULL")),
    named("board_invoice", "payment_counts_once",
          put("board_invoice", "state = 'paid', paid_at = now(), payment_reference = 'B-1'") + ";"
          "UPDATE board_invoice SET state = 'paid', paid_at = now(), payment_reference = 'B-1'"
          " WHERE id = (SELECT max(id) FROM board_invoice)"),
    twice("board_invoice", "board_invoice_request_id_key", payment_reference="''",
          state="'due'", paid_at="NULL"),
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
    twice("board_request", "one_request_for_registration", "kind = 'registration'",
          reference="'X'"),
    twice("board_request", "one_request_for_issuance", "kind = 'issuance'", reference="'X'"),
    named("board_reviewrequest", "review_has_reasons",
          copy("board_reviewrequest", ASKABLE, reasons="''", person_id=SOMEBODY)),
    twice("board_reviewrequest", "review_asked_once", ASKABLE),
    twice("board_vote", "voted_once"),
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

COBENEFITS = (
    named("cobenefits_line", "criterion_is_one_of_twelve",
          copy("cobenefits_line", criterion="'fame'")),
    twice("cobenefits_line", "criterion_once"),
    named("cobenefits_report", "cobenefits_report_version_check",
          copy("cobenefits_report", version="-1")),
    twice("cobenefits_report", "cobenefit_version_once"),
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
    named("identity_membership", "membership_runs_forward",
          put("identity_membership", "valid_to = valid_from - 1")),
    twice("identity_membership", "membership_once"),
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

ALL = (
    TRIGGERS + LANDING + PUBLISHED + PARTICIPANT + DNA + DOE + BOARD + COBENEFITS + PEOPLE + CLOCK
)

EXEMPT = {
    "doe_accreditation_scope_check":
        "accreditation_scope_known is asked first and refuses every number below 1",
    "journal_entry.stamp":
        "it corrects and refuses nothing: test_without_the_stamp_an_entry_can_be_back_dated",
}  # fmt: skip
"""Walls that no statement meets as a refusal, and why."""

KEPT = (
    "board_recusal", "board_reviewrequest", "board_ruling", "board_vote", "journal_entry",
    "participant_acceptedgap", "participant_designversion", "participant_monitoringreport",
    "participant_reading", "participant_readingsfile", "projects_blob", "projects_findingmessage",
)  # fmt: skip
"""Tables whose rows are of record from their first moment: a trigger for the whole statement."""

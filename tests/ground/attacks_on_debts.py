"""What an insider may try on inquiries, on the debts of DOEs and what repays them, and as a DOE in
debt; see attacks.py. The state: a debt of 2 CERs of which a proposal to cancel 1 is named, an
inquiry that waits, and proposals that nobody named (`leave_loose` in test_attacks.py).
"""

from __future__ import annotations

from tests.ground.attacks import OF_RECORD, SOMEBODY, copy, named, put, trigger, twice
from tests.ground.attacks_on_components import (
    ANOTHER,
    COMPONENT,
    EXCLUSION,
    PROPOSED,
    SUBMITTED,
    included,
)
from tests.ground.attacks_on_revisions import WITH_REPORT, revision, to

D, R, INQ = "doe_debt", "doe_repayment", "board_inquiry"
FOUND, UNDECIDED = "state = 'found'", "the Board has not decided this debt"
PERIOD = "(SELECT min(id) FROM projects_monitoringperiod)"
OF_THE_DOE = "(SELECT min(m.person_id) FROM identity_membership m WHERE m.organisation_id = doe_id)"
LATER = "decided_at = now(), decided_by_id = (SELECT max(decided_by_id) FROM board_inquiry)"


def answers(text: str = "'x'", at: str = "now()", by: str = OF_THE_DOE, more: str = "") -> str:
    """The inquiry that waits is answered past the actions."""
    change = f"answer = {text}, answered_at = {at}, answered_by_id = {by}"
    return put(INQ, change + more, PROPOSED)


def owes(doe: str = SOMEBODY.replace("person", "organisation"), **changes: str) -> str:
    """A debt past the Board."""
    row = {"id": "-1", "doe_id": doe, "ground": "'issuance'", "period_id": PERIOD,
           "quantity": "5", "opened_at": "now()", "due_at": "now() + interval '1 day'"} | changes
    return f"INSERT INTO {D} ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def repays(which: str) -> str:
    """A repayment past the actions, by the proposal for which this holds."""
    proposal = f"(SELECT min(id) FROM registry_proposal WHERE {which})"
    return (
        f"INSERT INTO {R} (id, debt_id, proposal_id, at)"
        f" VALUES (-1, (SELECT min(id) FROM {D}), {proposal}, now())"
    )


def in_debt(
    table: str, column: str, where: str, act: str, then: str = UNDECIDED
) -> tuple[str, str, str, str, str]:
    """The DOE of a row owes CERs, and acts."""
    doe = f"(SELECT {column} FROM {table} WHERE {where} ORDER BY id LIMIT 1)"
    return table, "no_debt", f"{owes(doe)};{act}", "the DOE owes CERs", then


LOOSE = f"to_account_id = 5 AND id NOT IN (SELECT proposal_id FROM {R})"
INCLUSION = {"ground": "'inclusion'", "period_id": "NULL", "component_id": ANOTHER}
EXCLUDED = (
    copy(EXCLUSION, PROPOSED, component_id=ANOTHER, tonnes="5") + ";"
    f"UPDATE {EXCLUSION} SET state = 'granted', decided_by_id = prepared_by_id + 1,"
    " decided_at = now() WHERE id = -1;"
    + put(COMPONENT, "state = 'excluded', excluded_at = now(), debt_tonnes = 5", f"id = {ANOTHER}")
)
OPEN = "state = 'open'"
REGISTRATION = "kind = 'registration'"
CONCLUDED = f"{WITH_REPORT}, conclusion = 'x', decided_at = now()"
DEBTS = (
    trigger(D, "guard_debt", copy(D, repaid_at="now()"), "a debt begins unpaid", then=UNDECIDED),
    trigger(D, "guard_debt", put(D, "quantity = 1"), "a debt is of record: UPDATE"),
    trigger(D, "guard_debt", put(D, "repaid_at = now()"), "0 of 2 units are cancelled"),
    trigger(D, "guard_debt", f"DELETE FROM {D}", "a debt is of record: DELETE",
            then="violates foreign key constraint"),
    trigger(D, "of_record_truncate", f"TRUNCATE {D} CASCADE", f"{D} {OF_RECORD}", then=OF_RECORD),
    trigger(D, "debt_decided", owes(), UNDECIDED),
    named(D, "debt_is_positive", owes(quantity="0"), then=UNDECIDED),
    named(D, "debt_has_one_ground", owes(ground="'inclusion'"), then=UNDECIDED),
    named(D, "debt_falls_due_later", owes(due_at="now()"), then=UNDECIDED),
    named(D, "doe_debt_component_id_key", owes(**INCLUSION) + ";" + owes(**INCLUSION | {
        "id": "-2"}), then=UNDECIDED),
    trigger(R, "guard_repayment", repays("verb <> 'cancel'"), "by CERs cancelled for excess"),
    trigger(R, "guard_repayment", repays(f"{LOOSE} AND quantity = 3"), "leaves 1 units open"),
    trigger(R, "guard_repayment", repays(f"{LOOSE} AND state = 'executed'"), "it is executed"),
    trigger(R, "guard_repayment", put(R, "at = now() - interval '1 day'"), "of record: UPDATE"),
    trigger(R, "guard_repayment", f"DELETE FROM {R}", "a repayment is of record: DELETE"),
    trigger(R, "of_record_truncate", f"TRUNCATE {R}", OF_RECORD),
    named(R, "doe_repayment_proposal_id_key",
          repays(f"state = 'proposed' AND id IN (SELECT proposal_id FROM {R})")),
    trigger(INQ, "guard_state", copy(INQ, FOUND), "begins as proposed, not found",
            then='"board_inquiry_debt_id_key"'),
    trigger(INQ, "guard_state", put(INQ, "decision = 'x'", FOUND), "is of record: UPDATE"),
    trigger(INQ, "guard_state", put(INQ, "reasons = 'x'", PROPOSED), "stays as it was"),
    trigger(INQ, "guard_state", f"DELETE FROM {INQ} WHERE {PROPOSED}",
            "an inquiry is of record: DELETE"),
    trigger(INQ, "guard_state", put(INQ, "excess = 999999999", PROPOSED), "of the issued units",
            then='"inquiry_decided_with_debt"'),
    trigger(INQ, "of_record_truncate", f"TRUNCATE {INQ}", OF_RECORD),
    named(INQ, "inquiry_not_negative", copy(INQ, PROPOSED, period_id=PERIOD, proposed="-1")),
    named(INQ, "inquiry_decided_with_debt", put(INQ, FOUND, PROPOSED)),
    named(INQ, "inquiry_has_four_eyes",
          put(INQ, "state = 'cleared', excess = 0, decided_at = now(),"
              " decided_by_id = prepared_by_id", PROPOSED), '"inquiry_hears_the_doe"'),
    trigger(INQ, "guard_state", copy(INQ, PROPOSED, period_id=PERIOD, answer_until="NULL"),
            "unanswered, with a time to answer"),
    trigger(INQ, "guard_state", put(INQ, "answer_until = prepared_at", PROPOSED),
            "stays as it was"),
    trigger(INQ, "guard_state", answers(by="prepared_by_id"), "the DOE concerned answers"),
    trigger(INQ, "guard_state", answers() + ";" + answers("'y'"), "stays as it was"),
    trigger(INQ, "guard_state", answers(more=f", state = 'cleared', excess = 0, {LATER}"),
            "stays as it was"),
    named(INQ, "inquiry_is_answered_in_time", answers(text="''")),
    named(INQ, "inquiry_is_answered_in_time", answers(at="answer_until")),
    named(INQ, "inquiry_hears_the_doe",
          put(INQ, f"state = 'cleared', excess = 0, {LATER}", PROPOSED)),
    named(INQ, "board_inquiry_debt_id_key",
          answers() + ";" + put(
              INQ, f"{FOUND}, excess = 2, debt_id = (SELECT min(debt_id) FROM {INQ}), {LATER}",
              PROPOSED)),
    twice(INQ, "one_inquiry_at_a_time", PROPOSED),
    trigger(COMPONENT, "debt_opened", EXCLUDED, "no debt is opened"),
    trigger(*in_debt(COMPONENT, "doe_id", SUBMITTED,
                     put(COMPONENT, included("included", "99"), SUBMITTED))),
    trigger(*in_debt("doe_validation", "organisation_id", OPEN,
                     put("doe_validation", "state = 'negative', decided_at = now()", OPEN))),
    trigger(*in_debt("doe_verification", "organisation_id", "state = 'verifying'",
                     put("doe_verification", "state = 'negative', decided_at = now()",
                         "state = 'verifying'"))),
    trigger("projects_revision", "no_debt",
            ";".join((revision(no_conflict_at="now()"), to("offered", "doe_opinion"),
                      owes("(SELECT doe_id FROM projects_revision WHERE id = -1)"),
                      to("negative", last=CONCLUDED))),
            "the DOE owes CERs", then=UNDECIDED),
    trigger(*in_debt("board_request", "submitted_by_id", REGISTRATION,
                     copy("board_request", REGISTRATION, reference="'X'", state="'submitted'"),
                     then='"one_request_for_registration"')),
)  # fmt: skip

"""What an insider may try on prior consideration, withdrawals and deregistrations; see attacks.py.
Where an attack needs a decided record, it writes its own first."""

from __future__ import annotations

from tests.ground.attacks import OF_RECORD, SOMEBODY, copy, named, put, trigger, twice

PROJECT, NOTICE = "projects_project", "participant_priornotice"
WITHDRAWAL, DEREGISTRATION = "board_withdrawal", "board_deregistration"
TAKEN_BACK, REFUSED, ASKED = "state = 'taken_back'", "state = 'refused'", "state = 'asked'"
BEGAN = "start_date = '2010-01-01', prior_due_at = '2010-07-01', validation_began_at = now()"
LINED = (
    "(SELECT max(r.project_id) FROM board_request r JOIN board_instruction i"
    " ON i.request_id = r.id WHERE i.issuance_id IS NULL)"
)
"""A registered project with an instruction that is not issued yet."""

MONITORED = f"(SELECT max(id) FROM projects_monitoringperiod WHERE project_id = {LINED})"
OPEN = "(SELECT max(project_id) FROM doe_validation WHERE state = 'open')"
VOTED = "(SELECT max(project_id) FROM board_request WHERE state = 'assessed')"
UNUSED = (
    "(SELECT max(id) FROM registry_issuance WHERE id NOT IN"
    " (SELECT issuance_id FROM board_instruction WHERE issuance_id IS NOT NULL))"
)


def filed(project: str) -> str:
    """A withdrawal past the actions, filed by some organisation."""
    made = copy(WITHDRAWAL, ASKED, project_id=project, reason="'x'")
    return (
        f"{made};UPDATE {WITHDRAWAL} SET state = 'filed', decided_at = now(),"
        " filed_by_id = (SELECT min(id) FROM identity_organisation) WHERE id = -1"
    )


GRANTED = (
    f"{copy(DEREGISTRATION, ASKED, project_id=LINED)};"
    f"UPDATE {DEREGISTRATION} SET state = 'granted', decided_at = now(), decision = 'x',"
    f" decided_by_id = {SOMEBODY} WHERE id = -1;"
    f"UPDATE {PROJECT} SET stage = 'deregistered' WHERE id = {LINED}"
)
NO_MORE = "no further issuance"

PRIOR = (
    named(NOTICE, "prior_notice_in_time", copy(NOTICE, filed_at="due_at")),
    trigger(NOTICE, "of_record", put(NOTICE, "description = 'x'"), "of record"),
    trigger(NOTICE, "of_record", put(NOTICE, "published_at = now(), start_date = '2001-01-01'"),
            "of record"),
    trigger(NOTICE, "of_record", copy(NOTICE, published_at="now()"), "filed before"),
    trigger(NOTICE, "of_record_truncate", f"TRUNCATE {NOTICE}", "is of record"),
    trigger(PROJECT, "prior_notified",
            put(PROJECT, f"stage = 'validation', {BEGAN}", "stage = 'national_approval'"),
            "without notice of it"),
    named(PROJECT, "design_begins_afresh",
          put(PROJECT, "opinion = 'positive'", "stage = 'design'")),
)  # fmt: skip

ENDS = (
    trigger(PROJECT, "guard_end", put(PROJECT, "stage = 'withdrawn'", "stage = 'validation'"),
            "withdrawn through its DOE", "has an open validation"),
    trigger(PROJECT, "guard_end",
            f"{filed(VOTED)};UPDATE {PROJECT} SET stage = 'withdrawn' WHERE id = {VOTED}",
            "under final decision"),
    trigger(PROJECT, "guard_end", put(PROJECT, "stage = 'deregistered'", "stage = 'monitoring'"),
            "only the Board deregisters"),
    *(trigger(table, "guard_state", copy(table, ended), "does not begin as")
      for table, ended in ((WITHDRAWAL, TAKEN_BACK), (DEREGISTRATION, REFUSED))),
    trigger(WITHDRAWAL, "guard_state",
            put(WITHDRAWAL, "state = 'filed', decided_at = now()", TAKEN_BACK),
            "no way from taken_back to filed", OF_RECORD),
    trigger(DEREGISTRATION, "guard_state", put(DEREGISTRATION, "state = 'granted'", REFUSED),
            "no way from refused to granted", OF_RECORD),
    *(trigger(table, "of_record", put(table, f"{column} = 'x'", ended), OF_RECORD)
      for table, column, ended in (
          (WITHDRAWAL, "statement", TAKEN_BACK), (DEREGISTRATION, "decision", REFUSED),
          (WITHDRAWAL, "reason", ASKED), (DEREGISTRATION, "reason", ASKED))),
    *(trigger(table, "of_record", f"DELETE FROM {table} WHERE {ASKED}", OF_RECORD)
      for table in (WITHDRAWAL, DEREGISTRATION)),
    *(trigger(table, "of_record_truncate", f"TRUNCATE {table}", OF_RECORD)
      for table in (WITHDRAWAL, DEREGISTRATION)),
    twice(WITHDRAWAL, "one_withdrawal_asked", ASKED),
    twice(DEREGISTRATION, "one_deregistration_asked", ASKED),
    named(WITHDRAWAL, "withdrawal_says_who_filed",
          put(WITHDRAWAL, "state = 'filed', decided_at = now()", ASKED)),
    named(DEREGISTRATION, "deregistration_has_reasons",
          put(DEREGISTRATION, f"state = 'granted', decided_at = now(), decided_by_id = {SOMEBODY}",
              ASKED)),
    trigger("board_request", "no_further_issuance",
            f"{GRANTED};UPDATE board_request SET state = state, check_due_at = now()"
            f" WHERE project_id = {LINED} AND kind = 'issuance'", NO_MORE),
    trigger("board_instruction", "no_further_issuance",
            f"{GRANTED};UPDATE board_instruction SET issuance_id = {UNUSED} WHERE request_id IN"
            f" (SELECT id FROM board_request WHERE project_id = {LINED})", NO_MORE,
            "share of proceeds"),
    trigger(PROJECT, "no_open_validation",
            f"{filed(OPEN)};UPDATE {PROJECT} SET stage = 'withdrawn' WHERE id = {OPEN}",
            "has an open validation"),
    trigger("doe_engagement", "while_it_goes_on",
            f"{GRANTED};" + copy("doe_engagement", "period_id IS NOT NULL", state="'offered'",
                                 project_id=LINED, period_id=MONITORED, decided_at="NULL"),
            "no DOE is engaged"),
    *(trigger(table, "while_registered", f"{GRANTED};{copy(table, **{'id': '-9'} | changes)}",
              "nothing is monitored of")
      for table, changes in (
          ("participant_readingsfile", {"period_id": MONITORED}),
          ("participant_monitoringreport", {"period_id": MONITORED, "version": "99"}))),
    trigger("participant_statedrows", "while_registered",
            f"{GRANTED};INSERT INTO participant_statedrows"
            " (period_id, symbol, rows, stated_by, stated_at)"
            f" VALUES ({MONITORED}, 'stoves', '[]', 'x', now())",
            "nothing is monitored of"),
    trigger("participant_acceptedgap", "while_registered",
            f"{GRANTED};INSERT INTO participant_acceptedgap"
            " (file_id, key, reason, accepted_by, accepted_at) SELECT max(id), 'x', 'x', 'x', now()"
            f" FROM participant_readingsfile WHERE period_id = {MONITORED}",
            "nothing is monitored of"),
    trigger("projects_monitoringperiod", "no_further_issuance",
            f"{GRANTED};UPDATE projects_monitoringperiod SET stage = stage, opened_at = now()"
            f" WHERE project_id = {LINED}", NO_MORE),
)  # fmt: skip

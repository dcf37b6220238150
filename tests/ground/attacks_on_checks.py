"""What an insider may try on indicators and on the checks of DOEs; see attacks.py. The world has a
draft and a waiting amendment, each with an indicator, and a check of the report in view that a DOE
works on; where an attack needs another state, it brings it about first."""

from __future__ import annotations

from tests.ground.attacks import OF_RECORD, Attack, copy, named, put, trigger, twice

R, S = "cobenefits_report", "cobenefits_said"
C, FOUND, TYPED = "cobenefits_check", "cobenefits_checkline", "cobenefits_typedbenefit"
ENTRY = "cobenefits_indicatorentry"
DRAFT, WORKING = "state = 'draft'", "state = 'accepted'"
OF_DRAFT = f"report_id = (SELECT id FROM {R} WHERE {DRAFT})"
OF_WAITING = f"report_id = (SELECT id FROM {R} WHERE state = 'submitted')"
HAND_IN = put(R, "state = 'submitted', turn = turn + 1, submitted_at = now()", DRAFT)
END = put(C, "state = 'ended'", WORKING)
CONCLUDE = "state = 'checked', concluded_at = now()"
NEW = {"state": "'asked'", "decided_at": "NULL", "no_conflict_at": "NULL"}


def other(**changes: str) -> str:
    """The check under way ended, and another one asked for past the actions."""
    return f"{END};{copy(C, **(NEW | changes))}"


def then(change: str) -> str:
    """What becomes of that other one."""
    return f"{other()};UPDATE {C} SET {change} WHERE id = -1"


GUARDS: tuple[Attack, ...] = (
    trigger(C, "guard_state", copy(C, WORKING), "begins as asked, not accepted",
            "one_check_of_a_version"),
    trigger(C, "guard_state", put(C, "state = 'declined', reason = 'x'", WORKING),
            "no way from accepted to declined"),
    trigger(C, "guard_state",
            other(doe_id="(SELECT max(id) FROM identity_organisation WHERE kind = 'secretariat')"),
            "is accredited for verification"),
    trigger(C, "guard_state",
            copy(C, WORKING, report_id=f"(SELECT id FROM {R} WHERE state = 'submitted')", **NEW),
            "checks the report in view"),
    trigger(C, "guard_state",
            f"DELETE FROM {FOUND};{put(C, f'{CONCLUDE}, statement = 1', WORKING)}",
            "finds something, in words"),
    trigger(C, "of_record", put(C, "asked_at = now()", WORKING), "of record while it is accepted"),
    trigger(C, "of_record", f"{END};{put(C, 'statement = 1')}", "of record while it is ended"),
    trigger(C, "of_record", f"DELETE FROM {FOUND};DELETE FROM {C}", "of record: DELETE refused"),
    trigger(C, "of_record_truncate", f"TRUNCATE {C} CASCADE", OF_RECORD, OF_RECORD),
    trigger(FOUND, "of_record", f"{END};{put(FOUND, 'text = 1')}",
            "of record while its check is ended"),
    trigger(FOUND, "of_record", copy(FOUND, criterion="'energy'"),
            "on the criteria that the version reports"),
    trigger(FOUND, "of_record_truncate", f"TRUNCATE {FOUND}", OF_RECORD),
    trigger(R, "checks_end",
            put(R, "state = 'withdrawn', ended_at = now(), reason = 'x'", "state = 'published'"),
            "an open check ends with the version"),
    trigger(R, "indicators_complete", f"UPDATE {S} SET level = '' WHERE {OF_DRAFT};{HAND_IN}",
            "has words, a level, and its criterion"),
    trigger(S, "of_record", put(S, "text = 'Forged'", OF_WAITING),
            "of record while it is submitted"),
    trigger(S, "of_record_truncate", f"TRUNCATE {S}", OF_RECORD),
    trigger(S, "own_evidence",
            put(S, f"document_id = (SELECT min(id) FROM projects_document WHERE project_id <>"
                f" (SELECT project_id FROM {R} WHERE {DRAFT}))", OF_DRAFT),
            "a document of the same project"),
)  # fmt: skip

CHECKS: tuple[Attack, ...] = (
    *GUARDS,
    twice(S, "indicator_said_once", OF_DRAFT),
    named(S, "said_in_a_section", put(S, "section = 'fame'", OF_DRAFT)),
    named(S, "indicator_level_known", put(S, "level = 'enormous'", OF_DRAFT)),
    named(S, "quantity_has_a_unit", put(S, "unit = ''", OF_DRAFT)),
    named(S, "what_does_not_apply_says_no_more", put(S, "applicable = false", OF_DRAFT)),
    named(ENTRY, "indicator_in_a_section", copy(ENTRY, section="'fame'")),
    named(ENTRY, "indicator_entry_says_something", copy(ENTRY, source="''")),
    twice(TYPED, "typed_benefit_once"),
    named(TYPED, "typed_benefit_in_a_section", put(TYPED, "section = 'fame'")),
    named(C, "one_check_of_a_version", copy(C, WORKING, **NEW)),
    named(C, "checker_declares_no_conflict", then("state = 'accepted', decided_at = now()")),
    named(C, "check_concludes_in_words", put(C, f"{CONCLUDE}, statement = ''", WORKING)),
    named(C, "declined_check_has_reason", then("state = 'declined', reason = ''")),
    twice(FOUND, "criterion_checked_once"),
    named(FOUND, "check_outcome_known", put(FOUND, "outcome = 'maybe'")),
)  # fmt: skip

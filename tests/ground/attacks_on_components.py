"""What an insider may try on the components of a programme, on what a monitoring period covers and
on exclusions; see attacks.py."""

from __future__ import annotations

from tests.ground.attacks import OF_RECORD, SOMEBODY, copy, named, put, trigger, twice

COMPONENT, COVERED = "projects_component", "projects_coveredcomponent"
C, EXCLUSION = COMPONENT, "board_exclusion"
DRAFT, SUBMITTED, INCLUDED = "state = 'draft'", "state = 'submitted'", "state = 'included'"
PROPOSED, GRANTED = "state = 'proposed'", "state = 'granted'"
PROGRAMME = "(SELECT min(id) FROM projects_project WHERE kind = 'programme')"
ACTIVITY = "(SELECT min(id) FROM projects_project WHERE kind = 'activity')"
PERIOD = f"(SELECT id FROM projects_monitoringperiod WHERE project_id = {PROGRAMME})"
ELSEWHERE = f"(SELECT min(id) FROM projects_monitoringperiod WHERE project_id <> {PROGRAMME})"
ANOTHER = f"(SELECT max(id) FROM {C} WHERE {INCLUDED})"
"""A component that no period covers yet."""


def included(state: str, number: str) -> str:
    """What a submitted component gets with its inclusion."""
    return (
        f"state = '{state}', number = {number}, no_conflict_at = now(), included_at = now(),"
        " statement_id = (SELECT min(id) FROM projects_document),"
        " programme_last_date = '2030-01-01'"
    )


def covers(component: str = ANOTHER, period: str = PERIOD) -> str:
    """A component that a period is said to cover."""
    return (
        f"INSERT INTO {COVERED} (id, component_id, period_id) VALUES (-1, {component}, {period})"
    )


UNDECIDED = {"state": "'proposed'", "decision": "''", "decided_by_id": "NULL",
             "decided_at": "NULL"}  # fmt: skip
COMPONENTS = (
    trigger(C, "guard_state", copy(C, INCLUDED, order="99", number="99"),
            "a component begins as draft, not included"),
    trigger(C, "guard_state", copy(C, DRAFT, order="99", programme_id=ACTIVITY),
            "belongs to a programme"),
    trigger(C, "guard_state", put(C, included("renewed", "99"), SUBMITTED),
            "no way from submitted to renewed"),
    trigger(C, "guard_state",
            put(C, "state = 'renewed', renewals = renewals + 1, renewed_at = now(),"
                " crediting_last_date = crediting_last_date + 9999", INCLUDED),
            "is renewed after its programme"),
    trigger(C, "guard_state", put(C, "state = 'included'", "state = 'excluded'"),
            "no way from excluded to included", then="of record while it is excluded"),
    trigger(C, "of_record", put(C, "title = 'x'", INCLUDED), "of record while it is included"),
    trigger(C, "of_record", put(C, "answers = '[]'", SUBMITTED), "of record while it is submitted"),
    trigger(C, "of_record", put(C, "debt_tonnes = 9", "state = 'excluded'"),
            "of record while it is excluded"),
    trigger(C, "of_record", f"DELETE FROM {C} WHERE {DRAFT}", "of record: DELETE refused"),
    trigger(C, "of_record_truncate", f"TRUNCATE {C} CASCADE", OF_RECORD, then="of record"),
    trigger(C, "exclusion_decided",
            put(C, "state = 'excluded', excluded_at = now(), debt_tonnes = 5", INCLUDED),
            "the Board has not decided", then="no debt is opened"),
    twice(C, "component_order_once", DRAFT),
    named(C, "component_number_once", put(C, included("included", "1"), SUBMITTED)),
    named(C, "component_runs_forward",
          put(C, "crediting_last_date = crediting_first_date - 1", DRAFT)),
    named(C, "submitted_component_is_complete", put(C, SUBMITTED, DRAFT)),
    named(C, "included_component_has_statement", put(C, INCLUDED, SUBMITTED)),
    named(C, "excluded_component_has_debt", put(C, "debt_tonnes = 5", INCLUDED)),
    named(C, f"{C}_order_check", copy(C, DRAFT, order="-1")),
    named(C, f"{C}_number_check", put(C, included("included", "-1"), SUBMITTED)),
    named(C, f"{C}_design_version_check", put(C, "design_version = -1", DRAFT)),
    named(C, f"{C}_renewals_check", copy(C, DRAFT, order="99", renewals="-1")),
    trigger("projects_project", "kind_stays",
            put("projects_project", "kind = 'programme'", "kind = 'activity'"),
            "settled at its start"),
    trigger("projects_monitoringperiod", "period_covers",
            copy("projects_monitoringperiod", f"project_id = {PROGRAMME}", number="99",
                 first_date="last_date + 1", last_date="last_date + 2"),
            "names its components"),
    trigger(COVERED, "covers", covers(f"(SELECT min(id) FROM {C} WHERE {DRAFT})"),
            "not one that is draft"),
    trigger(COVERED, "covers", covers(f"(SELECT min(id) FROM {C} WHERE state = 'excluded')"),
            "not one that is excluded"),
    trigger(COVERED, "covers", covers(period=ELSEWHERE), "of its own programme"),
    trigger(COVERED, "covers",
            put("projects_monitoringperiod", "reported_at = now()", f"id = {PERIOD}") + ";"
            + covers(), "covers what it covers"),
    twice(COVERED, "component_covered_once"),
)  # fmt: skip

MOVED = {"component_id": ANOTHER, "state": "'moved'", "reasons": "''", "tonnes": "0",
         "prepared_by_id": "NULL", "prepared_at": "NULL", "motion": "'x'", "moved_at": "now()",
         "moved_by_id": SOMEBODY}  # fmt: skip
EXCLUSIONS = (
    trigger(EXCLUSION, "guard_state",
            copy(EXCLUSION, PROPOSED, **MOVED) + f";UPDATE {EXCLUSION} SET {GRANTED} WHERE id = -1",
            "what is moved is prepared first", then='"exclusion_'),
    named(EXCLUSION, "exclusion_is_prepared",
          copy(EXCLUSION, PROPOSED, component_id=ANOTHER, prepared_at="NULL")),
    named(EXCLUSION, "exclusion_names_its_mover",
          copy(EXCLUSION, PROPOSED, component_id=ANOTHER, moved_at="now()")),
    named(EXCLUSION, "exclusion_has_four_eyes",
          copy(EXCLUSION, PROPOSED, **MOVED | {"prepared_at": "now()", "reasons": "'x'",
               "prepared_by_id": "1", "state": "'proposed'"})
          + f";UPDATE {EXCLUSION} SET {GRANTED}, decided_by_id = moved_by_id, decided_at = now()"
          " WHERE id = -1"),
    trigger(EXCLUSION, "guard_state", copy(EXCLUSION, GRANTED),
            "begins as moved or proposed, not granted"),
    trigger(EXCLUSION, "guard_state", put(EXCLUSION, "decision = 'x'", GRANTED),
            "an exclusion is of record: UPDATE"),
    trigger(EXCLUSION, "guard_state", put(EXCLUSION, "reasons = 'x'", PROPOSED),
            "stays as it was"),
    trigger(EXCLUSION, "guard_state", f"DELETE FROM {EXCLUSION} WHERE {PROPOSED}",
            "an exclusion is of record: DELETE"),
    trigger(EXCLUSION, "of_record_truncate", f"TRUNCATE {EXCLUSION}", OF_RECORD),
    named(EXCLUSION, "exclusion_debt_not_negative",
          copy(EXCLUSION, GRANTED, **UNDECIDED | {"tonnes": "-1"})),
    named(EXCLUSION, "exclusion_decided_by_somebody", put(EXCLUSION, GRANTED, PROPOSED)),
    named(EXCLUSION, "exclusion_has_four_eyes",
          put(EXCLUSION, f"{GRANTED}, decided_by_id = prepared_by_id, decided_at = now()",
              PROPOSED)),
    twice(EXCLUSION, "one_exclusion_at_a_time", PROPOSED),
)  # fmt: skip

"""What an insider may try on calibrations and their corrections, past the actions; see attacks.py.
"""

from __future__ import annotations

from tests.ground.attacks import named

CALIBRATION, CORRECTION = "participant_calibration", "participant_acceptedcorrection"
LIST, EVENT = "participant_eventlist", "participant_plantevent"
SURVEY, ANSWER = "participant_survey", "participant_surveyanswer"
KEPT = (CORRECTION, CALIBRATION, LIST, EVENT, SURVEY, ANSWER)


def calibrated(ident: int = -1, replaces: str = "NULL", **changes: str) -> str:
    """A calibration of some project, put in past the action."""
    given = {
        "done_date": "'2020-01-01'", "due_date": "'2021-01-01'", "interval_months": "12",
        "permissible_error": "0.2", "error_found": "0.1", "meter": "'M-1'", "laboratory": "'x'",
    } | changes
    return (
        f"INSERT INTO {CALIBRATION} (id, project_id, symbol, accuracy_class, certificate_id,"
        f" replaces_id, recorded_by, recorded_at, {', '.join(given)})"
        f" SELECT {ident}, min(d.project_id), 'EG_export', '0.2S', min(d.id), {replaces}, 'x',"
        f" now(), {', '.join(given.values())} FROM projects_document d"
    )


def corrected(ident: int = -1, reason: str = "x") -> str:
    """A correction of some period, accepted past the action."""
    return (
        f"INSERT INTO {CORRECTION} (id, period_id, key, reason, accepted_by, accepted_at)"
        f" SELECT {ident}, min(id), 'k', '{reason}', 'x', now() FROM projects_monitoringperiod"
    )


def listed(ident: int = -1, number: int = 9) -> str:
    """A list of events of some period."""
    return (
        f"INSERT INTO {LIST} (id, period_id, number, recorded_by, recorded_at)"
        f" SELECT {ident}, min(id), {number}, 'x', now() FROM projects_monitoringperiod"
    )


def happened(ends: str = "2020-01-02Z", row: int = 1) -> str:
    """An event of that list."""
    return (
        f"INSERT INTO {EVENT} (id, source_id, row_number, kind, symbol, begins_at, ends_at, note)"
        f" VALUES (-1, -1, {row}, 'other', '', '2020-01-01Z', '{ends}', '')"
    )


def surveyed(ident: int = -1, number: int = 9, population: int = 9) -> str:
    """A survey of some period."""
    return (
        f"INSERT INTO {SURVEY} (id, period_id, symbol, number, population, recorded_by,"
        f" recorded_at) SELECT {ident}, min(id), 'mu', {number}, {population}, 'x', now()"
        " FROM projects_monitoringperiod"
    )


def answered(ident: int = -1, value: int = 1, row: int = 2) -> str:
    """What a unit of that survey answered."""
    return (
        f"INSERT INTO {ANSWER} (id, survey_id, row_number, unit, asked_date, value)"
        f" VALUES ({ident}, -1, {row}, 'H1', '2020-01-01', {value})"
    )


ALL = (
    named(SURVEY, "survey_version_once", f"{surveyed()};{surveyed(-2)}"),
    named(SURVEY, f"{SURVEY}_number_check", surveyed(number=-1)),
    named(SURVEY, f"{SURVEY}_population_check", surveyed(population=-1)),
    named(ANSWER, "unit_asked_once", f"{surveyed()};{answered()};{answered(-2)}"),
    named(ANSWER, "answer_not_negative", f"{surveyed()};{answered(value=-1)}"),
    named(ANSWER, f"{ANSWER}_row_number_check", f"{surveyed()};{answered(row=-1)}"),
    named(LIST, "event_list_once", f"{listed()};{listed(-2)}"),
    named(LIST, f"{LIST}_number_check", listed(number=-1)),
    named(EVENT, "event_ends_after_it_begins", f"{listed()};{happened('2020-01-01Z')}"),
    named(EVENT, f"{EVENT}_row_number_check", f"{listed()};{happened(row=-1)}"),
    named(CALIBRATION, "calibration_recorded_once", f"{calibrated()};{calibrated(-2)}"),
    named(CALIBRATION, "calibration_due_later", calibrated(due_date="'2020-01-01'")),
    named(CALIBRATION, "calibration_errors_are_shares", calibrated(error_found="100.1")),
    named(CALIBRATION, "calibration_is_told", calibrated(meter="''")),
    named(CALIBRATION, f"{CALIBRATION}_interval_months_check", calibrated(interval_months="-1")),
    named(CALIBRATION, f"{CALIBRATION}_replaces_id_key",
          f"{calibrated()};{calibrated(-2, '-1')};{calibrated(-3, '-1')}"),
    named(CORRECTION, "correction_accepted_once", f"{corrected()};{corrected(-2)}"),
    named(CORRECTION, "correction_has_a_reason", corrected(reason="")),
)  # fmt: skip

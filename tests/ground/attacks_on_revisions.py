"""What an insider may try on revisions of a registered design, on crediting periods and registered
versions, and on the days of monitoring; see attacks.py. There is no revision in the state attacked,
so that an attack writes its own first.
"""

from __future__ import annotations

from tests.ground.attacks import OF_RECORD, copy, named, put, trigger, twice
from tests.ground.attacks_on_letters import written

TABLE = "projects_revision"
CREDITED, VERSIONS = "projects_creditingperiod", "projects_registeredversion"
PROJECT = f"(SELECT min(project_id) FROM {CREDITED})"
DOE = "(SELECT min(id) FROM identity_organisation WHERE kind = 'doe')"
DOCUMENT = "(SELECT min(id) FROM projects_document)"
FREE = (
    "(SELECT min(id) FROM projects_project WHERE id NOT IN"
    f" (SELECT project_id FROM {CREDITED}))"
)


EARLY, BEFORE, LATER = "'1990-01-01'", "'2899-12-31'", "'2950-01-01'"
STARTS = "'start_date'"
FORGED, OTHER_DOE = "conclusion = 'Forged'", "doe_id = doe_id + 1"
MONITORED = "(SELECT min(project_id) FROM projects_monitoringperiod)"


def revision(**changes: str) -> str:
    """A draft past the actions, of a registered project."""
    row = {"id": "-1", "project_id": PROJECT, "number": "1", "kind": "'renewal'",
           "track": "'prior'", "reasons": "'Because'", "effective_date": "'2030-01-01'",
           "state": "'draft'", "created_at": "now()", "returned_reason": "''", "conclusion": "''",
           "doe_id": DOE, "design_version": "1"} | changes  # fmt: skip
    return written(TABLE, row)


def to(*states: str, last: str = "") -> str:
    """The draft is moved on, state by state; `last` is what is set with the last of them."""
    moves = [f"UPDATE {TABLE} SET state = '{state}' WHERE id = -1" for state in states]
    if last:
        moves[-1] = moves[-1].replace(" WHERE", f", {last} WHERE")
    return ";".join(moves)


WITH_REPORT = f"report_id = {DOCUMENT}, opinion_at = now()"
VALIDATED = f"{to('offered', 'doe_opinion')};{to('positive', last=WITH_REPORT)}"
APPROVED = f"{VALIDATED};{to('requested')};{to('approved', last='decided_at = now()')}"


def credited(**changes: str) -> str:
    """A crediting period past the actions, after the first one of the project."""
    row = {"project_id": PROJECT, "number": "2", "version": "1", "first_date": "'2900-01-01'",
           "last_date": "'2906-12-31'", "estimated_annual_tonnes": "1", "design_version": "1",
           "revision_id": "-1", "renewed_by_id": DOE, "registered_at": "now()"}  # fmt: skip
    row |= changes
    return written(CREDITED, row)


def registered(**changes: str) -> str:
    """A registered version past the actions."""
    row = {"project_id": PROJECT, "design_version": "2", "effective_date": "'2900-01-01'",
           "revision_id": "-1", "registered_at": "now()"} | changes  # fmt: skip
    return written(VERSIONS, row)


RENEWED = f"{revision()};{APPROVED}"
SECOND = f"{revision(design_version='2')};{APPROVED}"
MOVED = f"{revision(kind=STARTS)};{APPROVED}"
MONITORED_ONE = f"{revision(kind=STARTS, project_id=MONITORED)};{APPROVED}"
MOVED_AWAY = credited(project_id=MONITORED, number="1", version="2", renewed_by_id="NULL")
UNREPORTED = to("approved", last=f"decided_at = now(), {WITH_REPORT}")
REWRITTEN = put(TABLE, "reasons = 'Forged'")
REVISIONS = (
    trigger(TABLE, "guard_state",
            revision(state="'approved'", decided_at="now()", report_id=DOCUMENT,
                     opinion_at="now()"),
            "a revision begins as a draft, not approved"),
    trigger(TABLE, "guard_state", f"{revision()};{UNREPORTED}",
            "knows no way from draft to approved"),
    trigger(TABLE, "guard_state", f"{revision()};{to('offered')};{REWRITTEN}",
            "what the DOE validates stays as it was frozen"),
    trigger(TABLE, "guard_state", f"{RENEWED};{put(TABLE, FORGED)}",
            "a revision that ended stays as it ended"),
    trigger(TABLE, "guard_state",
            f"{revision()};{to('offered', 'doe_opinion')};{put(TABLE, OTHER_DOE)}",
            "the DOE that took a revision on stays its DOE"),
    trigger(TABLE, "stays",
            f"{RENEWED};{revision(id='-2', number='2')};DELETE FROM {TABLE} WHERE id = -2",
            f"{TABLE} {OF_RECORD}"),
    trigger(TABLE, "stays_truncate", f"TRUNCATE {TABLE} CASCADE", f"{TABLE} {OF_RECORD}",
            OF_RECORD),
    named(TABLE, "projects_revision_number_check", revision(number="-1")),
    named(TABLE, "projects_revision_design_version_check", revision(design_version="-1")),
    named(TABLE, "revision_number_once", f"{RENEWED};{revision(id='-2')}"),
    named(TABLE, "one_revision_at_a_time", f"{revision()};{revision(id='-2', number='2')}"),
    named(TABLE, "revision_has_reasons", revision(reasons="''")),
    named(TABLE, "deviation_alone_ends", revision(last_date="'2031-01-01'")),
    named(TABLE, "issuance_track_names_its_period", revision(track="'issuance'")),
    named(TABLE, "revision_names_its_doe", f"{revision(doe_id='NULL')};{to('offered')}"),
    named(TABLE, "revision_has_its_version",
          f"{revision(design_version='NULL')};{to('offered')}"),
    named(TABLE, "opinion_has_report", f"{revision()};{to('offered', 'doe_opinion', 'positive')}"),
    named(TABLE, "ended_revision_has_date", f"{revision()};{to('withdrawn')}"),
    trigger(CREDITED, "guard_crediting", f"{revision()};{credited()}",
            "only an approved renewal or change of its start makes a crediting period"),
    trigger(CREDITED, "guard_crediting", f"{RENEWED};{credited(first_date=EARLY)}",
            "a renewed crediting period follows the one before"),
    trigger(CREDITED, "guard_crediting",
            f"{MONITORED_ONE};{MOVED_AWAY}",
            "the start of a crediting period is not moved once it is monitored"),
    twice(CREDITED, "crediting_period_once"),
    named(CREDITED, "projects_creditingperiod_revision_id_key",
          f"{RENEWED};{credited()};{credited(number='3', first_date=LATER, last_date=LATER)}"),
    named(CREDITED, "credited_period_runs_forward", f"{RENEWED};{credited(last_date=BEFORE)}"),
    named(CREDITED, "later_crediting_has_revision", credited(revision_id="NULL")),
    named(CREDITED, "renewal_names_its_doe", f"{RENEWED};{credited(renewed_by_id='NULL')}"),
    named(CREDITED, "projects_creditingperiod_design_version_check",
          f"{RENEWED};{credited(design_version='-1')}"),
    named(CREDITED, "projects_creditingperiod_number_check", f"{RENEWED};{credited(number='-1')}",
          '"renewal_names_its_doe"'),
    named(CREDITED, "projects_creditingperiod_version_check",
          f"{MOVED};{credited(version='-1')}"),
    trigger(VERSIONS, "guard_registered", registered(revision_id="NULL"),
            "a registered design document changes by a revision"),
    trigger(VERSIONS, "guard_registered", f"{revision(design_version='2')};{registered()}",
            "only an approved revision registers its version"),
    named(VERSIONS, "version_registered_once", f"{RENEWED};{registered(design_version='1')}"),
    named(VERSIONS, "projects_registeredversion_revision_id_key",
          f"{SECOND};{registered()};{registered()}", '"version_registered_once"'),
    named(VERSIONS, "projects_registeredversion_design_version_check",
          registered(project_id=FREE, revision_id="NULL", design_version="-1")),
    trigger("projects_monitoringperiod", "guard_credited",
            copy("projects_monitoringperiod", stage="'monitoring'", number="99",
                 first_date="'1990-01-01'", last_date="'1990-01-31'"),
            "a monitoring period lies inside one registered crediting period"),
    named("board_request", "one_request_for_revision", ";".join((
        revision(),
        *(copy("board_request", id=number, kind="'renewal'", period_id="NULL", revision_id="-1",
               reference=f"'{number}'", state="'submitted'")
          for number in ("-1", "-2")),
    ))),
)

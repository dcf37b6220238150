"""What an insider who owns the tables of the cases may try, and the one wall that refuses it.

The state that they attack (`assault` in test_attacks.py): a project at every stage (tests.world),
and one whose request is under review, with votes and a recusal. A statement of several parts is
split at its semicolons.
"""

from __future__ import annotations

from dataclasses import dataclass

OF_RECORD = "rows are of record"
SOMEBODY = "(SELECT max(id) FROM identity_person)"


@dataclass(frozen=True)
class Attack:
    """A statement and the wall of `table` that refuses it, with words of the error.

    `then` are words of the second wall, which stands when the first is down; None: nothing else.
    """

    table: str
    wall: str
    statement: str
    says: str
    then: str | None = None


def put(table: str, change: str, where: str = "true", key: str = "id") -> str:
    """One row changed: the first for which `where` holds."""
    first = f"SELECT min({key}) FROM {table} WHERE {where}"
    return f"UPDATE {table} SET {change} WHERE {key} = ({first})"


def copy(table: str, where: str = "true", /, **changes: str) -> str:
    """A second row like the first for which `where` holds; `changes` are expressions of SQL."""
    pairs = ", ".join(f"'{column}', {value}" for column, value in ({"id": "-1"} | changes).items())
    return (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(r, jsonb_build_object({pairs}))).*"
        f" FROM {table} r WHERE ctid = (SELECT ctid FROM {table} WHERE {where} ORDER BY 1 LIMIT 1)"
    )


def named(table: str, wall: str, statement: str, then: str | None = None) -> Attack:
    """An attack that a constraint or unique index refuses by its name."""
    return Attack(table, wall, statement, f'"{wall}"', then)


def trigger(table: str, wall: str, statement: str, says: str, then: str | None = None) -> Attack:
    """An attack that a trigger refuses in its own words."""
    return Attack(table, wall, statement, says, then)


def below_zero(table: str, column: str, where: str = "true", key: str = "id") -> Attack:
    """An update by which a count falls below zero, where rows may be updated."""
    return named(table, f"{table}_{column}_check", put(table, f"{column} = -1", where, key))


def twice(table: str, wall: str, where: str = "true", /, **changes: str) -> Attack:
    """A second row where there may be one."""
    return named(table, wall, copy(table, where, **changes))


def taken(table: str, column: str, where: str = "true") -> Attack:
    """A row takes the name of another."""
    other = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY id DESC LIMIT 1"
    return named(table, f"{table}_{column}_key", put(table, f"{column} = ({other})", where))


CLOSED = "(SELECT id FROM doe_validation WHERE state <> 'open')"
IN_WINDOW = "validation_id IN (SELECT id FROM doe_validation WHERE state = 'open')"
TRIGGERS = (
    trigger("projects_project", "guard_stage",
            put("projects_project", "stage = 'issuance'", "stage = 'design'"),
            "no way from design to issuance"),
    trigger("projects_project", "guard_stage",
            copy("projects_project", reference="'X'", number="NULL", stage="'validation'"),
            "a case begins in the stage design"),
    trigger("projects_monitoringperiod", "guard_stage",
            put("projects_monitoringperiod", "stage = 'monitoring'", "stage = 'offsetting'"),
            "no way from offsetting to monitoring"),
    trigger("projects_document", "of_record", put("projects_document", "title = 'Forged'"),
            "a filed document stays as it is"),
    trigger("projects_document", "of_record", put("projects_document", "public = false", "public"),
            "a filed document stays as it is"),
    trigger("projects_document", "of_record",
            "DELETE FROM projects_document WHERE id = (SELECT document_id FROM dna_letter"
            " WHERE document_id IS NOT NULL LIMIT 1)",
            "a filed document stays as it is", "violates foreign key constraint"),
    trigger("projects_document", "of_record_truncate", "TRUNCATE projects_document CASCADE",
            f"projects_document {OF_RECORD}", OF_RECORD),
    trigger("dna_letter", "of_record", put("dna_letter", "number = 'X'", "issued_at IS NOT NULL"),
            "a letter of approval is of record"),
    trigger("dna_letter", "of_record",
            "DELETE FROM dna_letter WHERE issued_at IS NOT NULL",
            "a letter of approval is of record", "violates foreign key constraint"),
    trigger("dna_letter", "of_record_truncate", "TRUNCATE dna_letter CASCADE",
            f"dna_letter {OF_RECORD}", f"dna_score {OF_RECORD}"),
    trigger("doe_comment", "of_record", put("doe_comment", "text = 'Forged'"),
            "a public comment is of record"),
    trigger("doe_comment", "of_record",
            put("doe_comment", "response = 'Late', responded_at = now()",
                f"validation_id IN {CLOSED}"),
            "a public comment is of record"),
    trigger("doe_comment", "of_record", "DELETE FROM doe_comment",
            "a public comment is of record"),
    trigger("doe_comment", "of_record_truncate", "TRUNCATE doe_comment CASCADE",
            f"doe_comment {OF_RECORD}"),
    trigger("doe_comment", "in_window",
            copy("doe_comment", IN_WINDOW, number="99", at="'2999-01-01T00:00:00Z'"),
            "comments are taken in the window only"),
    trigger("doe_comment", "in_window",
            copy("doe_comment", f"validation_id IN {CLOSED}", number="99"),
            "comments are taken in the window only"),
    trigger("doe_accreditation", "guard_state",
            copy("doe_accreditation", scope="9", state="'withdrawn'"),
            "doe_accreditation does not begin as withdrawn"),
    trigger("doe_engagement", "guard_state",
            put("doe_engagement", "state = 'offered'", "state = 'accepted'"),
            "knows no way from accepted to offered"),
    trigger("doe_proceeding", "guard_state",
            put("doe_proceeding", "state = 'asked'", "state = 'hearing'"),
            "knows no way from hearing to asked"),
    trigger("doe_proceeding", "of_record", "DELETE FROM doe_proceeding",
            "doe_proceeding is of record"),
    trigger("doe_proceeding", "of_record_truncate", "TRUNCATE doe_proceeding CASCADE",
            f"doe_proceeding {OF_RECORD}"),
    trigger("doe_validation", "guard_state",
            copy("doe_validation", "state = 'positive'", number="2"),
            "doe_validation does not begin as positive"),
    trigger("doe_verification", "guard_state",
            put("doe_verification", "state = 'paused', decided_at = now()", "state = 'verifying'"),
            "knows no way from verifying to paused"),
    trigger("doe_validation", "of_record",
            put("doe_validation", "conclusion = 'Forged'", "decided_at IS NOT NULL"),
            "doe_validation is of record once it is decided"),
    trigger("doe_validation", "of_record", "DELETE FROM doe_validation WHERE state = 'open'",
            "doe_validation is of record", "violates foreign key constraint"),
    trigger("doe_verification", "of_record",
            put("doe_verification", "certified = '{}'", "decided_at IS NOT NULL"),
            "doe_verification is of record once it is decided"),
    trigger("doe_verificationrun", "of_record",
            put("doe_verificationrun", "result = '{}'", "finished_at IS NOT NULL"),
            "a finished recomputation is of record"),
    trigger("doe_verificationrun", "of_record", "DELETE FROM doe_verificationrun",
            "a finished recomputation is of record"),
)  # fmt: skip
"""Those that rows or a state decide; the tables kept whole are attacked from the catalogue."""

PERIODS = "projects_monitoringperiod"
LAST_CREDITED = (
    "(SELECT max(c.last_date) FROM projects_creditingperiod c WHERE c.project_id = r.project_id)"
)
LANDING = (
    below_zero("projects_finding", "number"),
    below_zero(PERIODS, "number"),
    below_zero(PERIODS, "report_version"),
    below_zero("projects_project", "design_version"),
    below_zero("projects_project", "sectoral_scope"),
    named("projects_document", "projects_document_version_check",
          copy("projects_document", version="-1")),
    named("projects_project", "registered_has_number",
          put("projects_project", "number = NULL", "stage = 'monitoring'")),
    named("projects_project", "registered_has_number",
          put("projects_project", "registered_at = NULL", "stage = 'monitoring'")),
    named("projects_project", "crediting_runs_forward", put(
        "projects_project", "crediting_last_date = crediting_first_date - 1",
        "crediting_first_date IS NOT NULL")),
    taken("projects_project", "number"),
    taken("projects_project", "reference"),
    twice("projects_participation", "participant_once"),
    twice("projects_finding", "finding_number_once", "period_id IS NULL"),
    named(PERIODS, "certified_not_above_claimed",
          put(PERIODS, "certified_tonnes = claimed_tonnes + 1",
              "claimed_tonnes IS NOT NULL AND issued_tonnes IS NULL")),
    named(PERIODS, "issued_as_certified",
          put(PERIODS, "issued_tonnes = certified_tonnes + 1", "certified_tonnes IS NOT NULL")),
    named(PERIODS, "period_runs_forward", put(PERIODS, "last_date = first_date - 1"),
          "range lower bound must be less than or equal to range upper bound"),
    twice(PERIODS, "period_number_once", stage="'monitoring'", first_date=LAST_CREDITED,
          last_date=LAST_CREDITED),
    twice(PERIODS, "periods_do_not_overlap", stage="'monitoring'", number="99"),
)  # fmt: skip

GAP = (
    "INSERT INTO participant_acceptedgap (file_id, key, reason, accepted_by, accepted_at)"
    " SELECT min(id), 'k', 'r', 'n', now() FROM participant_readingsfile"
)
PARTICIPANT = (
    named("participant_designversion", "participant_designversion_number_check",
          copy("participant_designversion", number="-1")),
    named("participant_monitoringreport", "participant_monitoringreport_version_check",
          copy("participant_monitoringreport", version="-1")),
    named("participant_reading", "participant_reading_row_number_check",
          copy("participant_reading", row_number="-1", at="'1990-01-01T00:00:00Z'")),
    named("participant_reading", "reading_not_negative",
          copy("participant_reading", value="-0.001", at="'1990-01-01T00:00:00Z'")),
    named("participant_readingsfile", "participant_readingsfile_reading_count_check",
          copy("participant_readingsfile", reading_count="-1")),
    twice("participant_designdocument", "participant_designdocument_project_id_key"),
    twice("participant_designversion", "design_version_once"),
    twice("participant_monitoringreport", "report_version_once"),
    twice("participant_reading", "reading_once"),
    named("participant_acceptedgap", "gap_accepted_once", f"{GAP};{GAP}"),
)  # fmt: skip

RUNS = "doe_verificationrun"
DOE = (
    named("doe_accreditation", "accreditation_runs_forward",
          put("doe_accreditation", "valid_to = valid_from - 1")),
    named("doe_accreditation", "accreditation_scope_known",
          put("doe_accreditation", "scope = 16")),
    twice("doe_accreditation", "accreditation_once"),
    named("doe_comment", "doe_comment_number_check", copy("doe_comment", IN_WINDOW, number="-1")),
    named("doe_comment", "response_has_date",
          copy("doe_comment", IN_WINDOW, number="99", response="'Dateless'")),
    twice("doe_comment", "comment_number_once", IN_WINDOW),
    named("doe_engagement", "engagement_names_its_period",
          put("doe_engagement", "function = 'verification'", "period_id IS NULL")),
    named("doe_engagement", "engagement_declares_no_conflict",
          put("doe_engagement", "no_conflict_at = NULL", "state = 'accepted'")),
    named("doe_engagement", "one_engagement_of_a_state",
          copy("doe_engagement", "state = 'accepted'", state="'offered'") + ";"
          "UPDATE doe_engagement SET state = 'accepted' WHERE id = -1"),
    named("doe_proceeding", "exemption_names_its_project",
          put("doe_proceeding", "kind = 'exempt'")),
    twice("doe_proceeding", "one_proceeding_at_a_time"),
    below_zero("doe_proceeding", "months"),
    named("doe_proceeding", "proceeding_decided_by_somebody",
          put("doe_proceeding", "decided_at = now()")),
    named("doe_proceeding", "proceeding_is_prepared",
          put("doe_proceeding", "prepared_by_id = NULL")),
    named("doe_proceeding", "proceeding_has_four_eyes",
          put("doe_proceeding", "state = 'granted', decided_at = answer_until,"
              " decided_by_id = prepared_by_id")),
    named("doe_proceeding", "proceeding_hears_the_entity",
          put("doe_proceeding", f"state = 'granted', decided_at = opened_at,"
              f" decided_by_id = {SOMEBODY}")),
    below_zero("doe_validation", "number", "state = 'open'"),
    below_zero("doe_validation", "published_version", "state = 'open'"),
    below_zero("doe_validation", "design_version", "state = 'open'"),
    named("doe_validation", "validation_decided_with_date",
          put("doe_validation", "decided_at = now()", "state = 'open'")),
    named("doe_validation", "window_runs_forward",
          put("doe_validation", "comments_close_at = published_at", "state = 'open'")),
    twice("doe_validation", "validation_number_once", "state = 'positive'", state="'open'",
          decided_at="NULL"),
    twice("doe_validation", "one_validation_at_a_time", "state = 'open'", number="2"),
    named("doe_verification", "verification_decided_with_date",
          put("doe_verification", "decided_at = now()", "state = 'verifying'")),
    twice("doe_verification", "doe_verification_period_id_key"),
    *(named(RUNS, f"{RUNS}_{column}_check", copy(RUNS, **{column: "-1"}))
      for column in ("attempts", "report_version", "step", "steps")),
    named(RUNS, "running_run_is_leased", copy(RUNS, state="'running'", lease="NULL")),
    named(RUNS, "one_run_at_a_time",
          copy(RUNS, state="'queued'") + ";" + copy(RUNS, id="-2", state="'queued'")),
)  # fmt: skip

ACTIVITY = "projects_activity"


def request(**changes: str) -> str:
    """A row of the published list of requests, past the import."""
    row = {"process": "''", "number": "'7'", "party_code": "'KE'", "doe": "''",
           "requested_on": "'2012-01-01'", "units": "1", "commitment_period": "1",
           "sheet_row": "2", "row_sha256": "'x'"} | changes  # fmt: skip
    columns, values = ", ".join(row), ", ".join(row.values())
    return f"INSERT INTO projects_issuancerequest ({columns}) VALUES ({values})"


def site(latitude: str = "1") -> str:
    """A published point, past the import."""
    return (
        "INSERT INTO projects_activitysite (number, title, latitude, longitude, row_sha256)"
        f" VALUES ('7', '', {latitude}, 1, 'x')"
    )


PUBLISHED = (
    twice(ACTIVITY, "projects_activity_reference_key", number="'X'"),
    twice(ACTIVITY, "projects_activity_number_key", reference="'X'"),
    below_zero(ACTIVITY, "sheet_row"),
    named("projects_issuancerequest", "projects_issuancerequest_row_sha256_key",
          f"{request()};{request()}"),
    named("projects_issuancerequest", "projects_issuancerequest_sheet_row_check",
          request(sheet_row="-1")),
    named("projects_issuancerequest", "projects_issuancerequest_commitment_period_check",
          request(commitment_period="-1")),
    named("projects_activitysite", "projects_activitysite_row_sha256_key", f"{site()};{site()}"),
    named("projects_activitysite", "activity_site_on_earth", site("91")),
)  # fmt: skip

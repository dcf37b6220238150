"""What an insider may try on the reference data; see attacks.py."""

from __future__ import annotations

from tests.ground.attacks import OF_RECORD, Attack, named, trigger

FACTOR, DATES = "projects_gridfactor", "projects_versiondates"


def factor(**changes: str) -> str:
    """A factor that is proposed past the actions."""
    row = {
        "id": "-1", "party_code": "'KE'", "grid": "'A grid'", "technologies": "'all'",
        "first_year": "2019", "last_year": "2020", "cm": "0.5", "tool_version": "''",
        "source": "'A list'", "address": "''", "valid_from": "'2021-01-01'", "note": "''",
        "verified": "false",
    }  # fmt: skip
    return _proposed(FACTOR, row | changes)


def dates(**changes: str) -> str:
    """Days of a version that are proposed past the actions."""
    row = {
        "id": "-1", "code": "'TOOL07'", "version": "'07.0'", "valid_from": "'2018-08-31'",
        "source": "'A list'", "verified": "false",
    }  # fmt: skip
    return _proposed(DATES, row | changes)


def _proposed(table: str, row: dict[str, str]) -> str:
    row = {
        "state": "'proposed'", "proposer": "1", "proposer_name": "'A'", "proposed_at": "now()",
        "decider_name": "''", "reason": "''",
    } | row  # fmt: skip
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def decided(table: str, state: str, decider: str = "2", pk: int = -1) -> str:
    """A decision past the actions."""
    return (
        f"UPDATE {table} SET state = '{state}', decider = {decider}, decided_at = now()"
        f" WHERE id = {pk}"
    )


def _of_two_persons(table: str, made: str, persons: str, names: str, reasons: str) -> list[Attack]:
    """What may be tried on either table."""
    return [
        named(table, persons, f"{made};{decided(table, 'approved', '1')}"),
        named(table, names, f"{made};{decided(table, 'approved', 'NULL')}"),
        named(table, reasons, f"{made};{decided(table, 'rejected')}"),
        trigger(table, "reference_law", f"{made};UPDATE {table} SET source = 'x'",
                "UPDATE refused"),
        trigger(table, "reference_law",
                f"{made};{decided(table, 'approved')};UPDATE {table} SET reason = 'x'",
                "UPDATE refused"),
        trigger(table, "reference_law", f"DELETE FROM {table} WHERE state = 'proposed'",
                "DELETE refused"),
        trigger(table, "of_record_truncate", f"TRUNCATE {table} CASCADE", OF_RECORD),
    ]  # fmt: skip


DECIDED = {"state": "'approved'", "decider": "2", "decided_at": "now()"}
LISTED = f"(SELECT max(id) FROM {FACTOR} WHERE state = 'approved')"


def replacing(pk: int, year: int) -> str:
    """An approved factor in the place of the one that is listed."""
    made = factor(id=str(pk), first_year=str(year), last_year=str(year), replaces_id=LISTED)
    return f"{made};{decided(FACTOR, 'approved', pk=pk)}"


REFERENCE = (
    *_of_two_persons(
        FACTOR, factor(), "grid_factor_has_two_persons", "decided_grid_factor_names_who",
        "rejected_grid_factor_has_reason",
    ),
    *_of_two_persons(
        DATES, dates(), "version_dates_have_two_persons", "decided_version_dates_name_who",
        "rejected_version_dates_have_reason",
    ),
    trigger(FACTOR, "reference_law", factor(**DECIDED), "begins as proposed"),
    trigger(DATES, "reference_law", dates(**DECIDED), "begins as proposed"),
    named(FACTOR, "grid_factor_says_something", factor(cm="NULL")),
    named(FACTOR, "grid_factor_in_bounds", factor(cm="-0.5")),
    named(FACTOR, "grid_factor_days_in_order", factor(last_year="2018")),
    named(FACTOR, "one_proposal_of_a_vintage", f"{factor()};{factor(id='-2')}"),
    named(FACTOR, "grid_factor_replaced_once", f"{replacing(-1, 2000)};{replacing(-2, 2001)}"),
    named(DATES, "version_dates_in_order", dates(valid_to="'2018-01-01'")),
    named(DATES, "one_proposal_of_a_version", f"{dates()};{dates(id='-2')}"),
    named("projects_edition", "edition_kept_once",
          "INSERT INTO projects_edition (kind, filename, sha256, source, refused, imported_at)"
          " SELECT kind, 'x', sha256, '', 0, now() FROM projects_edition"),
    named("projects_editionrow", "edition_names_a_key_once",
          "INSERT INTO projects_editionrow (edition_id, line, key, cells)"
          " SELECT edition_id, 99, key, '{}' FROM projects_editionrow"),
)  # fmt: skip

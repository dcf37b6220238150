"""The small CDM, imported: real serials, real days, all of it once; what cannot be is said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError
from django.db import transaction

from cdm_portal.journal.models import Entry
from registry import actions, invariants
from registry.errors import SerialsTaken
from registry.models import Block, Cancellation, Issuance, Party, Transaction
from tests.importing.books import FIRST, Files, cancelled, issued
from tests.importing.conftest import Import
from tests.registry.ledger import Ledger, refused, settle, sql

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance")]


def cancelled_units() -> list[tuple[str, int, int]]:
    """Party, first and last serial of every cancellation."""
    rows = Cancellation.objects.filter(kind="c").order_by("lot__issuance__party_id", "s")
    return list(rows.values_list("lot__issuance__party_id", "s", "e"))


def test_every_block_gets_its_real_serials_project_and_day(run: Import) -> None:
    run()
    found = Issuance.objects.order_by("party_id", "lo").values_list(
        "party_id", "lo", "hi", "project_number", "unit_type", "applicable_cp"
    )
    assert list(found) == [
        ("IN", 1, 1000, "9", 5, 1), ("IN", 1001, 1050, "10", 6, 1),
        ("KE", 1, 100, "7", 5, 1), ("KE", 101, 400, "8", 5, 2),
    ]  # fmt: skip
    first = Issuance.objects.get(party_id="KE", lo=101)
    assert first.effective_at == FIRST.replace(tzinfo=UTC)
    assert first.at.year >= 2024
    assert Issuance.objects.get(party_id="IN", lo=1001).expires_on == datetime(2020, 12, 31).date()


def test_exactly_the_printed_units_are_cancelled_wherever_they_lie(run: Import) -> None:
    run()
    assert cancelled_units() == [
        ("IN", 1000, 1000), ("IN", 1001, 1050), ("KE", 1, 1), ("KE", 40, 60)
    ]  # fmt: skip
    kenya = Block.objects.filter(issuance__party_id="KE", issuance__lo=1).order_by("lo")
    assert list(kenya.values_list("lo", "hi", "account_id")) == [
        (1, 1, 2), (2, 39, 3), (40, 60, 2), (61, 100, 3)
    ]  # fmt: skip
    booking = Transaction.objects.filter(verb="cancel").order_by("id")[0]
    assert booking.facts["platform"] in (True, False)
    assert len(bytes.fromhex(booking.facts["row_sha256"])) == 32


def test_a_unit_that_the_cdm_never_issued_is_refused_with_its_reason(
    run: Import, said: Callable[[], list[dict[str, str]]]
) -> None:
    printed = run()
    assert "refused: row 5, 10 units" in printed
    (refusal,) = [r for r in said() if r["what"] == "refused"]
    assert (refusal["sheet"], refusal["row"]) == ("cancellations.xlsx", "5")
    assert "ERU (from RMU)" in refusal["reason"]
    assert refusal["said"] == "RO-1000080 5000 - 5009"
    assert Party.objects.get(code="RO").next_serial == 1


def test_what_the_request_list_does_not_have_is_reported_and_booked(
    run: Import, said: Callable[[], list[dict[str, str]]]
) -> None:
    run()
    noted = [r for r in said() if "no such row" in r["reason"]]
    assert [(r["sheet"], r["row"], r["said"]) for r in noted] == [("issuances.xlsx", "5", "10")]


def test_a_second_run_changes_nothing(
    run: Import, nothing_written: Callable[[], AbstractContextManager[None]]
) -> None:
    run()
    with nothing_written():
        said = run()
    assert "4 issuances, 1,450 units; 0 to be booked" in said
    assert "5 cancellations, 83 units; 0 to be booked" in said


def test_a_dry_run_changes_nothing_and_writes_the_report(
    run: Import, files: Files, nothing_written: Callable[[], AbstractContextManager[None]]
) -> None:
    with nothing_written():
        assert "Dry run" in run(dry_run=True)
    assert (files.folder / "report.csv").exists()


def test_a_later_edition_goes_on_where_the_first_ended(run: Import, files: Files) -> None:
    run()
    files.issuances.insert(0, issued("KE", 401, 450, "7", day=20))
    files.cancellations.append(cancelled("KE", 401, 401))
    said = run()
    assert "1 issuances booked" in said
    assert "1 cancellations booked" in said
    assert Party.objects.get(code="KE").next_serial == 451


def test_an_edition_that_tells_it_otherwise_is_refused(
    run: Import, files: Files, nothing_written: Callable[[], AbstractContextManager[None]]
) -> None:
    run()
    files.issuances[0] = issued("KE", 1, 100, project="77", day=5)
    with nothing_written(), pytest.raises(CommandError, match="imported before with other content"):
        run()


def test_the_import_acts_as_its_own_person_and_the_journal_names_file_and_rows(
    run: Import,
) -> None:
    run()
    entries = Entry.objects.filter(verb="registry.import_issuances")
    (entry,) = entries
    assert entry.facts["rows"] == 4
    assert (entry.facts["first_row"], entry.facts["last_row"]) == (2, 5)
    booking = Transaction.objects.filter(verb="issue")[0]
    assert booking.initiator == 0
    assert booking.approver == entry.actor_person_id
    assert not sql("SELECT 1 FROM identity_user WHERE person_id = %s", entry.actor_person_id)


# One origin for a Party's serials -----------------------------------------------------------------


def test_a_party_with_issuances_of_its_own_is_not_imported(
    run: Import, ledger: Ledger, nothing_written: Callable[[], AbstractContextManager[None]]
) -> None:
    ledger.issued(10, 0)
    with nothing_written(), pytest.raises(CommandError, match="KE: this registry has issuances"):
        run()


def test_an_imported_party_issues_nothing_of_its_own(run: Import, ledger: Ledger) -> None:
    run()
    line = ledger.released(10, 0)
    settle()
    with pytest.raises(SerialsTaken, match="imported CDM registry"):
        actions.issue(at=ledger.at, line_id=line.pk)
    assert Party.objects.get(code="KE").next_serial == 401
    assert actions.issue(
        at=ledger.at, line_id=ledger.released(10, 0, party_code="UG").pk
    ).party_id == "UG"  # fmt: skip


def test_without_its_trigger_two_registries_would_number_one_party(
    run: Import, ledger: Ledger
) -> None:
    run()
    settle()
    sql("DROP TRIGGER one_origin ON registry_issuance")
    assert actions.issue(at=ledger.at, line_id=ledger.released(10, 0).pk).lo == 401


# The ledger's own refusals ------------------------------------------------------------------------


def test_what_the_ledger_refuses_is_reported_and_the_rest_is_booked(
    run: Import, files: Files, ledger: Ledger, said: Callable[[], list[dict[str, str]]]
) -> None:
    later, files.cancellations = files.cancellations, []
    files.cancellations = later[3:4]
    run()
    settle()
    sql("UPDATE registry_block SET frozen_by = 1 WHERE issuance_id IN"
        " (SELECT id FROM registry_issuance WHERE party_id = 'KE' AND lo = 1)")  # fmt: skip
    files.cancellations = later
    run()
    assert cancelled_units() == [("IN", 1000, 1000), ("IN", 1001, 1050)]
    frozen = [r for r in said() if "frozen" in r["reason"]]
    assert sorted(r["said"] for r in frozen) == ["KE 1 - 1", "KE 40 - 60"]


@pytest.mark.parametrize(
    "call",
    [
        "registry_import_issuances('[]', 1)", "registry_import_cancellations('[]', 1)",
        "registry_cancel_range('KE', 1, 1, gen_random_uuid(), '{}', 0, 1, cdm_now())",
    ],
)  # fmt: skip
def test_the_web_cannot_call_the_import(call: str, db: None) -> None:
    sql("SET LOCAL ROLE cdm_app")
    with refused("42501"):
        sql(f"SELECT {call}")
    sql("RESET ROLE")


@pytest.mark.parametrize("role", ["cdm_app", "cdm_audit", "cdm_signer"])
def test_no_role_but_the_owner_has_the_functions_of_the_import(role: str, db: None) -> None:
    """The rights of tables would stop them too, one step later: the functions run as who calls."""
    rows = sql(
        "SELECT proname, has_function_privilege(%s, oid, 'execute') FROM pg_proc WHERE proname IN"
        " ('registry_import_issuances', 'registry_import_cancellations', 'registry_cancel_range')",
        role,
    )
    assert len(rows) == 3
    assert [name for name, may in rows if may] == []


def test_the_web_cannot_pass_a_line_off_as_imported(db: None) -> None:
    sql("SET LOCAL ROLE cdm_app")
    with refused("42501"):
        sql("INSERT INTO registry_importedline VALUES (1, sha256('x'))")
    sql("RESET ROLE")


@pytest.mark.parametrize(
    ("serials", "state", "says"),
    [
        ((90, 110), "LG409", "R123"), ((401, 402), "LG409", "R123"),
        ((60, 40), "LG409", "R123"), ((50, 70), "LG409", "R302"),
        ((39, 40), "LG409", "R302"), ((45, 50), "LG409", "R302"),
    ],
)  # fmt: skip
def test_a_range_is_cancelled_only_where_all_of_it_is_free(
    serials: tuple[int, int], state: str, says: str, run: Import,
    nothing_written: Callable[[], AbstractContextManager[None]],
) -> None:
    run()
    settle()
    with nothing_written(), refused(state, says):
        sql("SELECT registry_cancel_range('KE', %s, %s, gen_random_uuid(), '{}', 0, 1, cdm_now())",
            *serials)  # fmt: skip


def test_the_same_range_cancelled_twice_with_one_key_is_one_cancellation(run: Import) -> None:
    run()
    call = ("SELECT o_tx, o_new FROM registry_cancel_range('KE', 70, 80,"
            " '01900000-0000-8000-8000-00000000000a', '{}', 0, 1, '2020-01-01Z')")  # fmt: skip
    ((first, new),), ((again, once_more),) = sql(call), sql(call)
    assert (new, once_more, first == again) == (True, False, True)
    with refused("LG422", "R702"):
        sql(call.replace("70, 80", "70, 81"))


def test_serials_that_are_not_the_next_ones_are_refused_by_the_ledger_too(db: None) -> None:
    row = ('[{"hash": "%s", "party": "KE", "lo": 5, "hi": 9, "unit_type": 5, "cp": 1,'
           ' "project": "7", "expires": null, "at": "2012-01-01Z"}]' % ("ab" * 32))  # fmt: skip
    with refused("LG409", "R614"):
        sql("SELECT registry_import_issuances(%s, 1)", row)


def test_all_invariants_are_checked_over_imported_books(run: Import) -> None:
    run()
    settle()
    assert invariants.problems() == []
    with transaction.atomic():
        sql("ALTER TABLE registry_issuance DISABLE TRIGGER of_record")
        sql("UPDATE registry_issuance SET project_number = '8' WHERE party_id = 'KE' AND lo = 1")
        assert {problem.code for problem in invariants.problems()} >= {"I11", "I14"}
        transaction.set_rollback(True)

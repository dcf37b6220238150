"""Rows of the project database, the request list and the locations, with every known fault."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cdm_portal.values import SYSTEM
from projects.activities import actions, reading
from projects.activities.models import Activity, ActivitySite, IssuanceRequest
from registry.importing.remarks import Kind
from registry.importing.sheets import UnreadableFile
from tests.importing import books
from tests.importing.books import FIRST, activity, requested


def activities(tmp_path: Path, *rows: list[Any]) -> reading.Read:
    """What is read of these rows, and of one ordinary activity before them."""
    path = books.book(tmp_path / "projects.xlsx", books.ACTIVITY_HEADS, [activity(7), *rows])
    return reading.read_activities(path)


def one(tmp_path: Path, **changes: Any) -> tuple[Activity, list[tuple[Kind, str]]]:
    """The activity read of one row, and what is said about it."""
    found = activities(tmp_path, activity(8, **changes))
    return found.activities[-1], [(r.kind, r.column) for r in found.remarks if r.row == 3]


def test_a_shifted_capacity_is_put_right_and_marked(tmp_path: Path) -> None:
    found, said = one(tmp_path, capacity=-21903.25)
    assert (found.capacity_mw, found.capacity_repaired) == (Decimal("11.75"), True)
    assert said == [(Kind.CORRECTED, "Installed capacity (MW elec/thermal)")]
    assert one(tmp_path, capacity=12)[0].capacity_mw == 12


def test_dates_come_in_two_forms(tmp_path: Path) -> None:
    found, _ = one(tmp_path, decided=38419, began=FIRST, requested=FIRST)
    assert found.decided_on == date(2005, 3, 8)
    assert found.validation_began == found.registration_requested == FIRST.date()
    unread, said = one(tmp_path, decided="soon")
    assert (unread.decided_on, said) == (None, [(Kind.NOTED, "Registered or rejected")])


def test_namibia_is_a_party_and_no_missing_value(tmp_path: Path) -> None:
    lost, said = one(tmp_path, hosts=None, title="Biogas in Windhoek, Namibia")
    assert (lost.hosts, said) == (["NA"], [(Kind.CORRECTED, "List of host countries (ISO 2)")])
    assert one(tmp_path, hosts="NA")[0].hosts == ["NA"]
    assert one(tmp_path, hosts=None, title="Biogas somewhere")[0].hosts == []


def test_hosts_and_methodologies_are_split_and_the_text_is_kept(tmp_path: Path) -> None:
    found, said = one(tmp_path, hosts="ML; MR; SN", methodologies="ACM0001; AMS-I.D.",
                      scopes="13; 1")  # fmt: skip
    assert (found.hosts, found.hosts_text) == (["ML", "MR", "SN"], "ML; MR; SN")
    assert found.methodologies == ["ACM0001", "AMS-I.D"]
    assert found.methodologies_text == "ACM0001; AMS-I.D."
    assert (found.scopes, said) == ([1, 13], [])


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("WithdrawnBeforePublication", "withdrawn_early"),
        ("Withdrawn Before Publication", "withdrawn_early"),
        ("Bundled_Registered: Ref 0784", "bundled"), ("Registered", "registered"),
        ("Validation Public", "validation"), (None, "unknown"), ("Something else", "unknown"),
    ],
)  # fmt: skip
def test_spellings_of_a_status_are_folded(text: Any, status: str, tmp_path: Path) -> None:
    found, _ = one(tmp_path, status=text)
    assert (found.status, found.status_text) == (status, text or "")


def test_registration_follows_from_the_status_not_from_a_number(tmp_path: Path) -> None:
    found = activities(tmp_path, activity(8, status="Rejected"), activity(None, identifier="ABC"))
    assert found.registered == 2
    assert [(a.reference, a.number) for a in found.activities] == [
        ("7", "7"), ("8", "8"), ("ABC", None)
    ]  # fmt: skip


def test_rows_without_a_title_are_kept_reported_and_never_mixed_up(tmp_path: Path) -> None:
    blank = {"title": None, "methodologies": None, "hosts": None, "status": None}
    found = activities(
        tmp_path, activity(None, identifier="ABC"), activity(None, identifier="ABC/", **blank),
        activity(10121, identifier=None, **blank),
    )  # fmt: skip
    assert [(a.reference, a.titled) for a in found.activities] == [
        ("7", True), ("ABC", True), ("ABC-untitled", False), ("10121-untitled", False)
    ]  # fmt: skip
    assert [r.row for r in found.remarks if r.kind == Kind.REFUSED] == [4, 5]


def test_a_doubled_row_is_refused(tmp_path: Path) -> None:
    found = activities(tmp_path, activity(7))
    assert len(found.activities) == 1
    assert [(r.row, r.kind) for r in found.remarks] == [(3, Kind.REFUSED)]


@pytest.mark.parametrize(
    ("cell", "page"),
    [
        ("<a href=https://cdm.unfccc.int/A/B/view.html>Link</a>",
         "https://cdm.unfccc.int/A/B/view.html"),
        ("<a href=javascript:alert(1)>Link</a>", ""),
        ("<a href=https://evil.example/cdm.unfccc.int/>Link</a>", ""), (None, ""),
    ],
)  # fmt: skip
def test_only_the_address_is_taken_out_of_the_html(cell: Any, page: str, tmp_path: Path) -> None:
    assert one(tmp_path, page=cell)[0].page == page


def test_the_crediting_period_ends_with_the_last_renewal(tmp_path: Path) -> None:
    third = FIRST + timedelta(days=9000)
    assert one(tmp_path, third=third)[0].crediting_last_date == third.date()


# Requests -----------------------------------------------------------------------------------------


def requests(tmp_path: Path, *rows: list[Any]) -> reading.Read:
    """What is read of these rows of the request list."""
    return reading.read_requests(
        books.book(tmp_path / "requests.xlsx", books.REQUEST_HEADS, list(rows))
    )


def test_what_the_list_leaves_out_is_unknown_and_not_guessed(tmp_path: Path) -> None:
    found = requests(
        tmp_path, requested(7, "KE", 5, doe="No info"),
        requested(8, "KE", 6, doe=None, first=None, last=None, report=None),
    )  # fmt: skip
    first, second = found.requests
    assert (first.doe, second.doe, second.first_date, second.report_number) == ("", "", None, None)
    assert [(r.row, r.column, r.taken) for r in found.remarks] == [
        (2, "DOE", "unknown"), (3, "DOE", "unknown"),
        (3, "Monitoring report started", "unknown"), (3, "Monitoring report ended", "unknown"),
        (3, "Monitoring report number", "unknown"),
    ]  # fmt: skip


def test_a_time_of_day_is_no_part_of_a_date(tmp_path: Path) -> None:
    found = requests(tmp_path, requested(7, "KE", 5, requested=FIRST))
    assert found.requests[0].requested_on == date(2012, 3, 4)


def test_a_request_without_what_makes_it_one_is_refused(tmp_path: Path) -> None:
    found = requests(tmp_path, requested(7, "KE", 5), requested(8, "KE", 0))
    assert [r.row for r in found.remarks] == [3]
    assert len(found.requests) == 1


# Locations ----------------------------------------------------------------------------------------


def sites(tmp_path: Path, *lines: str) -> reading.Read:
    """What is read of these lines of the list of locations."""
    path = tmp_path / "sites.csv"
    path.write_text("\n".join(["ref,lat,lon,title_short,scale,annual", *lines]), encoding="utf-8")
    return reading.read_sites(path)


def test_coordinates_are_put_right_or_refused(tmp_path: Path) -> None:
    found = sites(
        tmp_path, "1,29.3132,110.4816,A&#65292;B,LARGE,1", "2,108.75,34.35,x,,",
        "3,330310.39,1,x,,", "4,0,0,x,,", "5,34.5,34.5,x,,", "6,north,1,x,,",
    )  # fmt: skip
    assert [(s.number, s.latitude, s.longitude, s.title) for s in found.sites] == [
        ("1", Decimal("29.31320"), Decimal("110.48160"), "A，B"),
        ("2", Decimal("34.35000"), Decimal("108.75000"), "x"),
    ]
    assert [(r.row, r.kind) for r in found.remarks] == [
        (3, Kind.CORRECTED), (4, Kind.REFUSED), (5, Kind.REFUSED), (6, Kind.REFUSED),
        (7, Kind.REFUSED),
    ]  # fmt: skip


def test_another_list_is_not_taken_for_locations(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="no column ref, lat, lon, title_short"):
        reading.read_sites(tmp_path / "sites.csv")


# Keeping ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_newer_edition_replaces_what_was_kept(tmp_path: Path, at: Any) -> None:
    kept = {"actor": SYSTEM, "at": at, "source": "00"}
    first = activities(tmp_path, activity(8)).activities
    assert actions.keep_activities(**kept, activities=first) == 2
    newer = activities(tmp_path, activity(8, title="New name")).activities
    assert actions.keep_activities(**kept, activities=newer) == 1
    assert set(Activity.objects.values_list("title", flat=True)) == {"Activity 7", "New name"}
    asked = requests(tmp_path, requested(7, "KE", 5), requested(7, "KE", 6)).requests
    assert actions.keep_requests(**kept, requests=asked) == 2
    assert actions.keep_requests(**kept, requests=asked[:1]) == 1
    assert IssuanceRequest.objects.get().units == 5
    points = sites(tmp_path, "7,1.5,36.5,x,,").sites
    assert actions.keep_sites(**kept, sites=points) == 1
    assert actions.keep_sites(**kept, sites=points) == 0
    assert ActivitySite.objects.count() == 1

"""How a tonne was made: from the public pages to each step, input and row of the file."""

from __future__ import annotations

import copy
import html
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cdm_portal.demonstration.portfolio import Until
from cdm_portal.values import Period
from offsets.models import Certificate
from projects.models import MonitoringPeriod
from projects.participant import calculated, explained, traced, varied
from projects.participant.models import MonitoringReport, Reading
from registry.models import Issuance
from tests.statements import recorded
from tests.world import World, as_if

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(world: World) -> Client:
    return world.client(None)


@pytest.fixture
def period(world: World) -> MonitoringPeriod:
    """A period whose CERs were issued and sold."""
    found: MonitoringPeriod = world.project(Until.OFFERED).periods.get(number=1)
    return found


def report_of(period: MonitoringPeriod) -> MonitoringReport:
    found = traced.public_report(period)
    assert found is not None
    return found


def url(name: str, period: MonitoringPeriod, *more: object) -> str:
    return reverse(name, args=[period.project.name, period.number, *more])


def text(response: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def links(response: Any) -> set[str]:
    return set(re.findall(r'href="([^"]+)"', response.content.decode()))


def revised(period: MonitoringPeriod, **changes: Any) -> MonitoringReport:
    """The next version of a report, with other content."""
    report = report_of(period)
    return MonitoringReport.objects.create(
        period=period,
        version=report.version + 1,
        readings_file=report.readings_file,
        content=copy.deepcopy(report.content) | changes,
        claimed=changes.get("claimed", {"2": 0}),
        sha256=report.sha256,
        document=report.document,
        reported_at=report.reported_at,
    )


def scaled(share: dict[str, Any], times: int, **changes: Any) -> dict[str, Any]:
    """A share whose calculation comes to so many times as much."""
    worked = copy.deepcopy(share) | changes
    made = worked["calculation"]
    for name in ("baseline", "project", "leakage", "reductions_exact"):
        made[name] = str(Decimal(made[name]) * times)
    made["reductions"] *= times
    return worked


def test_a_visitor_comes_from_a_certificate_to_the_row_of_the_meter(
    world: World, visitor: Client, period: MonitoringPeriod
) -> None:
    code = Certificate.objects.order_by("pk")[0].code
    page = url("tonne", period)
    assert page in links(visitor.get(reverse("offsets:certificate", args=[code])))
    readings = url("tonne_readings", period, "EG_export")
    assert readings in links(visitor.get(page))
    row = Reading.objects.filter(file=report_of(period).readings_file, symbol="EG_export")[0]
    assert f'id="row-{row.row_number}"' in text(visitor.get(readings))


def test_a_visitor_comes_from_serial_number_project_and_issuance(
    visitor: Client, period: MonitoringPeriod
) -> None:
    issued = Issuance.objects.filter(project_number=period.project.number)[0]
    through = reverse("tonne_of_issuance", args=[issued.pk])
    assert through in links(visitor.get(reverse("registry:serial", args=[issued.serial])))
    assert visitor.get(through)["Location"] == url("tonne", period)
    assert url("tonne", period) in links(
        visitor.get(reverse("project", args=[period.project.name]))
    )


def test_issuances_requests_and_both_desks_lead_to_the_calculation(
    world: World, visitor: Client, period: MonitoringPeriod
) -> None:
    issued = Issuance.objects.filter(project_number=period.project.number)[0]
    through, page = reverse("tonne_of_issuance", args=[issued.pk]), url("tonne", period)
    listed = links(visitor.get(reverse("registry:issuances")))
    assert through in listed
    booked = Issuance.objects.get(party_id="BR")  # from a published report
    assert reverse("registry:serial", args=[booked.serial]) in listed
    assert reverse("tonne_of_issuance", args=[booked.pk]) not in listed
    case = period.requests.get()
    own = world.client(world.cast.participant)
    assert page in links(own.get(reverse("board:request", args=[case.reference])))
    assert page in links(own.get(url("participant:period", period)))
    hidden = world.project(Until.REPORTED).periods.get(number=1)
    said = own.get(url("participant:period", hidden))
    assert url("tonne", hidden) not in links(said)
    assert "is public once the DOE publishes" in text(said)


def printed(pdf: bytes, folder: Path) -> str:
    """The words of a PDF, without the spaces at which its lines end."""
    paper = folder / "paper.pdf"
    paper.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-raw", str(paper), "-"], capture_output=True, text=True, check=True
    )
    return "".join(done.stdout.split())


def test_the_reports_and_the_calculation_name_the_page_that_explains_the_tonnes(
    visitor: Client, period: MonitoringPeriod, tmp_path: Path
) -> None:
    address = f"{settings.SITE_URL}{url('tonne', period)}"
    for document in (report_of(period).document, period.verification.document):
        assert address in printed(bytes(document.blob.data), tmp_path)
    assert address in printed(visitor.get(url("tonne_paper", period)).content, tmp_path)


def test_faulty_readings_are_public_with_their_treatment_and_without_a_name(
    visitor: Client, period: MonitoringPeriod
) -> None:
    fault = {
        "key": "comma@x+1", "fault": "comma", "column": "x", "count": 1, "rows": [[7, "1,5"]],
        "said": "has a comma as decimal sign", "choice": "point", "reason": "<Typed> by hand.",
        "by": "Achieng Odhiambo",
    }
    with as_if():
        revised(period, treated=[fault])
        for name, more in (("tonne", ()), ("tonne_readings", ["EG_export"])):
            said = text(visitor.get(url(name, period, *more)))
            for words in ("Row 7", "1,5", "Read the comma as the decimal sign", "<Typed> by hand."):
                assert words in said
            assert "Achieng Odhiambo" not in said


def test_every_input_is_linked_to_where_it_comes_from(period: MonitoringPeriod) -> None:
    found = explained.ground(report_of(period))
    share = found.shares[0]
    made = {each.symbol for each in share.calculation.steps}
    kinds = {
        symbol: explained.origin(found, share, symbol, made)
        for symbol in ("EG_export", "EG_PJ", *found.content["fixed"], "GWP_CH4", "w_OM")
    }
    assert kinds["EG_export"]["url"] == url("tonne_readings", period, "EG_export")
    assert kinds["EG_PJ"]["url"] == "#step-2-EG_PJ"
    design = reverse(
        "participant-public:design_version",
        args=[period.project.name, found.content["design_version"]],
    )
    fixed = {kinds[symbol]["url"] for symbol in found.content["fixed"]}
    assert fixed == {f"{design}#s-parameters"}
    assert (kinds["GWP_CH4"]["kind"], kinds["GWP_CH4"]["url"]) == ("dated", reverse("parameters"))
    assert kinds["w_OM"]["kind"] in {"default", "fixed", "step"}


def test_the_page_shows_each_step_and_the_places_it_links_to(
    visitor: Client, period: MonitoringPeriod
) -> None:
    response = visitor.get(url("tonne", period))
    said, there = text(response), set(re.findall(r'id="([^"]+)"', response.content.decode()))
    for step in report_of(period).content["shares"][0]["calculation"]["steps"]:
        assert step["title"].replace("CO2", "CO<sub>2</sub>") in said
        assert f"step-2-{step['symbol']}" in there
    assert {each[1:] for each in links(response) if each[:1] == "#"} <= there
    assert "unverified" in said
    assert "<math" in said
    assert report_of(period).content["readings"]["sha256"] in said


def test_the_readings_of_a_value_are_paged_without_loss_or_doubling(
    period: MonitoringPeriod,
) -> None:
    file, start, rows = report_of(period).readings_file, None, []
    while True:
        shown = traced.page(file, "EG_export", start, size=7)
        rows += [line.row for line in shown.lines]
        if shown.following is None:
            break
        start = shown.following
    kept = Reading.objects.filter(file=file, symbol="EG_export").order_by("at")
    assert rows == list(kept.values_list("row_number", flat=True))
    assert len(rows) > 14


def test_a_moment_that_is_none_is_named_and_kept(visitor: Client, period: MonitoringPeriod) -> None:
    page = url("tonne_readings", period, "EG_export")
    for asked in ("yesterday", "9999-99-99", "0001-01-01T00:00+14:00"):
        response = visitor.get(page, {"from": asked})
        assert response.status_code == 200
        assert f'value="{asked}"' in text(response)
        assert "This is no day or moment." in text(response)
    assert visitor.get(url("tonne_readings", period, "Nothing")).status_code == 404


def test_nothing_is_shown_before_the_doe_publishes_the_report(
    world: World, visitor: Client
) -> None:
    hidden = world.project(Until.REPORTED).periods.get(number=1)
    assert hidden.reports.exists()
    for client in (visitor, world.client(world.cast.participant)):
        for name, more in (("tonne", ()), ("tonne_paper", ()), ("tonne_readings", ["EG_export"])):
            assert client.get(url(name, hidden, *more)).status_code == 404


def test_ten_per_cent_of_the_export_is_ten_per_cent_of_its_worth(period: MonitoringPeriod) -> None:
    found = explained.ground(report_of(period))
    moved = varied.moved(found)
    assert moved is not None
    changes = {each.symbol: each for each in moved}
    step = found.shares[0].calculation.step("BE")
    factor = next(each.value for each in step.inputs if each.symbol == "EF_grid_CM")
    worth = Decimal(found.shares[0].values["EG_export"]) * factor / 10
    assert changes["EG_export"].higher == pytest.approx(worth, abs=Decimal("1e-9"))
    assert changes["EG_export"].lower == pytest.approx(-worth, abs=Decimal("1e-9"))
    assert moved[0].size == max(each.size for each in moved)


def test_a_report_that_does_not_come_out_again_says_nothing_of_its_inputs(
    visitor: Client, period: MonitoringPeriod
) -> None:
    share = report_of(period).content["shares"][0]
    with as_if():
        revised(period, shares=[scaled(share, 2)])
        assert "does not come out again" in text(visitor.get(url("tonne", period)))


def test_a_period_in_two_commitment_periods_and_one_below_zero_are_shown(
    visitor: Client, period: MonitoringPeriod
) -> None:
    share = report_of(period).content["shares"][0]
    with as_if():
        revised(
            period, shares=[scaled(share, 1, commitment_period=1), share], claimed={"1": 3, "2": 4}
        )
        said = text(visitor.get(url("tonne", period)))
        assert "lies in two commitment periods" in said
        assert 'id="step-1-BE"' in said and 'id="step-2-BE"' in said
        revised(period, shares=[scaled(share, -1)], shortfall=12, claimed={"2": 0})
        said = text(visitor.get(url("tonne", period)))
        assert "Emissions rose." in said
        revised(period, shares=[scaled(share, 0)], claimed={"2": 0})
        assert "exactly zero" in text(visitor.get(url("tonne", period)))
        assert visitor.get(url("tonne_paper", period)).content[:5] == b"%PDF-"


def test_the_estimate_is_each_year_by_its_share_of_days(period: MonitoringPeriod) -> None:
    version = explained.ground(report_of(period)).version
    first = version.calculation["years"][0]
    year = Period(date.fromisoformat(first["first"]), date.fromisoformat(first["last"]))
    whole = Decimal(first["calculation"]["reductions"])
    assert explained.estimated(version, year) == whole
    one = explained.estimated(version, Period(year.first, year.first))
    assert one == (whole / year.days).quantize(Decimal("0.01"))
    assert explained.estimated(version, Period(date(1999, 1, 1), date(1999, 2, 1))) == 0


def test_the_same_report_makes_the_same_pdf(visitor: Client, period: MonitoringPeriod) -> None:
    one, two = (visitor.get(url("tonne_paper", period)).content for _ in range(2))
    assert one[:5] == b"%PDF-"
    assert one == two
    said = calculated.paper(explained.ground(report_of(period)))
    assert said["shares"][0]["parts"][-1]["steps"][-1]["formula"] == "ER = BE − PE − LE"


@pytest.fixture
def counted(visitor: Client, period: MonitoringPeriod) -> Iterator[Any]:
    def count() -> int:
        with recorded() as asked:
            visitor.get(url("tonne", period))
        return len(asked)

    yield count


def test_more_periods_and_versions_ask_no_more_questions(
    period: MonitoringPeriod, counted: Any
) -> None:
    few = counted()
    with as_if():
        revised(period)
        revised(period)
        assert counted() == few

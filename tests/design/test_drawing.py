"""Pictures drawn on the server: the same for the same facts, well formed, no style attribute."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from cdm_portal.drawing import charts, covers, family, qr, tracks, world


@pytest.mark.parametrize("sector", list(covers.MOTIFS))
@pytest.mark.parametrize("wide", [False, True])
def test_a_cover_is_the_same_for_ever_and_small(sector: str, wide: bool) -> None:
    picture = covers.cover(sector, "99204", wide=wide)
    assert picture == covers.cover(sector, 99204, wide=wide)
    assert picture != covers.cover(sector, "99205", wide=wide)
    root = ElementTree.fromstring(picture)
    assert root.get("viewBox") == ("0 0 1280 300" if wide else "0 0 640 328")
    assert "style" not in picture
    assert len(picture) < 80_000


def test_an_unknown_sector_is_painted_as_industrial() -> None:
    assert covers.cover("alchemy", 1) == covers.cover("industrial", 1)
    assert covers.sector_icon("alchemy") == "factory"


def test_places_lie_where_the_land_was_drawn() -> None:
    assert [round(v, 1) for v in world.project(0, 11)] == [500.0, 243.5]
    assert [round(v, 1) for v in world.project(90, 11)] == [500.0, 0.0]
    assert [round(v, 1) for v in world.project(0, -169)] == [0.0, 243.5]
    assert [round(v, 1) for v in world.project(0, 37)] == [572.2, 243.5]


def test_a_place_of_several_projects_has_a_ring() -> None:
    kenya, india = world.points(
        [{"latitude": 0, "longitude": 37, "count": 2}, {"latitude": 21, "longitude": 78}]
    )
    assert (kenya.x, kenya.r, kenya.ring) == ("572.2", "4.5", True)
    assert (india.r, india.ring) == ("2.6", False)


def test_the_bars_reach_as_high_as_their_figures() -> None:
    chart = charts.bars([charts.Bar("2019", Decimal(60), Decimal(30))], "t", "Issued")
    root = ElementTree.fromstring(chart)
    heights = {
        r.get("class"): r.get("height")
        for r in root.iter("rect")
        if r.get("class") in {"estimated", "solid"}
    }
    assert heights == {"estimated": "190.0", "solid": "95.0"}
    assert root.find("title").text == "Issued, t"


@pytest.mark.parametrize(("count", "width"), [(1, 360), (4, 360), (5, 720)])
def test_few_bars_are_drawn_no_wider_than_a_phone(count: int, width: int) -> None:
    series = [charts.Bar(str(year), Decimal(60), Decimal(30)) for year in range(count)]
    root = ElementTree.fromstring(charts.bars(series, "t", "Issued"))
    assert (root.get("viewBox") or "").split()[2] == str(width)
    drawn = [r for r in root.iter("rect") if r.get("class") in {"estimated", "solid"}]
    ends = [float(r.get("x", "")) + float(r.get("width", "")) for r in drawn]
    assert len(drawn) == 2 * count and max(ends) <= width


def test_a_waterfall_ends_where_its_steps_lead() -> None:
    steps = [
        charts.Step("Baseline", Decimal(100), total=True),
        charts.Step("Project", Decimal(-40)),
        charts.Step("Left", Decimal(60), total=True),
    ]
    root = ElementTree.fromstring(charts.waterfall(steps, "Fall"))
    rects = [(r.get("class"), r.get("y"), r.get("height")) for r in root.iter("rect")]
    assert rects == [
        ("total", "30.0", "190.0"),
        ("azure", "30.0", "76.0"),
        ("total", "106.0", "114.0"),
    ]


def test_empty_charts_are_drawn_without_a_fault() -> None:
    for chart in (
        charts.bars([], "t", "x"),
        charts.waterfall([], "x"),
        charts.line([], "x"),
        charts.sparkline([], "x"),
        charts.line([("a", Decimal(0))], "x"),
    ):
        ElementTree.fromstring(chart)


def test_texts_in_pictures_are_escaped() -> None:
    chart = charts.bars([charts.Bar("<script>", Decimal(1))], "t", "<x>")
    assert "<script>" not in chart
    assert "&lt;script&gt;" in chart


def test_the_tracker_knows_done_now_and_to_do() -> None:
    steps = tracks.stages(["a", "b", "c"], 2, {2: "DNA"}, {1: "12 Mar"})
    assert [s["state"] for s in steps] == ["done", "now", "todo"]
    assert (steps[1]["actor"], steps[0]["note"]) == ("DNA", "12 Mar")
    assert [s["state"] for s in tracks.stages(["a", "b"], 3)] == ["done", "done"]


def test_a_window_has_its_days() -> None:
    days = tracks.window_days(28, 19, {14})
    assert len(days) == 28
    assert [d["number"] for d in days if d["shown"]] == [1, 7, 14, 19, 28]
    assert [d["state"] for d in days[17:20]] == ["past", "now", "future"]
    assert [d["number"] for d in days if d["flag"]] == [14]


def test_a_family_shows_at_most_five_children_and_loses_no_unit() -> None:
    nodes = [family.Node(str(n), 10 + n, n, n, "place", parent="p") for n in range(20)]
    kept = family.shortened(nodes, "7", more="{n} more cancellations")
    assert [n.key for n in kept] == ["6", "7", "8", "9", "rest"]
    assert kept[-1].place == "16 more cancellations"
    assert sum(n.units for n in kept) == sum(n.units for n in nodes)
    assert family.shortened(nodes[:5], "1", more="") == nodes[:5]


def test_a_family_is_well_formed_and_each_node_leads_to_its_block() -> None:
    picture = family.family(
        [
            family.Generation(
                "Issued", "1 May", [family.Node("a", 56900, 1, 56900, "Pending", "path")]
            ),
            family.Generation(
                "Now", "today", [family.Node("b", 12, 1, 12, "A & B", "now", "a", "/b/?x=1&y")]
            ),
        ],
        "Family",
    )
    root = ElementTree.fromstring(picture)
    assert [a.get("href") for a in root.iter("a")] == ["/b/?x=1&y"]
    assert root.get("role") == "group"


def test_a_qr_code_keeps_its_quiet_zone_and_level() -> None:
    picture = qr.qr_svg("https://ledger.example/v/7QK2M9XD4R")
    assert ElementTree.fromstring(picture).get("viewBox") == "0 0 41 41"
    assert "style" not in picture

"""Sample facts for the style guide: invented projects, people and figures, in every state."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from cdm_portal.drawing import charts, covers, family, qr, tracks, world
from cdm_portal.pages import styleguide_monitoring

DAY = date(2026, 11, 23)
MOMENT = datetime(2026, 11, 23, 14, 7, tzinfo=UTC)
STAGES = (
    "Project design", "National approval", "Validation", "Registration",
    "Monitoring", "Verification", "CER issuance", "Offsetting",
)  # fmt: skip
CRITERIA = (
    ("environmental", "Air"), ("environmental", "Land"),
    ("environmental", "Water"), ("environmental", "Natural resources"),
    ("social", "Education"), ("social", "Health and safety"),
    ("social", "Jobs"), ("social", "Welfare"),
    ("economic", "Energy"), ("economic", "Growth"),
    ("economic", "Balance of payments"), ("economic", "Technology"),
)  # fmt: skip
SERIAL = "KE-5-104402001-104402012-2-2-0-99204"
HASH = "9f2c41b8e7d6c5b402a7f1d361c88a76"


def strip(*reported: str) -> list[dict[str, Any]]:
    """Twelve cells, those named filled."""
    return [
        {"category": category, "name": name, "reported": name in reported}
        for category, name in CRITERIA
    ]


ACTORS = dict(enumerate(
    ("Participants", "DNA of Kenya", "Plumb & Plover", "Executive Board",
     "Participants", "Plumb & Plover", "Executive Board", "Anyone"), 1))  # fmt: skip
NOTES = {
    1: "12 Mar 2013", 2: "2 Aug 2013", 3: "19 Jan 2014", 4: "28 Jun 2014", 5: "to 31 Dec 2020",
    6: "In progress, day 22", 7: "After verification", 8: "Open for periods 1–5",
}  # fmt: skip


def _tracks() -> dict[str, Any]:
    return {
        "steps": tracks.stages(STAGES, 6, ACTORS, NOTES),
        "steps_first": tracks.stages(STAGES, 1, ACTORS),
        "window": {
            "total": 28, "days": tracks.window_days(28, 19, {14}), "left": 9,
            "opened": date(2026, 11, 4), "as_of": MOMENT, "tag": "Demonstration rules",
            "rule": "A review starts if a Party involved asks for it, or three members of the "
                    "Board. Until then nobody needs to act.",
            "rule_url": "#rule",
            "marks": [
                {"icon": "flag", "text": "Day 14: request for review by I. Solheim"},
                {"icon": "clock", "text": "Today, 23 November"},
                {"icon": "arrow-right", "text": "After day 28: registered automatically"},
            ],
        },
        "checkout_steps": [
            {"label": "Basket", "state": "done"},
            {"label": "Details and payment", "state": "now"},
            {"label": "Certificate", "state": ""},
        ],
    }  # fmt: skip


PLACES = [
    {"latitude": 0, "longitude": 37, "label": "Kenya: 12 projects", "url": "#ke",
     "count": 12},
    {"latitude": 21, "longitude": 78, "label": "India: 1 project", "url": "#in"},
    {"latitude": -33, "longitude": -71, "label": "Chile: 3 projects", "url": "#cl",
     "count": 3},
]

PROJECT: dict[str, Any] = {
    "cards": [
        {"url": "#card-1", "title": "Ziwa Nne improved cookstoves programme",
         "cover_url": "?cover=stoves", "sector": "Efficient cookstoves",
         "sector_icon": covers.sector_icon("stoves"), "country": "Kenya",
         "reductions": "2015–2019", "price": "US$4.80", "available": 41926,
         "basket_url": "#add-1", "offer_id": 1, "first": 12,
         "strip": strip("Air", "Natural resources", "Health and safety", "Jobs", "Energy")},
        {"url": "#card-2", "title": "Pavanpur Ridge wind farm, 63 MW",
         "cover_url": "?cover=wind", "sector": "Wind power",
         "sector_icon": covers.sector_icon("wind"), "country": "India", "tag": "Validation",
         "tag_kind": "info", "strip": None},
        {"url": "#card-3", "title": "Haneul adipic acid N2O abatement",
         "cover_url": "?cover=industrial", "sector": "Industrial gases",
         "sector_icon": covers.sector_icon("industrial"), "country": "Republic of Korea",
         "reductions": "2013–2016", "price": "US$1.10", "available": 1402660,
         "add_url": "#add-3", "strip": strip("Air", "Technology")},
    ],
    "sectors": [{"name": name, "url": f"?cover={name}", "wide": f"?cover={name}&wide=1"}
                for name in covers.MOTIFS],
    "facts": [
        {"term": "Reference", "value": "99204", "mono": True},
        {"term": "Host country", "value": "Kenya"},
        {"term": "Methodology", "value": "AMS-II.G v14", "url": "#methodology"},
        {"term": "Crediting period", "value": "1 January 2015 to 31 December 2021"},
    ],
    "stats": [
        {"label": "Cancelled here for the climate", "value": "3 184 602", "unit": "tCO2e"},
        {"label": "Projects with units available", "value": "147", "unit": "in 38 countries"},
        {"label": "Price per tonne today", "value": "US$1.10–7.20"},
        {"label": "Last certificate issued", "value": "4", "unit": "minutes ago"},
    ],
    "report": {
        "count": 3, "total": 12, "reported_on": date(2026, 5, 14), "url": "#report",
        "not_reported": ["Land", "Water", "Education"], "goals": [1, 3, 7, 8, 9, 12],
        "badge": {"doe": {"name": "Plumb & Plover Assurance"}},
        "categories": [
            {"key": "environmental", "label": "Environmental", "rows": [
                {"criterion_key": "air", "criterion": "Air", "figure": "−54 % PM2.5",
                 "text": "in kitchens measured before and after, 24-hour average",
                 "level": "High",
                 "found": {"get_outcome_display": "Confirmed"}}]},
            {"key": "social", "label": "Social", "rows": [
                {"criterion_key": "jobs", "criterion": "Jobs", "figure": "46 full-time jobs",
                 "text": "in two stove workshops, 29 of them held by women"}]},
            {"key": "economic", "label": "Economic", "rows": [
                {"criterion_key": "energy", "criterion": "Energy", "figure": "31 064 stoves",
                 "text": "in daily use at the last survey"}]},
        ],
    },
}  # fmt: skip

DESK: dict[str, Any] = {
    "ball": [
        {"term": "Waiting for", "value": "You (auditor)", "hot": True},
        {"term": "Public comments closed", "value": "2 received"},
        {"term": "Report due", "value": "in 11 days"},
    ],
    "queue_page": {"after": "2026-12-04T23:59:59+00:00~0~7", "first": False},
    "queue": [
        {"title": "Jua Kubwa solar park, 55 MW", "url": "#q1", "reference": "VAL-2026-0184",
         "what": "Assess the answer to CAR 03", "stage": 3, "stage_label": "Validation",
         "waiting_for": "You", "until": date(2026, 12, 4), "until_text": "in 11 days",
         "action_label": "Open the findings", "action_url": "#q1-open"},
        {"title": "Kupepea Plateau wind farm, 48 MW", "url": "#q2", "stage": 4,
         "stage_label": "Registration", "what": "Submit the request for registration",
         "waiting_for": "DNA of Kenya", "until": date(2026, 11, 20),
         "until_text": "3 days late", "late": True,
         "tag": "Demonstration rules", "tag_kind": "plum",
         "action_label": "Submit opinion",
         "why_not": "The letter of approval has not been issued."},
    ],
    "task_groups": [
        {"title": "Before you start", "items": [
            {"label": "Conflict of interest declaration", "url": "#t1", "status": "Done"}]},
        {"title": "Project design", "items": [
            {"label": "B.3 Boundary", "url": "#t2", "status": "1 CL", "kind": "warn"},
            {"label": "B.5 Additionality", "url": "#t3", "status": "1 CAR", "kind": "bad",
             "current": True},
            {"label": "Public comments", "url": "#t4", "status": "In progress", "kind": "info"},
            {"label": "Technical review", "locked": True}]},
    ],
    "finding": {
        "number": "CAR 03", "kind": "car", "title": "Benchmark mixes real and nominal terms",
        "round": 2, "rounds": 3, "place": "B.5, page 27", "status": "Answered",
        "status_kind": "info",
        "citations": [{"label": "Investment analysis tool", "url": "#cite"}],
        "messages": [
            {"name": "Lucie Moreau", "role": "Auditor", "at": date(2026, 11, 2), "own": True,
             "text": "The benchmark is in real terms but the cash flow is nominal."},
            {"name": "Juma Kamau", "role": "Participant", "at": date(2026, 11, 9),
             "text": "Cash flow restated in real terms. IRR is now 8.07 % against 13.25 %.",
             "files": [{"name": "IRR_v04.xlsx", "url": "#file", "size": 212_000}]},
        ],
    },
    "documents": [
        {"name": "Project design document, 04.0", "url": "#d1", "from": "Participants",
         "dated": date(2026, 9, 21), "fingerprint": "77d01fa9", "size": 2_400_000},
        {"name": "Letter of approval, Kenya", "from": "DNA of Kenya", "note": "Not yet public",
         "dated": date(2026, 8, 14), "fingerprint": "e09a7b33", "size": 310_000},
    ],
    "sheet": [
        {"label": "Installed capacity", "value": "55.0", "unit": "MW",
         "source": "EPC contract"},
        {"label": "Plant load factor", "value": "21.4", "unit": "%",
         "mark": {"kind": "cl", "number": "CL 05", "url": "#cl-05"}},
        {"label": "Grid emission factor", "value": "0.4312", "unit": "tCO2/MWh"},
        {"label": "Grid connection date", "value": ""},
        {"label": "Technology", "value": "Tracking panels", "state": "changed", "pieces": [
            {"kind": "del", "text": "Fixed "}, {"kind": "ins", "text": "Tracking "},
            {"kind": "same", "text": "panels"}]},
    ],
    "recalculation": [
        {"result": "Combined margin emission factor", "theirs": "0.4312 tCO2/MWh",
         "ours": "0.4312 tCO2/MWh", "difference": "0.0000", "agrees": True},
        {"result": "Annual emission reductions", "theirs": "44 466 tCO2e",
         "ours": "44 162 tCO2e", "difference": "304", "agrees": False},
    ],
    "seats": [
        {"name": "Ingrid Solheim", "group": "Annex I", "state": "Requested, 18 Nov",
         "kind": "warn"},
        {"name": "Tomasa Beltrán", "group": "Latin America", "state": "No request",
         "own": True},
        {"name": "Njeri Wachira", "group": "African States", "state": "Recused",
         "kind": "plum"},
    ],
    "rulings": [
        {"name": "Register", "follows": "Reference number, crediting period may start",
         "votes": 7, "carried": True},
        {"name": "Reject", "follows": "Reasons are published", "votes": None},
    ],
    "jobs": [
        {"state": "queued", "percent": 0, "reload_url": "#reload-1"},
        {"state": "running", "percent": 42, "message": "Reading 3 679 of 8 760 hours",
         "reload_url": "#reload-2"},
        {"state": "done", "message": "No difference found"},
        {"state": "failed", "message": "Row 2 114 is not a number"},
    ],
    "events": [
        {"at": MOMENT, "text": "Opinion submitted", "who": "L. Moreau", "url": "#e1"},
        {"at": MOMENT, "text": "CAR 03 closed", "who": "L. Moreau", "detail": "Round 2"},
    ],
}  # fmt: skip

GENERATIONS = [
    family.Generation("Issued", "12 May 2022", [
        family.Node("iss", 56900, 104387027, 104443926, "Pending account", "path", url="#iss")]),
    family.Generation("Forwarded", "3 June 2022", [
        family.Node("sop", 1138, 104387027, 104388164, "Adaptation Fund", "rest", "iss", "#sop"),
        family.Node("hold", 55762, 104388165, 104443926, "Ziwa Nne", "path", "iss", "#hold")]),
    family.Generation("Now", "23 November 2026", [
        family.Node("old", 13836, 104388165, 104402000, "Cancelled", "ok", "hold", "#old"),
        family.Node("this", 12, 104402001, 104402012, "This block", "now", "hold", "#this"),
        family.Node("held", 250, 104402013, 104402262, "Held", "warn", "hold", "#held"),
        family.Node("free", 41664, 104402263, 104443926, "Available", "info", "hold",
                    "#free")]),
]  # fmt: skip

REGISTRY: dict[str, Any] = {
    "movements": [
        {"at": datetime(2022, 5, 12, 9, 14, tzinfo=UTC), "what": "Issued", "source": "Board",
         "target": "Pending account", "reference": "TX-2022-05-12-000771", "leaf": 1902114,
         "units": 56900},
        {"at": MOMENT, "what": "Cancelled, voluntary", "detail": "Certificate VC-2026-0048812",
         "source": "Order held", "target": "Voluntary cancellation account",
         "reference": "TX-2026-11-23-004419", "reference_url": "#tx", "units": 12,
         "last": True},
    ],
    "proof": {
        "state": "checked", "leaf": 4417208, "leaf_hash": HASH, "root": HASH, "head": HASH,
        "size": 4417951, "signed_at": MOMENT, "download_url": "#proof",
        "command": "manage.py reconcile",
        "siblings": [{"level": 1, "side": "right", "hash": HASH}],
        "checks": [{"term": "Contains yesterday's tree head", "value": "yes", "ok": True},
                   {"term": "Transaction log agrees", "value": "no", "ok": False}],
    },
    "certificate": {"name": "Amina Otieno", "tonnes": 17, "serials": [SERIAL],
                    "reason": "Our family's flights and home energy, 2026",
                    "watermark": "Demonstration"},
    "order_lines": [
        {"title": "Ziwa Nne improved cookstoves programme", "cover_url": "?cover=stoves",
         "detail": "12 t × US$4.80 · Kenya", "amount": "57.60"},
        {"title": "Kër Soleil solar park, 20 MWp", "cover_url": "?cover=solar",
         "detail": "5 t × US$3.10 · Senegal", "amount": "15.50"},
    ],
    "kv": [
        {"term": "To the participants", "value": "US$73.10"},
        {"term": "Card fee, at cost", "value": "US$0.88"},
        {"term": "Fingerprint", "value": "9f2c 41b8", "mono": True},
        {"term": "Transaction log agrees", "value": "yes", "icon": "check", "kind": "ok"},
    ],
    "offer": {
        "price": "US$4.80", "per": "per tonne CO2e · set by the participants", "url": "#offer",
        "method": "get", "quantity": 12, "max": 41926, "total": "US$57.60",
        "label": "Add 12 t to basket", "second_label": "Buy now",
        "unit_note": "12 t is about a year of an average household in Germany.",
        "promises": [{"icon": "lock", "text": "Units are held for you for 20 minutes"},
                     {"icon": "badge-check", "text": "Certificate with a public check page"}],
    },
}  # fmt: skip


def _charts() -> dict[str, Any]:
    made = ("44.2", "51.8", "53.1", "49.7", "56.9")
    series = [
        charts.Bar(str(2015 + n), Decimal("57.0"), Decimal(value)) for n, value in enumerate(made)
    ]
    series.append(charts.Bar("2020", Decimal("57.0"), None, Decimal("57.1")))
    return {
        "bars": charts.bars(series, "thousand tCO2e", "Estimated and issued reductions"),
        "bar_rows": series,
        "bar_legend": [{"kind": "hatch", "label": "Estimated at registration"},
                       {"kind": "solid", "label": "Issued"},
                       {"kind": "dashed", "label": "Monitored, under verification*"}],
        "waterfall": charts.waterfall(
            [charts.Step("Baseline", Decimal(61240), total=True),
             charts.Step("Project", Decimal(-4120)), charts.Step("Leakage", Decimal(-220)),
             charts.Step("Reductions", Decimal(56900), total=True)],
            "From baseline emissions to emission reductions, tCO2e"),
        "line": charts.line(
            [(f"Month {n}", Decimal(300 + 40 * (n % 4))) for n in range(1, 13)],
            "Electricity supplied, MWh a month"),
        "sparkline": charts.sparkline([Decimal(n % 5 + 1) for n in range(12)], "Twelve months"),
    }  # fmt: skip


def _lists() -> dict[str, Any]:
    parts = [{"label": "Overview", "url": "#overview", "current": True},
             {"label": "Benefits", "url": "#benefits"}, {"label": "Documents", "url": "#documents"}]
    groups: dict[str, list[dict[str, Any]]] = {}
    for category, name in CRITERIA:
        groups.setdefault(category, []).append({"value": name, "label": name, "count": 11})
    return {
        "parts": parts,
        "segments": [{"label": "Cards", "icon": "layout-grid", "url": "#cards", "current": True},
                     {"label": "Table", "icon": "table-2", "url": "#table"},
                     {"label": "Map", "icon": "map", "url": "#map"}],
        "chips": [{"label": "Wind power", "remove_url": "#no-wind"},
                  {"label": "US$1–8", "remove_url": "#no-price"}],
        "exports": [{"label": "CSV", "url": "#csv"}, {"label": "JSON", "url": "#json"},
                    {"label": "XLSX", "url": "#xlsx"}],
        "types": [{"value": "wind", "label": "Wind power", "count": 34, "checked": True},
                  {"value": "solar", "label": "Solar power", "count": 21}],
        "criteria_groups": [{"key": key, "label": key.capitalize(), "options": options}
                            for key, options in groups.items()],
        "nothing": [],
    }  # fmt: skip


def _readings() -> dict[str, Any]:
    """What a participant did about faulty readings, and what a new file changed."""
    return {
        "treated": [
            {"column": "EG_export", "said": "Summer time: an hour stands twice", "count": 2,
             "rows": [[7178, "2026-10-25 02:00"], [7179, "2026-10-25 02:00"]],
             "does": "The lower of the two counts", "reason": "The meter keeps local time.",
             "by": "Amina Otieno"},
        ],
        "difference": [
            {"symbol": "EG_export", "unit": "MWh", "count": 1, "before": "8412.50",
             "after": "8411.25", "rows": [["2026-03-01T10:00", "3.75", "2.50"]]},
        ],
        "pages_of_a_list": {"first": False, "first_url": "#first", "next_url": "#next"},
    } | styleguide_monitoring.samples()  # fmt: skip


def _said_of_benefits() -> dict[str, Any]:
    """A version of a co-benefit report, and what the host Party said of it."""
    return {
        "benefit_report": {"lines": {"all": [
            {"criterion": "jobs", "get_criterion_display": "Jobs", "level": "moderate",
             "get_level_display": "Moderate", "figure": "9 jobs",
             "text": "For technicians of the county.", "evidence": "Payroll of 2026"},
        ]}},
        "benefit_badge": {"on": DAY, "doe": {"name": "Plumb & Plover Assurance"}, "confirmed": 5,
                          "of": 6},
        "benefit_comments": [
            {"organisation": {"name": "DNA of Kenya"}, "at": DAY,
             "text": "We count jobs anew."},
        ],
    }  # fmt: skip

def everything() -> dict[str, Any]:
    """All samples under the names by which the style guide's template calls them."""
    title = "Family of the block: 56 900 units issued, 12 of them cancelled in this block"
    code = qr.qr_svg("https://ledger.example/v/7QK2M9XD4R")
    return {
        **_tracks(), **PROJECT, **DESK, **REGISTRY, **_charts(), **_lists(),
        **_readings(), **_said_of_benefits(),
        "now": MOMENT, "today": DAY, "serial": SERIAL,
        "points": world.points(PLACES),
        "family": family.family(GENERATIONS, title),
        "certificate": REGISTRY["certificate"] | {"qr": code},
    }  # fmt: skip

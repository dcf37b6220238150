"""Samples for the style guide: calibrations, corrections, events and surveys of a period."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from cdm_portal.drawing import lanes

MARCH = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


def samples() -> dict[str, Any]:
    """The context of the components."""
    return _meters() | _events() | {
        "surveys": [
            {"symbol": "mu", "count": 100, "population": 10_000, "mean": Decimal("0.5"),
             "error": Decimal("0.05"), "errors": "1.645", "margin": Decimal("0.08225"),
             "precision": Decimal("16.45"), "value": Decimal("0.41775"), "document": 1,
             "said": "the lower bound, since the precision is not reached", "sha256": "0" * 64,
             "filename": "stoves.csv", "source": "general knowledge"},
        ],
    }  # fmt: skip


def _meters() -> dict[str, Any]:
    """A late calibration and what it changes."""
    return {
        "corrections": [
            {"symbol": "EG_export", "unit": "MWh", "first": date(2026, 3, 10),
             "last": date(2026, 3, 12), "readings": 72, "measured": Decimal(144),
             "factor": "0.998", "effect": Decimal("-0.288"), "source": "general knowledge",
             "reason": "The laboratory had no earlier date.", "by": "Amina Otieno",
             "delays": [{"meter": "M-4711", "due": date(2026, 3, 9), "done": date(2026, 3, 12),
                         "basis": "Maximum permissible error"}]},
        ],
        "calibrations": [
            {"symbol": "EG_export", "meter": "M-4711", "done_date": date(2026, 3, 12),
             "due_date": date(2027, 3, 12), "laboratory": "National institute of metrology",
             "accuracy_class": "0.2S", "permissible_error": Decimal("0.2"),
             "error_found": Decimal("0.1"), "certificate_id": 1,
             "certificate": {"filename": "M-4711.pdf"}},
        ],
    }  # fmt: skip


def _events() -> dict[str, Any]:
    """An outage, in a table and in the lanes of its month."""
    return {
        "plant_events": [
            {"said": "Outage of a meter", "symbol": "EG_export", "note": "Fuse blown",
             "begins_at": datetime(2026, 3, 4, 5, tzinfo=UTC),
             "ends_at": datetime(2026, 3, 5, 9, tzinfo=UTC)},
        ],
        "lanes": lanes.lanes(
            [lanes.Lane("EG_export", (
                lanes.Span(*MARCH, "azure", "Measured"),
                lanes.Span(datetime(2026, 3, 4, 5, tzinfo=UTC),
                           datetime(2026, 3, 5, 9, tzinfo=UTC), "warn", "Missing"),
            ))], *MARCH, "Readings and gaps",
        ),
        "lanes_legend": [{"kind": "azure", "label": "Measured"},
                         {"kind": "warn", "label": "Missing"}],
    }  # fmt: skip

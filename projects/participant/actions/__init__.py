"""What a participant does: stage 1 in `design`, stage 5 in `monitoring`."""

from projects.participant.actions.autosave import (
    ChangedMeanwhile,
    drop_typed,
    keep_typed,
    save_seen,
)
from projects.participant.actions.design import (
    Incomplete,
    attach,
    detach,
    save_section,
    start_design,
    submit_design,
    withdraw,
)
from projects.participant.actions.monitoring import (
    UnusableReadings,
    accept_gap,
    accept_gaps,
    open_period,
    report_monitoring,
    upload_readings,
)

__all__ = [
    "ChangedMeanwhile",
    "Incomplete",
    "UnusableReadings",
    "accept_gap",
    "accept_gaps",
    "attach",
    "detach",
    "drop_typed",
    "keep_typed",
    "open_period",
    "report_monitoring",
    "save_section",
    "save_seen",
    "start_design",
    "submit_design",
    "upload_readings",
    "withdraw",
]

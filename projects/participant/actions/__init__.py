"""What a participant does: stage 1 in `design`, stage 5 in `monitoring`."""

from projects.participant.actions.components import (
    draft_component,
    save_component,
)
from projects.participant.actions.design import (
    Incomplete,
    attach,
    detach,
    save_section,
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
from projects.participant.actions.start import start_design

__all__ = [
    "Incomplete",
    "UnusableReadings",
    "accept_gap",
    "accept_gaps",
    "attach",
    "detach",
    "draft_component",
    "open_period",
    "report_monitoring",
    "save_component",
    "save_section",
    "start_design",
    "submit_design",
    "upload_readings",
    "withdraw",
]

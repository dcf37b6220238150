"""What a participant does: stage 1 in `design`, stage 5 in `monitoring`."""

from projects.participant.actions.design import (
    Incomplete,
    attach,
    detach,
    save_section,
    start_design,
    submit_design,
)
from projects.participant.actions.monitoring import (
    UnusableReadings,
    accept_gap,
    accept_gaps,
    open_period,
    report_monitoring,
    upload_readings,
)
from projects.participant.actions.prior import notify_prior_consideration, publish_prior_notice
from projects.participant.actions.withdrawing import withdraw

__all__ = [
    "Incomplete",
    "UnusableReadings",
    "accept_gap",
    "accept_gaps",
    "attach",
    "detach",
    "notify_prior_consideration",
    "open_period",
    "publish_prior_notice",
    "report_monitoring",
    "save_section",
    "start_design",
    "submit_design",
    "upload_readings",
    "withdraw",
]

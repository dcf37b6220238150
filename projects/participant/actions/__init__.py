"""What a participant does: stage 1 in `design`, stage 5 in `monitoring`, then `revisions`."""

from projects.participant.actions.design import (
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
from projects.participant.actions.revisions import (
    Wish,
    freeze_for_doe,
    publish_version,
    put_in_force,
    register_first,
    start_revision,
    withdraw_revision,
)
from projects.participant.errors import Incomplete

__all__ = [
    "Incomplete",
    "UnusableReadings",
    "Wish",
    "accept_gap",
    "accept_gaps",
    "attach",
    "detach",
    "freeze_for_doe",
    "open_period",
    "publish_version",
    "put_in_force",
    "register_first",
    "report_monitoring",
    "save_section",
    "start_design",
    "start_revision",
    "submit_design",
    "upload_readings",
    "withdraw",
    "withdraw_revision",
]

"""What a participant does: stage 1 in `design`, stage 5 in `monitoring`; who speaks for a project
in `communication`, and what its focal points ask of the registry in `forwarding`.
"""

from projects.participant.actions.autosave import (
    ChangedMeanwhile,
    drop_typed,
    keep_typed,
    save_seen,
)
from projects.participant.actions.communication import (
    NotOpen,
    Point,
    bring_in,
    propose_statement,
    sign_statement,
    withdraw_statement,
)
from projects.participant.actions.components import draft_component, save_component
from projects.participant.actions.design import attach, detach, save_section, submit_design
from projects.participant.actions.events import Typed, add_event, drop_event, upload_events
from projects.participant.actions.factors import take_factor
from projects.participant.actions.forwarding import (
    request_forwarding,
    sign_forwarding,
    withdraw_forwarding,
)
from projects.participant.actions.importing import import_series, take_import
from projects.participant.actions.instruments import (
    CalibrationTest,
    accept_corrections,
    record_calibration,
)
from projects.participant.actions.monitoring import (
    UnusableReadings,
    accept_gap,
    accept_gaps,
    open_period,
    report_monitoring,
    state_rows,
    upload_readings,
)
from projects.participant.actions.prior import notify_prior_consideration, publish_prior_notice
from projects.participant.actions.revisions import (
    Wish,
    freeze_for_doe,
    publish_version,
    put_in_force,
    register_first,
    start_revision,
    withdraw_revision,
)
from projects.participant.actions.series import map_columns, send_series, treat_faults
from projects.participant.actions.start import start_design
from projects.participant.actions.surveys import end_survey, upload_survey
from projects.participant.actions.withdrawing import withdraw
from projects.participant.errors import Incomplete

__all__ = [
    "CalibrationTest",
    "ChangedMeanwhile",
    "Incomplete",
    "NotOpen",
    "Point",
    "Typed",
    "UnusableReadings",
    "Wish",
    "accept_corrections",
    "accept_gap",
    "accept_gaps",
    "add_event",
    "attach",
    "bring_in",
    "detach",
    "draft_component",
    "drop_event",
    "drop_typed",
    "end_survey",
    "freeze_for_doe",
    "import_series",
    "keep_typed",
    "map_columns",
    "notify_prior_consideration",
    "open_period",
    "propose_statement",
    "publish_prior_notice",
    "publish_version",
    "put_in_force",
    "record_calibration",
    "register_first",
    "report_monitoring",
    "request_forwarding",
    "save_component",
    "save_section",
    "save_seen",
    "send_series",
    "sign_forwarding",
    "sign_statement",
    "start_design",
    "start_revision",
    "state_rows",
    "submit_design",
    "take_factor",
    "take_import",
    "treat_faults",
    "upload_events",
    "upload_readings",
    "upload_survey",
    "withdraw",
    "withdraw_forwarding",
    "withdraw_revision",
    "withdraw_statement",
]

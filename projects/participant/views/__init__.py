"""The pages of a participant: `desk` and `design` for stage 1, `monitoring` for stage 5."""

from projects.participant.views.design import (
    attachments,
    design_document,
    detach,
    section,
    submit,
    version,
)
from projects.participant.views.desk import new, project, projects, withdraw
from projects.participant.views.monitoring import gaps, new_period, period, report, template
from projects.participant.views.public import design_version
from projects.participant.views.typing import drop_typed, typed

__all__ = [
    "attachments",
    "design_document",
    "design_version",
    "detach",
    "drop_typed",
    "gaps",
    "new",
    "new_period",
    "period",
    "project",
    "projects",
    "report",
    "section",
    "submit",
    "template",
    "typed",
    "version",
    "withdraw",
]

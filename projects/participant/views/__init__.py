"""The pages of a participant: `desk` and `design` for stage 1, `monitoring` for stage 5."""

from projects.participant.views.components import component, components
from projects.participant.views.design import (
    attachments,
    design_document,
    detach,
    section,
    submit,
    take_factor,
    version,
)
from projects.participant.views.desk import new, project, projects, withdraw
from projects.participant.views.monitoring import gaps, new_period, period, report, template
from projects.participant.views.prior import notify
from projects.participant.views.public import design_version
from projects.participant.views.revisions import new_revision, revision, withdraw_revision
from projects.participant.views.typing import drop_typed, typed

__all__ = [
    "attachments",
    "component",
    "components",
    "design_document",
    "design_version",
    "detach",
    "drop_typed",
    "gaps",
    "new",
    "new_period",
    "new_revision",
    "notify",
    "period",
    "project",
    "projects",
    "report",
    "revision",
    "section",
    "submit",
    "take_factor",
    "template",
    "typed",
    "version",
    "withdraw",
    "withdraw_revision",
]

"""The law of a co-benefit report on one page: its states, and every transition between them.

DRAFT → SUBMITTED → PUBLISHED → AMENDED | WITHDRAWN (domain, 3.9). Each version of a report goes
this way. An amendment is the next version: the published one stays in view until the amendment is
published, and is AMENDED then. What the secretariat sends back is a draft again, as elsewhere in
the table; so is an amendment that waits when the participants withdraw the report in view, for
nothing is published after a withdrawal that was not handed in after it.

Beside it the law of a check: ASKED → ACCEPTED → CHECKED | DECLINED | ENDED (own design: domain, 7).
A DOE checks one published version. A check that is not concluded ends with its version, or when the
participants take it back; a check that is concluded stays with its version and never passes to the
next one.
"""

from typing import Any

from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField

from cdm_portal.values import Actor, Role
from projects import access
from projects.lifecycle import SIDE_ENDS, needs, transition


class State(models.TextChoices):
    """Where a version of a report stands."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "With the secretariat"
    PUBLISHED = "published", "Published"
    AMENDED = "amended", "Amended by a later version"
    WITHDRAWN = "withdrawn", "Withdrawn"


UNDER_WAY = (State.DRAFT, State.SUBMITTED)
PUBLIC = (State.PUBLISHED, State.AMENDED, State.WITHDRAWN)


def speaks(report: Any, actor: Actor) -> bool:
    """Who speaks for the participants in the matters of the project."""
    return access.may_speak_for_project_matters(actor, report.project)


def secretariat(_report: Any, actor: Actor) -> bool:
    """The secretariat, which looks at the form alone."""
    return actor.role == Role.SECRETARIAT


@needs("This project has ended; its co-benefits can no longer be reported.")
def project_goes_on(report: Any) -> bool:
    """The project has not come to one of its side ends."""
    return report.project.stage not in SIDE_ENDS


@needs(
    "The project is not public yet: keep the draft, and hand it in once a DOE has published the "
    "design document."
)
def project_is_public(report: Any) -> bool:
    """What is published of a project is published with it, not before (domain, 2.10)."""
    project = report.project
    return project.validation_began_at is not None or project.registered_at is not None


class ReportLifecycle(ConcurrentTransitionMixin, models.Model):
    """A version's state and what may happen to it."""

    state = FSMField(max_length=10, choices=State.choices, default=State.DRAFT, protected=True)

    class Meta:
        abstract = True

    @transition(
        field=state, source=State.DRAFT, target=State.SUBMITTED, permission=speaks,
        conditions=[project_goes_on, project_is_public],
    )
    def hand_in(self) -> None:
        """The participants hand the draft in."""

    @transition(
        field=state, source=State.SUBMITTED, target=State.DRAFT, permission=secretariat
    )
    def give_back(self) -> None:
        """The secretariat sends it back, with what is wrong with its form."""

    @transition(field=state, source=State.SUBMITTED, target=State.DRAFT, permission=speaks)
    def fall_back(self) -> None:
        """It waited to amend a report that the participants withdraw now."""

    @transition(
        field=state, source=State.SUBMITTED, target=State.PUBLISHED, permission=secretariat,
        conditions=[project_goes_on, project_is_public],
    )
    def publish(self) -> None:
        """The secretariat publishes it."""

    @transition(
        field=state, source=State.PUBLISHED, target=State.AMENDED, permission=secretariat
    )
    def give_way(self) -> None:
        """A later version is published in its place."""

    @transition(
        field=state, source=State.PUBLISHED, target=State.WITHDRAWN, permission=speaks
    )
    def withdraw(self) -> None:
        """The participants withdraw it, also after the project has ended."""


class CheckState(models.TextChoices):
    """Where a DOE's check of a version stands."""

    ASKED = "asked", "Asked for"
    ACCEPTED = "accepted", "Under way"
    DECLINED = "declined", "Declined by the DOE"
    CHECKED = "checked", "Checked"
    ENDED = "ended", "Ended without a statement"


OPEN_CHECKS = (CheckState.ASKED, CheckState.ACCEPTED)


def of_the_doe(check: Any, actor: Actor) -> bool:
    """The DOE that was asked."""
    return actor.role == Role.DOE and actor.organisation_id == check.doe_id


def asked_for_it(check: Any, actor: Actor) -> bool:
    """Who speaks for the participants, or the secretariat that publishes the next version."""
    return speaks(check.report, actor) or actor.role == Role.SECRETARIAT


@needs("This version of the report is no longer in view.")
def version_is_in_view(check: Any) -> bool:
    """Nothing is said by a DOE of a version that has been amended or withdrawn."""
    return bool(check.report.state == State.PUBLISHED)


class CheckLifecycle(ConcurrentTransitionMixin, models.Model):
    """A check's state and what may happen to it."""

    state = FSMField(
        max_length=10, choices=CheckState.choices, default=CheckState.ASKED, protected=True
    )

    class Meta:
        abstract = True

    @transition(
        field=state, source=CheckState.ASKED, target=CheckState.ACCEPTED, permission=of_the_doe,
        conditions=[version_is_in_view],
    )
    def accept(self) -> None:
        """The DOE takes the check on."""

    @transition(
        field=state, source=CheckState.ASKED, target=CheckState.DECLINED, permission=of_the_doe
    )
    def decline(self) -> None:
        """The DOE does not take it on."""

    @transition(
        field=state, source=CheckState.ACCEPTED, target=CheckState.CHECKED, permission=of_the_doe,
        conditions=[version_is_in_view],
    )
    def conclude(self) -> None:
        """The DOE publishes its statement."""

    @transition(
        field=state, source=list(OPEN_CHECKS), target=CheckState.ENDED, permission=asked_for_it
    )
    def end(self) -> None:
        """The participants take it back, or its version leaves view."""

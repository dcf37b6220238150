"""The law of a revision on one page: its states, and every transition between them.

A renewal of the crediting period and a post-registration change go the same way: the participant
drafts a revised design document and asks a DOE, the DOE gives its opinion and makes the request,
the Board decides (domain, 3.9). From the request on, `projects.board.procedure` is the law; here it
is one state, `requested`. On the issuance track that request is the one for issuance.
"""

from typing import Any

from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField

from cdm_portal.values import Actor, Role
from projects.lifecycle import board, needs, participant, transition


class State(models.TextChoices):
    """Where a revision stands (domain, 3.9)."""

    DRAFT = "draft", "Draft"
    OFFERED = "offered", "Waiting for the DOE to accept"
    OPINION = "doe_opinion", "Waiting for the DOE's opinion"
    POSITIVE = "positive", "Positive opinion, not requested yet"
    NEGATIVE = "negative", "Negative opinion"
    REQUESTED = "requested", "Requested"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


ENDED = (State.NEGATIVE, State.APPROVED, State.REJECTED, State.WITHDRAWN)
LIVE = tuple(state for state in State if state not in ENDED)
WITH_DOE = (State.OFFERED, State.OPINION, State.POSITIVE, State.REQUESTED)


def asked_doe(revision: Any, actor: Actor) -> bool:
    """The DOE that the participant asked to validate the revision."""
    return actor.role == Role.DOE and actor.organisation_id == revision.doe_id


def requesting_doe(revision: Any, actor: Actor) -> bool:
    """The DOE that makes the request: the one that validated the revision, or, on the issuance
    track, the one that verifies the monitoring period.
    """
    if revision.period is not None:
        return actor.role == Role.DOE and actor.organisation_id == revision.period.verifier_id
    return asked_doe(revision, actor)


def requesting_doe_or_portal(revision: Any, actor: Actor) -> bool:
    """That DOE, or the portal when the request ended under it."""
    return actor.role == Role.SYSTEM or requesting_doe(revision, actor)


@needs("The DOE has not declared that it has no conflict of interest.")
def no_conflict(revision: Any) -> bool:
    """The DOE declared that it has no conflict of interest with the participants."""
    return revision.no_conflict_at is not None


@needs("The opinion has no report.")
def has_report(revision: Any) -> bool:
    """The validation report of the opinion is filed."""
    return revision.report_id is not None


class RevisionLifecycle(ConcurrentTransitionMixin, models.Model):
    """A revision's state and what may happen to it."""

    state = FSMField(
        max_length=20, choices=State.choices, default=State.DRAFT, protected=True, db_index=True
    )

    class Meta:
        abstract = True

    @transition(field=state, source=State.DRAFT, target=State.OFFERED, permission=participant)
    def offer(self) -> None:
        """The draft is frozen and a DOE is asked to validate it."""

    @transition(
        field=state, source=State.OFFERED, target=State.OPINION, permission=asked_doe,
        conditions=[no_conflict],
    )
    def accept(self) -> None:
        """The DOE takes the work on."""

    @transition(field=state, source=State.OFFERED, target=State.DRAFT, permission=asked_doe)
    def decline(self) -> None:
        """The DOE does not take the work on; another can be asked."""

    @transition(field=state, source=State.OPINION, target=State.DRAFT, permission=asked_doe)
    def send_back(self) -> None:
        """The DOE asks for corrections before it gives an opinion."""

    @transition(
        field=state, source=State.OPINION, target=State.POSITIVE, permission=asked_doe,
        conditions=[has_report],
    )
    def conclude_positive(self) -> None:
        """The DOE's opinion is positive."""

    @transition(
        field=state, source=State.OPINION, target=State.NEGATIVE, permission=asked_doe,
        conditions=[has_report],
    )
    def conclude_negative(self) -> None:
        """The DOE's opinion is negative: this revision ends, and another can be drafted."""

    @transition(
        field=state, source=State.POSITIVE, target=State.REQUESTED, permission=requesting_doe
    )
    def request(self) -> None:
        """The DOE makes the request, or it goes with the request for issuance."""

    @transition(
        field=state, source=State.REQUESTED, target=State.POSITIVE,
        permission=requesting_doe_or_portal,
    )
    def take_back(self) -> None:
        """The request was withdrawn; it can be made again."""

    @transition(field=state, source=State.REQUESTED, target=State.APPROVED, permission=board)
    def approve(self) -> None:
        """Approved, by the closed window or by the Board's ruling."""

    @transition(field=state, source=State.REQUESTED, target=State.REJECTED, permission=board)
    def reject(self) -> None:
        """Rejected by the Board's ruling."""

    @transition(
        field=state, target=State.WITHDRAWN, permission=participant,
        source=[State.DRAFT, State.OFFERED, State.OPINION, State.POSITIVE],
    )
    def withdraw(self) -> None:
        """The participant gives the revision up before it is requested."""

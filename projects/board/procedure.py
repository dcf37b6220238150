"""The procedure of a request on one page: its states, and every transition between them.

A review runs like this: members or a Party ask, the secretariat opens it, the secretariat and an
expert of the Registration and Issuance Team assess it without seeing each other's assessment. If
both recommend the same, that is the proposed decision, and it stands unless a member objects in
time; otherwise, and after an objection, the Board votes and its Chair publishes the ruling.

Registration and issuance share it; only registration has a fee (domain, 3.3 and 3.5). How a request
moves the eight stages is `projects.lifecycle` alone. `projects.lifecycle.ask` asks this page too.
"""

from typing import Any

from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField

from cdm_portal.values import Actor, Role
from projects.lifecycle import needs, transition


class State(models.TextChoices):
    """Where it stands (domain, 3.3 and 3.5)."""

    SUBMITTED = "submitted", "Submitted"
    FEE_DUE = "fee_due", "Fee due"
    COMPLETENESS = "completeness_check", "Completeness check"
    INFORMATION = "information_check", "Information and reporting check"
    INCOMPLETE = "incomplete", "Incomplete"
    PUBLISHED = "published", "Published, review window open"
    REVIEW_REQUESTED = "review_requested", "Review requested"
    UNDER_REVIEW = "under_review", "Under review"
    ASSESSED = "assessed", "Assessed, at the vote"
    PROPOSED = "proposed", "Decision proposed"
    CORRECTIONS = "corrections", "Corrections required"
    CORRECTED = "corrected", "Corrections submitted"
    APPROVED = "approved", "Granted"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


ENDED = (State.APPROVED, State.REJECTED, State.WITHDRAWN)
OPEN = [state for state in State if state not in ENDED]
DELIBERATING = (
    State.PUBLISHED, State.REVIEW_REQUESTED, State.UNDER_REVIEW, State.ASSESSED, State.PROPOSED,
)
"""While seats of the Board may have something to say."""
DECIDING = (State.ASSESSED, State.PROPOSED, State.CORRECTED)
"""Under final decision: at the vote, with a decision proposed, or with corrections that only have
to match the ruling. A project is not withdrawn then.
"""
SIDES = (Role.SECRETARIAT, Role.RIT)
"""Who assesses a request under review, each independently."""
VOID = (State.REJECTED, State.WITHDRAWN)
"""Ended without being granted: a new request may follow."""


def secretariat(_request: Any, actor: Actor) -> bool:
    """The Board's secretariat."""
    return actor.role == Role.SECRETARIAT


def requester(request: Any, actor: Actor) -> bool:
    """The DOE that made the request."""
    return actor.role == Role.DOE and actor.organisation_id == request.submitted_by_id


def portal(_request: Any, actor: Actor) -> bool:
    """The portal itself, where a rule acts and no person does."""
    return actor.role == Role.SYSTEM


def member(_request: Any, actor: Actor) -> bool:
    """A member of the Board or an alternate; for whom, and who rules, the actions ask."""
    return actor.role == Role.BOARD


def assessor(_request: Any, actor: Actor) -> bool:
    """The secretariat, or an expert of the Registration and Issuance Team."""
    return actor.role in {Role.SECRETARIAT, Role.RIT}


def in_review(_request: Any, actor: Actor) -> bool:
    """Those whose request for a review can be the one that starts it."""
    return actor.role in {Role.BOARD, Role.DNA}


@needs("The case has left the stage in which the request was made.")
def case_is_there(request: Any) -> bool:
    """The participant has not withdrawn, and nothing else ended the case meanwhile."""
    return bool(request.case_is_there)


@needs("A request for issuance is withdrawn in a way of its own.")
def asks_no_issuance(request: Any) -> bool:
    """Registration, a renewal or a change is requested."""
    return not request.is_issuance


@needs("This way is for requests for issuance.")
def asks_issuance(request: Any) -> bool:
    """Issuance is requested."""
    return bool(request.is_issuance)


@needs("Both assessments have to be filed first.")
def both_assessed(request: Any) -> bool:
    """The secretariat and the Registration and Issuance Team have filed theirs."""
    return len(request.recommendations) == len(SIDES)


@needs("The assessments do not recommend the same.")
def assessments_agree(request: Any) -> bool:
    """Both recommend the same."""
    return len(set(request.recommendations)) == 1


@needs("A member of the Board has objected to the proposed decision.")
def nobody_objected(request: Any) -> bool:
    """There is no objection; after one the Board votes."""
    return not hasattr(request, "objection")


class Procedure(ConcurrentTransitionMixin, models.Model):
    """A request's state and what may happen to it."""

    state = FSMField(max_length=20, choices=State.choices, default=State.SUBMITTED, protected=True)

    class Meta:
        abstract = True

    @transition(
        field=state, source=[State.SUBMITTED, State.INCOMPLETE], target=State.FEE_DUE,
        permission=requester,
    )
    def ask_fee(self) -> None:
        """The fee is computed and due, or still is; the checks begin when it is there."""

    @transition(
        field=state, source=State.FEE_DUE, target=State.INCOMPLETE, permission=secretariat,
        conditions=[case_is_there],
    )
    def return_unpaid(self) -> None:
        """Neither the fee nor proof of its payment came in time (the portal's own: the domain says
        until when, not what follows).
        """

    @transition(
        field=state, source=[State.SUBMITTED, State.INCOMPLETE], target=State.COMPLETENESS,
        permission=requester, conditions=[case_is_there],
    )
    def begin_checks(self) -> None:
        """Nothing is due first, or the DOE submits again after an incomplete request."""

    @transition(
        field=state, source=State.FEE_DUE, target=State.COMPLETENESS, permission=secretariat,
        conditions=[case_is_there],
    )
    def receive_fee(self) -> None:
        """The fee is there; the request counts as received."""

    @transition(
        field=state, source=State.COMPLETENESS, target=State.INFORMATION, permission=secretariat,
        conditions=[case_is_there],
    )
    def pass_completeness(self) -> None:
        """Everything is there; the second check begins."""

    @transition(
        field=state, source=[State.COMPLETENESS, State.INFORMATION], target=State.INCOMPLETE,
        permission=secretariat, conditions=[case_is_there],
    )
    def return_incomplete(self) -> None:
        """An item is not met; the reasons are public and the DOE may submit again."""

    @transition(
        field=state, source=State.INFORMATION, target=State.PUBLISHED, permission=secretariat,
        conditions=[case_is_there],
    )
    def publish(self) -> None:
        """Both checks are passed; the review window opens."""

    @transition(
        field=state, source=State.PUBLISHED, target=State.REVIEW_REQUESTED, permission=in_review,
        conditions=[case_is_there],
    )
    def start_review(self) -> None:
        """A Party involved asked for a review, or the third member of the Board did."""

    @transition(
        field=state, source=State.REVIEW_REQUESTED, target=State.UNDER_REVIEW,
        permission=secretariat, conditions=[case_is_there],
    )
    def open_review(self) -> None:
        """The secretariat states the scope; two assessments are made."""

    @transition(
        field=state, source=State.UNDER_REVIEW, target=State.ASSESSED, permission=assessor,
        conditions=[case_is_there, both_assessed],
    )
    def conclude_assessments(self) -> None:
        """Both assessments are filed; they become public."""

    @transition(
        field=state, source=State.ASSESSED, target=State.PROPOSED, permission=assessor,
        conditions=[case_is_there, both_assessed, assessments_agree, nobody_objected],
    )
    def propose(self) -> None:
        """Both recommend the same: the decision is proposed, the clock for objections starts."""

    @transition(
        field=state, source=State.PROPOSED, target=State.ASSESSED, permission=member,
        conditions=[case_is_there],
    )
    def put_to_vote(self) -> None:
        """A member objects: the Board votes."""

    @transition(
        field=state, source=State.PROPOSED, target=State.CORRECTIONS, permission=portal,
        conditions=[case_is_there, nobody_objected],
    )
    @transition(
        field=state, source=State.ASSESSED, target=State.CORRECTIONS, permission=member,
        conditions=[case_is_there],
    )
    def require_corrections(self) -> None:
        """The ruling grants the request after corrections."""

    @transition(
        field=state, source=State.CORRECTIONS, target=State.CORRECTED, permission=requester,
        conditions=[case_is_there],
    )
    def submit_corrections(self) -> None:
        """The DOE hands in what the ruling asks for."""

    @transition(
        field=state, source=State.CORRECTED, target=State.CORRECTIONS, permission=secretariat,
        conditions=[case_is_there],
    )
    def return_corrections(self) -> None:
        """The corrections do not match the ruling."""

    @transition(
        field=state, source=State.PUBLISHED, target=State.APPROVED, permission=portal,
        conditions=[case_is_there],
    )
    def pass_window(self) -> None:
        """The window closed without a review."""

    @transition(
        field=state, source=State.PROPOSED, target=State.APPROVED, permission=portal,
        conditions=[case_is_there, nobody_objected],
    )
    @transition(
        field=state, source=State.ASSESSED, target=State.APPROVED, permission=member,
        conditions=[case_is_there],
    )
    def grant(self) -> None:
        """The ruling grants the request."""

    @transition(
        field=state, source=State.CORRECTED, target=State.APPROVED, permission=secretariat,
        conditions=[case_is_there],
    )
    def accept_corrections(self) -> None:
        """The corrections match the ruling."""

    @transition(
        field=state, source=State.PROPOSED, target=State.REJECTED, permission=portal,
        conditions=[case_is_there, nobody_objected],
    )
    @transition(
        field=state, source=State.ASSESSED, target=State.REJECTED, permission=member,
        conditions=[case_is_there],
    )
    def turn_down(self) -> None:
        """The ruling is against the request."""

    @transition(
        field=state, target=State.WITHDRAWN, permission=requester,
        conditions=[asks_no_issuance],
        source=[
            State.FEE_DUE, State.COMPLETENESS, State.INFORMATION, State.INCOMPLETE,
            State.PUBLISHED, State.REVIEW_REQUESTED, State.CORRECTIONS,
        ],
    )
    def withdraw(self) -> None:
        """The DOE takes a request for registration back, not while the Board decides."""

    @transition(
        field=state, source=OPEN, target=State.WITHDRAWN, permission=requester,
        conditions=[asks_issuance],
    )
    def withdraw_issuance(self) -> None:
        """The DOE takes a request for issuance back, in any state until it is decided."""

    @transition(field=state, source=OPEN, target=State.WITHDRAWN, permission=portal)
    def lapse(self) -> None:
        """The case ended under the request: there is nothing left to decide."""

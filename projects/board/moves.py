"""Which acts the page of a request offers, to whom and when: one table for buttons and routes.

The page offers; the action decides. What is not offered is refused all the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cdm_portal import permissions
from cdm_portal.permissions import Exercise, Right, Row
from cdm_portal.values import Actor
from projects.board import actions, forms, queries
from projects.board.models import Invoice, Request
from projects.board.procedure import DELIBERATING, OPEN, State


@dataclass(frozen=True, slots=True)
class Move:
    """An act upon a request as its page offers it: to which roles, in which states."""

    slug: str
    title: str
    button: str
    action: Callable[..., object]
    form: type[forms.RequestForm]
    cells: tuple[Exercise, ...]
    states: frozenset[str]
    done: str
    kind: str
    place: str
    kinds: frozenset[str]

    @property
    def roles(self) -> frozenset[object]:
        """The roles to which the permission matrix gives the act."""
        return permissions.roles(*self.cells)


def _move(
    slug: str, title: str, button: str, action: Callable[..., object],
    form: type[forms.RequestForm], cells: Iterable[Exercise], states: Iterable[str], done: str,
    kind: str = "", place: str = "thread", kinds: Iterable[str] = tuple(Request.Kind.values),
) -> Move:
    return Move(
        slug, title, button, action, form, tuple(cells), frozenset(states), done, kind, place,
        frozenset(kinds),
    )


LAST_DAYS = {"proof", "unpaid"}
MONEY = {"payment", "confirm", "aside"} | LAST_DAYS
COLLECTS, CHECKS = (Row.INVOICE, Right.EXECUTE), (Row.REQUEST, Right.CHECK)
PAYS = (Row.INVOICE, Right.PAY)
PUBLISHES, SUBMITS = (Row.REQUEST, Right.APPROVE), (Row.REQUEST, Right.CREATE)
WITHDRAWS, ASKS = (Row.REQUEST, Right.WITHDRAW), (Row.REVIEW_REQUEST, Right.APPROVE)
ASSESSES, VOTES = (Row.REVIEW, Right.ASSESS), (Row.REVIEW, Right.VOTE)
ANSWERS = (Row.REVIEW, Right.ANSWER)
RULES, INSTRUCTS = (Row.REVIEW, Right.PUBLISH), (Row.INSTRUCTION, Right.APPROVE)
DEFERRED_IN = [State.COMPLETENESS, State.INFORMATION, *DELIBERATING, State.APPROVED]

MOVES = {
    move.slug: move
    for move in (
        _move("payment", gettext_noop("Payment"), gettext_noop("Record the payment"),
              actions.record_payment, forms.PaymentForm, [COLLECTS], [State.FEE_DUE, *DEFERRED_IN],
              gettext_noop("The payment is recorded; another person confirms it.")),
        _move("proof", gettext_noop("Proof of payment"), gettext_noop("Give proof of payment"),
              actions.prove_payment, forms.ProofForm, [PAYS], [State.FEE_DUE],
              gettext_noop("Proof is given; the request waits for the money."),
              kinds=["registration"]),
        _move("unpaid", gettext_noop("Return it unpaid"), gettext_noop("Return to the DOE"),
              actions.return_unpaid, forms.ButtonForm, [CHECKS], [State.FEE_DUE],
              gettext_noop("The request is returned; the reasons are public."), kind="danger",
              kinds=["registration"]),
        _move("confirm", gettext_noop("Payment"), gettext_noop("Confirm the payment"),
              actions.confirm_payment, forms.ConfirmForm, [COLLECTS], [State.FEE_DUE, *DEFERRED_IN],
              gettext_noop("The payment is confirmed.")),
        _move("aside", gettext_noop("Or set it aside"), gettext_noop("Set the payment aside"),
              actions.set_payment_aside, forms.ReasonForm, [COLLECTS],
              [State.FEE_DUE, *DEFERRED_IN],
              gettext_noop("The payment is set aside."), kind="danger", place="fold"),
        _move("complete", gettext_noop("Completeness check"), gettext_noop("Pass the check"),
              actions.conclude_completeness, forms.ButtonForm, [CHECKS], [State.COMPLETENESS],
              gettext_noop("The completeness check is passed.")),
        _move("publish", gettext_noop("Publish the request"), gettext_noop("Publish"),
              actions.conclude_information, forms.NoteForm, [PUBLISHES], [State.INFORMATION],
              gettext_noop("The request is published; the review window is open.")),
        _move("return", gettext_noop("Return it as incomplete"), gettext_noop("Return to the DOE"),
              actions.return_incomplete, forms.ButtonForm, [CHECKS],
              [State.COMPLETENESS, State.INFORMATION],
              gettext_noop("The request is returned; the reasons are public."), kind="danger"),
        _move("resubmit", gettext_noop("Submit again"), gettext_noop("Submit again"),
              actions.resubmit, forms.ResubmitForm, [SUBMITS],
              [State.INCOMPLETE, State.CORRECTIONS],
              gettext_noop("The request is submitted again.")),
        _move("review", "", gettext_noop("Ask for a review"),
              actions.request_review, forms.ReviewForm, [ASKS], [State.PUBLISHED],
              gettext_noop("Your request for a review is published.")),
        _move("scope", gettext_noop("Open the review"), gettext_noop("Open the review"),
              actions.open_review, forms.ScopeForm, [PUBLISHES], [State.REVIEW_REQUESTED],
              gettext_noop("The review is open; two assessments are made.")),
        _move("reply", gettext_noop("Reply to the review"), gettext_noop("Publish the reply"),
              actions.reply, forms.ReplyForm, [ANSWERS], [State.UNDER_REVIEW],
              gettext_noop("Your reply is published.")),
        _move("assess", gettext_noop("Your assessment"), gettext_noop("File the assessment"),
              actions.assess, forms.AssessmentForm, [ASSESSES], [State.UNDER_REVIEW],
              gettext_noop("The assessment is filed.")),
        _move("object", gettext_noop("Object to the proposed decision"), gettext_noop("Object"),
              actions.object_to, forms.ObjectionForm, [VOTES], [State.PROPOSED],
              gettext_noop("Your objection is recorded; the Board votes."), kind="danger"),
        _move("vote", gettext_noop("Vote"), gettext_noop("Cast the vote"),
              actions.vote, forms.VoteForm, [VOTES], [State.ASSESSED],
              gettext_noop("Your vote is recorded.")),
        _move("rule", gettext_noop("Publish the ruling"), gettext_noop("Publish the ruling"),
              actions.rule, forms.RulingForm, [RULES], [State.ASSESSED],
              gettext_noop("The ruling is published.")),
        _move("accept", gettext_noop("Corrections"), gettext_noop("They match the ruling"),
              actions.accept_corrections, forms.ButtonForm, [CHECKS], [State.CORRECTED],
              gettext_noop("The request is granted.")),
        _move("refer", gettext_noop("Or send them back"), gettext_noop("Send back to the DOE"),
              actions.return_corrections, forms.ReasonForm, [CHECKS], [State.CORRECTED],
              gettext_noop("The corrections are returned."), kind="danger"),
        _move("instruct", gettext_noop("Instruction to the registry"),
              gettext_noop("Instruct the registry"), actions.instruct_issuance, forms.ButtonForm,
              [INSTRUCTS], [State.APPROVED],
              gettext_noop("The registry is instructed; a second person releases the issuance."),
              kinds=["issuance"]),
        _move("recuse", gettext_noop("Declare a conflict"), gettext_noop("Declare a conflict"),
              actions.recuse, forms.ReasonForm, [VOTES, (Row.REQUEST, Right.APPRAISE)],
              OPEN,
              gettext_noop("You take no further part in this case."), kind="danger", place="fold"),
        _move("absence", gettext_noop("Record an absence"), gettext_noop("Record the absence"),
              actions.record_absence, forms.AbsenceForm, [CHECKS], DELIBERATING,
              gettext_noop("The absence is recorded; the alternate stands in."), place="fold"),
        _move("withdraw", gettext_noop("Withdraw the request"), gettext_noop("Withdraw"),
              actions.withdraw_request, forms.ReasonForm, [WITHDRAWS],
              [State.FEE_DUE, State.COMPLETENESS, State.INFORMATION, State.INCOMPLETE,
               State.PUBLISHED, State.REVIEW_REQUESTED, State.CORRECTIONS],
              gettext_noop("The request is withdrawn."), kind="danger", place="fold",
              kinds=["registration", "renewal", "change"]),
        _move("withdraw-issuance", gettext_noop("Withdraw the request"), gettext_noop("Withdraw"),
              actions.withdraw_request, forms.ReasonForm, [WITHDRAWS], OPEN,
              gettext_noop("The request is withdrawn."), kind="danger", place="fold",
              kinds=["issuance"]),
    )
}


CELLS = tuple(dict.fromkeys(cell for move in MOVES.values() for cell in move.cells))
"""The cells of the permission matrix that the acts exercise."""


def offered(
    request: Request, actor: Actor, at: datetime, own: queries.OwnPart
) -> list[Move]:
    """The acts that the page offers to an actor now."""
    return [
        move for move in MOVES.values()
        if actor.role in move.roles and request.state in move.states
        and request.kind in move.kinds and not _spent(move, request, own, at)
        and (move.slug != "reply" or queries.may_reply(request, actor, at))
    ]


@dataclass(frozen=True, slots=True)
class Bound:
    """A form that was sent and refused, with the act that it belongs to."""

    move: Move
    form: forms.RequestForm


def offers(
    request: Request, actor: Actor, at: datetime, own: queries.OwnPart,
    bound: Bound | None = None,
) -> list[dict[str, Any]]:
    """The acts offered, each with its form: fresh, or as it was refused."""
    shown = offered(request, actor, at, own)
    if bound is not None and bound.move not in shown:
        shown = [bound.move, *shown]
    return [
        {
            "move": move, "title": _(move.title) if move.title else "", "button": _(move.button),
            "form": bound.form if bound is not None and bound.move == move
            else move.form(about=request, at=at, prefix=move.slug),
            "opened": bound is not None and bound.move == move,
        }
        for move in shown
    ]


def _payable(slug: str, request: Request, own: queries.OwnPart, at: datetime) -> bool:
    """Whether an act upon the invoice is open to the actor: one records, another confirms."""
    invoice = Invoice.objects.filter(request=request).first()
    if invoice is None or not queries.is_awaited(request, invoice):
        return False
    if slug in LAST_DAYS:
        return _last_days(slug, invoice, at)
    payment = queries.payment_waiting(invoice)
    if slug == "payment" or payment is None:
        return slug == "payment" and payment is None
    return slug == "aside" or payment.recorded_by_id != own.person_id


def _last_days(slug: str, invoice: Invoice, at: datetime) -> bool:
    """Whether proof of payment can be given, or the request returned since none came."""
    if slug == "unpaid":
        return invoice.is_overdue(at)
    due = invoice.proof_due_at
    return invoice.proof_at is None and due is not None and at < due


def _spent(move: Move, request: Request, own: queries.OwnPart, at: datetime) -> bool:
    if own.sides or own.recused:
        return True
    if move.slug in MONEY:
        return not _payable(move.slug, request, own, at)
    if move.slug == "review":
        return own.asked or own.silent or _over(request.window_closes_at, at)
    if move.slug == "rule":
        return not own.presides or queries.tally(request, at).carried is None
    if move.slug == "object":
        return not own.speaks or _over(request.objection_closes_at, at)
    if move.slug == "assess":
        return own.assessed or not queries.may_be_assessed(request, at)
    if move.slug == "instruct":
        return not own.presides or request.instructions.exists() or not request.case_is_there
    return _done(move.slug, own)


def _over(closes: datetime | None, at: datetime) -> bool:
    return closes is None or at >= closes


def _done(slug: str, own: queries.OwnPart) -> bool:
    """Whether what one does once in a case is done, or another's to do."""
    spent = {
        "vote": own.voted or not own.speaks,
        "recuse": own.voted or own.assessed,
    }
    return spent.get(slug, False)

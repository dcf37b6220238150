"""What is owed for a case, what came in, and what that lets be issued."""

from datetime import date
from decimal import Decimal

from django.db.models import Case, QuerySet, Sum, When
from django.db.models.functions import Upper

from cdm_portal import permissions
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects.board import collection, fees
from projects.board.invoices import AWAITED, OWED
from projects.board.models import Instruction, Invoice, Payment, Request
from projects.board.procedure import VOID
from projects.board.queries import cases
from projects.lifecycle import Stage
from projects.methodologies import catalogue, validity
from projects.models import Project

URGENCY = Case(
    When(state__in=OWED, then=0), When(state=Invoice.State.DEFERRED, then=1), default=2
)
READS = permissions.roles((Row.INVOICE, Right.READ))
"""Fees and shares are no public matter (domain, 4)."""


def _readable(actor: Actor) -> QuerySet[Invoice]:
    """The invoices that an actor may read: of the requests that they know of, and for the registry
    of every one.
    """
    rows = Invoice.objects.select_related("request__project", "request__period")
    if actor.role not in READS:
        return rows.none()
    if actor.role == Role.REGISTRY:
        return rows
    return rows.filter(request__in=cases.visible(actor))


def invoice_of(request: Request, actor: Actor) -> Invoice | None:
    """The invoice of a request, for those who may read it."""
    return _readable(actor).filter(request=request).first()


def invoice_by_request(reference: str, actor: Actor) -> Invoice:
    """The invoice of a request by its reference. Raises NotFound, also for one that was waived."""
    found = _readable(actor).filter(request__reference=reference)
    invoice = found.exclude(state=Invoice.State.WAIVED).first()
    if invoice is None:
        raise NotFound("There is no such invoice.")
    return invoice


def invoices(actor: Actor) -> QuerySet[Invoice]:
    """The invoices on which money is or was awaited and that the actor may read: what is owed
    first, then what will be, each newest first.
    """
    live = _readable(actor).exclude(request__state__in=VOID).exclude(state=Invoice.State.WAIVED)
    return live.prefetch_related("payments").annotate(urgency=URGENCY).order_by("urgency", "-id")


def payment_waiting(invoice: Invoice) -> Payment | None:
    """The payment that was recorded and waits for a second person."""
    return invoice.payments.filter(state=Payment.State.RECORDED).first()


def reference_used(reference: str) -> bool:
    """Whether a payment with this reference counts or waits, in capitals or not."""
    counted = Payment.objects.exclude(state=Payment.State.REFUSED)
    if counted.annotate(read=Upper("reference")).filter(read=reference.upper()).exists():
        return True
    return Invoice.objects.filter(payment_reference__iexact=reference).exists()


def methodology_ends(project: Project) -> date | None:
    """The last day on which a request that rests on the version of the methodology is received;
    None for one without an end, or that is not known here. Where no time of grace is recorded, that
    the last day of its validity ends it is unverified.
    """
    known = catalogue.BY_CODE.get(project.methodology)
    versions = validity.versions(known) if known else ()
    named = project.methodology_version
    return next((each.received_to for each in versions if each.version == named), None)


def is_awaited(request: Request, invoice: Invoice | None) -> bool:
    """Whether money can come in for a request: it is neither withdrawn nor rejected."""
    return invoice is not None and invoice.state in AWAITED and request.state not in VOID


# The share of proceeds for administration


def requested_in_year(request: Request) -> int:
    """The CERs of the project's other instructed requests made in the same calendar year (UTC)."""
    others = Instruction.objects.filter(
        request__project=request.project, request__submitted_at__year=request.submitted_at.year
    ).exclude(request=request)
    return others.aggregate(together=Sum("quantity"))["together"] or 0


def is_first_year_of_issuance(request: Request) -> bool:
    """Whether the project requested no issuance in an earlier calendar year."""
    return not (
        Request.objects.filter(
            kind=Request.Kind.ISSUANCE, project=request.project,
            submitted_at__year__lt=request.submitted_at.year,
        )
        .exclude(state__in=VOID)
        .exists()
    )


def fee_received(project: Project) -> Decimal:
    """The registration fee that was received, USD."""
    paid = Invoice.objects.filter(
        request__project=project, request__kind=Request.Kind.REGISTRATION,
        state=Invoice.State.PAID,
    ).exclude(request__state__in=VOID)
    return paid.aggregate(together=Sum("received_usd"))["together"] or fees.NOTHING


def fee_deducted(project: Project) -> Decimal:
    """What was deducted of it from shares already, USD."""
    made = Invoice.objects.filter(request__project=project)
    return made.aggregate(together=Sum("advance_usd"))["together"] or fees.NOTHING


# What may be issued


def fee_owed(project: Project) -> bool:
    """Whether the registration fee has fallen due and was not received."""
    owed = Invoice.objects.filter(
        request__project=project, request__kind=Request.Kind.REGISTRATION, state__in=OWED
    )
    return owed.exclude(request__state__in=VOID).exists()


def is_paid_for(instruction: Instruction) -> bool:
    """Whether what was received lets this line be issued, and no fee of the project is owed."""
    request = instruction.request
    if fee_owed(request.project):
        return False
    total = before = 0
    for line in request.instructions.order_by("pk"):
        total += line.quantity
        before += line.quantity if line.pk <= instruction.pk else 0
    invoice = Invoice.objects.select_related("request").filter(request=request).first()
    return before <= collection.released(invoice, total)


def instructions_released() -> list[int]:
    """Instructions whose line a second person released, that are paid for and that nobody issued
    yet, oldest first.
    """
    released = Instruction.objects.filter(
        issuance=None, line__released_at__isnull=False,
        request__project__stage=Stage.MONITORING,
    ).select_related("request__project")
    return [line.pk for line in released.order_by("pk") if is_paid_for(line)]

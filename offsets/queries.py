"""Questions to the shop: records for its actions, lists for its pages, sums for the catalogue."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats, parameters
from cdm_portal.values import Actor, Role
from offsets import codes, proofs, stock
from offsets.errors import (
    OrderNotOpen,
    UnknownCertificate,
    UnknownOffer,
    UnknownOrder,
    UnknownPayment,
)
from offsets.models import Certificate, Offer, Order, OrderLine, PaymentAttempt
from projects.models import Project
from registry.governance.standing import GIVING
from registry.models import Account, Block, Lot, Party

# Single records


def offer(pk: int) -> Offer:
    """An offer with its project. Raises UnknownOffer."""
    found = Offer.objects.select_related("project", "seller").filter(pk=pk).first()
    if found is None:
        raise UnknownOffer("There is no such offer.")
    return found


def order(pk: int) -> Order:
    """An order. Raises UnknownOrder."""
    found = Order.objects.filter(pk=pk).first()
    if found is None:
        raise UnknownOrder("There is no such order.")
    return found


def by_code(code: str) -> Order:
    """An order by its public code. Raises UnknownOrder."""
    found = Order.objects.select_related("certificate").filter(code=code).first()
    if found is None:
        raise UnknownOrder("There is no such order.")
    return found


def by_key(key: UUID) -> Order | None:
    """The order that was begun with a key."""
    return Order.objects.filter(order_key=key).first()


def open_order(buyer: str) -> Order | None:
    """The open order of a browser, if it has one."""
    return Order.objects.filter(buyer_key=buyer, state__in=Order.OPEN).first()


def lines(of: Order) -> QuerySet[OrderLine]:
    """An order's lines with their offers, projects and serials, lowest lot first."""
    return (
        of.lines.select_related("offer__project", "cancellation", "lot__issuance")
        .order_by("lot_id")
    )  # fmt: skip


def offer_of(of: Order) -> Offer:
    """The offer that an order buys from."""
    return offer(of.lines.values_list("offer_id", flat=True)[0])


def offer_ids(of: Order) -> list[int]:
    """The offers that an order buys from, in the order in which they are locked."""
    found = of.lines.order_by("offer_id").values_list("offer_id", flat=True)
    return list(found.distinct())


def open_attempt(of: Order) -> PaymentAttempt:
    """The payment attempt that an order waits for. Raises OrderNotOpen."""
    found = of.attempts.filter(state=PaymentAttempt.State.PENDING).order_by("-id").first()
    if found is None:
        raise OrderNotOpen("No payment of this order is open.")
    return found


def paying_attempt(order_id: int) -> PaymentAttempt:
    """The attempt that paid for an order. Raises OrderNotOpen."""
    found = PaymentAttempt.objects.filter(
        order_id=order_id, state=PaymentAttempt.State.SUCCEEDED
    ).first()
    if found is None:
        raise OrderNotOpen("This order is not paid.")
    return found


def attempt(reference: UUID) -> PaymentAttempt:
    """A payment attempt by its reference. Raises UnknownPayment."""
    found = PaymentAttempt.objects.select_related("order").filter(uuid=reference).first()
    if found is None:
        raise UnknownPayment("There is no such payment.")
    return found


def order_of_payment(reference: UUID) -> Order:
    """The order that a payment is for. Raises UnknownPayment."""
    return attempt(reference).order


def tried_in_sandbox(of: Order) -> bool:
    """Whether a payment of the order went to the sandbox."""
    return of.attempts.filter(provider="sandbox").exists()


def paid_in_sandbox(of: Order) -> bool:
    """Whether no money moved for an order."""
    return of.attempts.filter(state=PaymentAttempt.State.SUCCEEDED, provider="sandbox").exists()


def certificate(code: str) -> Certificate | None:
    """A certificate by its code, as `codes.parse` reads it."""
    return Certificate.objects.select_related("order").filter(code=code).first()


# What is on offer

listed_offers = stock.listed_offers
offer_for = stock.offer_for
best_offers = stock.best_offers
offer_with_tonnes = stock.offer_with_tonnes
price_range = stock.price_range
unsold = stock.unsold
held = stock.held
guest_share = stock.guest_share
free_to_guests = stock.free_to_guests


def offers_of(project: Project, at: datetime, *, anonymous: bool) -> list[dict[str, object]]:
    """A project's listed offers, cheapest first, as the component buy_panel takes them.

    Buyers who did not sign in (`anonymous`) are offered no more than they may hold.
    """
    found = stock.listed_offers(at).filter(project=project, available__gt=0).order_by("price", "pk")
    return [_panel(one, at) | (guests_part(one, at) if anonymous else {}) for one in found]


def guests_part(of: Offer, at: datetime) -> dict[str, object]:
    """What buyers who did not sign in are told of an offer (with its tonnes) that caps them.

    `max` tonnes, a sentence, and the address to sign in and come back; empty without a cap.
    """
    most = stock.free_to_guests(of, at)
    if most >= getattr(of, "available", 0):
        return {}
    back = urlencode({"next": reverse("project", args=[of.project.name])})
    words = _("Without signing in at most %(n)s t can be held.") % {"n": formats.tonnes(most)}
    return {
        "max": most or None,
        "most_note": words if most else _("Without signing in nothing can be held at the moment."),
        "sign_in_url": f"{reverse('account_login')}?{back}",
    }


def _panel(of: Offer, at: datetime) -> dict[str, object]:
    available: int = getattr(of, "available", 0)
    return {
        "price": formats.usd(of.price),
        "per": _("per tonne, set by the participants"),
        "url": reverse("offsets:order_new"),
        "quantity": 1,
        "max": min(available, parameters.number("order_max_tonnes", at.date())),
        "unit_note": _("%(n)s tonnes available, commitment period %(cp)s")
        % {"n": formats.tonnes(available), "cp": of.commitment_period},
        "label": _("Continue to payment"),
        "hidden": {"offer": of.pk, "price_version": of.price_version, "order_key": uuid4()},
        "promises": [
            {"icon": "check", "text": _("All of the price goes to the participants")},
            {"icon": "lock", "text": _("Cancelled for good in the registry once it is paid")},
            {"icon": "file-check", "text": _("Certificate with serial numbers and QR code")},
        ],
        "demonstration": of.project.is_demonstration,
    }


# What was cancelled


def cancelled_lines() -> QuerySet[OrderLine]:
    """Every line whose units are cancelled, newest first."""
    return (
        OrderLine.objects.filter(cancellation__isnull=False)
        .select_related(
            "order__certificate", "offer__project", "cancellation", "lot__issuance"
        )
        .order_by("-cancellation_id")
    )  # fmt: skip


def cancelled_public(
    *, beneficiary: str = "", project: str = "", before: int | None = None
) -> QuerySet[OrderLine]:
    """Cancellations for everybody; only names whose owners chose to be public are searched.

    `before` is the id of the last cancellation already shown (keyset pages).
    """
    found = cancelled_lines()
    if beneficiary:
        found = found.filter(
            order__name_public=True, order__beneficiary_name__icontains=beneficiary
        )
    if project:
        found = found.filter(
            Q(offer__project__number__iexact=project)
            | Q(offer__project__reference__iexact=project)
            | Q(offer__project__title__icontains=project)
        )
    if before is not None:
        found = found.filter(cancellation_id__lt=before)
    return found


def cancelled_total() -> int:
    """Tonnes cancelled through the shop, summed over the lines that name a cancellation."""
    found = OrderLine.objects.filter(cancellation__isnull=False).aggregate(n=Sum("quantity"))
    return int(found["n"] or 0)


def cancelled_of(project: Project) -> int:
    """Tonnes of one project cancelled through the shop."""
    found = OrderLine.objects.filter(cancellation__isnull=False, offer__project=project)
    return int(found.aggregate(n=Sum("quantity"))["n"] or 0)


def last_certificate() -> Certificate | None:
    """The certificate issued last, with its order: for the home page, name public or not."""
    return Certificate.objects.select_related("order").defer("pdf").order_by("-pk").first()


def verify_url(code: str) -> str:
    """The address printed on a certificate, under which anyone can check it."""
    return f"{settings.SITE_URL}/v/{codes.show(code)}"


def certificate_facts(code: str) -> dict[str, object]:
    """A certificate for programs, the name only if it is public. Raises UnknownCertificate."""
    try:
        found = certificate(codes.parse(code))
    except codes.Mistyped as error:
        raise UnknownCertificate(str(error)) from error
    if found is None:
        raise UnknownCertificate("There is no certificate with this code.")
    order = found.order
    cancelled = list(lines(order).filter(cancellation__isnull=False))
    proved = proofs.of(cancelled)
    return {
        "code": codes.show(found.code), "number": found.number, "tonnes": str(found.tonnes),
        "name": order.public_name or None, "reason": order.public_reason or None,
        "sandbox": found.sandbox, "serials": [serial(line) for line in cancelled],
        "issued_at": found.issued_at, "url": verify_url(found.code),
        "lines": [
            {"serial": serial(line), "tonnes": str(line.quantity)} | proofs.told(line, proved)
            for line in cancelled
        ],
    }


def serial(line: OrderLine) -> str:
    """The serial numbers of a cancelled line."""
    booked = line.cancellation
    return str(line.lot.issuance.number(booked.s, booked.e)) if booked else ""


def country(project: Project) -> str:
    """The host Party's name, or its code when the registry does not know it."""
    name = Party.objects.filter(pk=project.party_code).values_list("name", flat=True).first()
    return name or project.party_code


# The participant's desk


@dataclass(frozen=True, slots=True)
class Offerable:
    """Units of a project and commitment period that its participant holds and has not offered."""

    project: Project
    account_id: int
    account_number: str
    commitment_period: int
    quantity: int


def offers_by(actor: Actor, at: datetime) -> QuerySet[Any]:
    """The acting participant's offers, newest first."""
    own = Offer.objects.filter(seller_id=actor.organisation_id or 0)
    return stock.with_tonnes(own, at).order_by("-pk")


def offerable(actor: Actor) -> list[Offerable]:
    """What the acting participant could offer today, by project and commitment period."""
    if actor.role != Role.PARTICIPANT or actor.organisation_id is None:
        return []
    own = Project.objects.filter(owner_id=actor.organisation_id, number__isnull=False)
    projects = {project.number: project for project in own}
    sums = free_blocks(actor.organisation_id).values(
        "issuance__project_number", "account_id", "account__number", "issuance__applicable_cp"
    )
    sums = sums.annotate(free=SIZE_OF_ALL).order_by(
        "account_id", "issuance__project_number", "issuance__applicable_cp"
    )
    return [
        Offerable(
            projects[row["issuance__project_number"]], row["account_id"], row["account__number"],
            row["issuance__applicable_cp"], row["free"],
        )
        for row in sums if row["issuance__project_number"] in projects
    ]


SIZE_OF_ALL = Sum(F("hi") - F("lo") + 1, output_field=BigIntegerField())


def free_blocks(organisation_id: int) -> QuerySet[Block]:
    """The blocks that an organisation holds and could offer: not on offer, not frozen, not reserved
    for a proposal.
    """
    return Block.objects.filter(
        ~Exists(Lot.objects.filter(block_id=OuterRef("pk"))),
        frozen=False, reserved_for=None, account__holder_id=organisation_id,
        account__kind=Account.Kind.HOLDING, account__frozen=False,
        account__standing__in=GIVING,
    ).order_by()

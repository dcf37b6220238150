"""Questions to the shop: records for its actions, lists for its pages, sums for the catalogue."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats, parameters
from offsets import codes, proofs, stock
from offsets.certificates import editions
from offsets.errors import (
    OrderNotOpen,
    UnknownCertificate,
    UnknownOffer,
    UnknownOrder,
    UnknownPayment,
)
from offsets.models import (
    BasketItem,
    CancelledEntry,
    Certificate,
    Dispute,
    Offer,
    Order,
    OrderLine,
    PaymentAttempt,
    ProviderEvent,
)
from projects.models import Project
from registry.models import Party

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


def begun(key: UUID, buyer: str) -> tuple[Order | None, Order | None]:
    """The order that was begun with a key, and the open order of a browser: each if there is one.
    One statement."""
    mine = Q(buyer_key=buyer, state__in=Order.OPEN) if buyer else Q(pk=None)
    found = list(Order.objects.filter(Q(order_key=key) | mine))
    return (
        next((each for each in found if each.order_key == key), None),
        next((each for each in found if each.order_key != key), None),
    )


def open_order(buyer: str) -> Order | None:
    """The open order of a browser, if it has one."""
    return Order.objects.filter(buyer_key=buyer, state__in=Order.OPEN).first()


def lines(of: Order) -> QuerySet[OrderLine]:
    """An order's lines with their offers, projects and serials, lowest lot first."""
    return (
        of.lines.select_related("offer__project", "cancellation", "lot__issuance")
        .order_by("lot_id")
    )  # fmt: skip


def ordered(of: Order) -> dict[int, int]:
    """The tonnes of an order by offer, lowest number first."""
    summed = of.lines.order_by("offer_id").values("offer_id").annotate(n=Sum("quantity"))
    return {each["offer_id"]: int(each["n"]) for each in summed}


def first_project(of: Order) -> Project:
    """The project of the first line of an order."""
    found: Project = lines(of)[0].offer.project
    return found


def only_project(of: Iterable[Offer]) -> str:
    """The reference of the one project of some offers; empty when they are of several."""
    found = {each.project.reference for each in of}
    return found.pop() if len(found) == 1 else ""


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


def event_is_kept(provider: str, event_id: str) -> bool:
    """Whether a provider's message came before."""
    return ProviderEvent.objects.filter(provider=provider, event_id=event_id).exists()


def is_waited_for(attempt: PaymentAttempt) -> bool:
    """Whether its order waits for this attempt, and not for one that was begun later."""
    order = Order.objects.get(pk=attempt.order_id)
    return order.state == Order.State.PAYMENT_PENDING and open_attempt(order) == attempt


def is_taken_back(attempt: PaymentAttempt) -> bool:
    """Whether the buyer's bank took its money back, and nobody decided that it has to come again.
    """
    taken = attempt.disputes.filter(kind=Dispute.Kind.CHARGEBACK)
    return taken.exclude(outcome=Dispute.Outcome.WON).exists()


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
    """A certificate by its code, as `codes.parse` reads it, or by that of a corrected print."""
    found = editions.by_code(code)
    return found.certificate if found else None


# What is on offer

listed_offers = stock.listed_offers
offer_for = stock.offer_for
best_offers = stock.best_offers
offer_with_tonnes = stock.offer_with_tonnes
price_range = stock.price_range
unsold = stock.unsold
held = stock.held
free_to_guests = stock.free_to_guests


def offers_of(
    project: Project, at: datetime, *, anonymous: bool, first: int = 1
) -> list[dict[str, object]]:
    """A project's listed offers, cheapest first, as the component buy_panel takes them.

    Buyers who did not sign in (`anonymous`) are offered no more than they may hold. `first` is the
    quantity offered first, as far as there is so much.
    """
    found = stock.listed_offers(at).filter(project=project, available__gt=0).order_by("price", "pk")
    panels = [_panel(one, at) | (guests_part(one, at) if anonymous else {}) for one in found]
    for panel in panels:
        most = panel["max"]
        panel["quantity"] = max(1, min(first, most)) if isinstance(most, int) else first
    return panels


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
        "ident": f"quantity-{of.pk}",
        "second_label": _("Add to basket"), "second_url": reverse("offsets:basket_add"),
        "by_money": reverse("offsets:basket_add"),
        "hidden": {"offer": of.pk, "price_version": of.price_version, "order_key": uuid4()},
        "promises": [
            {"icon": "check", "text": _("All of the price goes to the participants")},
            {"icon": "lock", "text": _("Cancelled for good in the registry once it is paid")},
            {"icon": "file-check", "text": _("Certificate with serial numbers and QR code")},
        ],
        "demonstration": of.project.is_demonstration,
    }


# The basket

BOUGHT = (Order.State.PAID, Order.State.FULFILLED, Order.State.REFUND_DUE, Order.State.REFUNDED)


def still_in_basket() -> Q:
    """The condition of basket items that were not paid for yet."""
    return Q(order=None) | ~Q(order__state__in=BOUGHT)


def basket_size(buyer: str) -> int:
    """How many offers are in a browser's basket."""
    return BasketItem.objects.filter(still_in_basket(), buyer_key=buyer).count() if buyer else 0


def in_basket(buyer: str) -> dict[int, int]:
    """The tonnes in a browser's basket by offer."""
    mine = BasketItem.objects.filter(still_in_basket(), buyer_key=buyer)
    return dict(mine.values_list("offer_id", "quantity")) if buyer else {}


# What was cancelled


def cancelled_lines() -> QuerySet[OrderLine]:
    """Every line whose units are cancelled, newest first."""
    return (
        OrderLine.objects.filter(cancellation__isnull=False)
        .select_related(
            "order__certificate", "offer__project", "cancellation__lot__issuance", "lot__issuance"
        )
        .order_by("-cancellation_id")
    )  # fmt: skip


def cancelled_public(beneficiary: str) -> QuerySet[OrderLine]:
    """Cancelled lines whose public name has these words; withheld ones are found by nobody."""
    named = CancelledEntry.objects.filter(
        ~Q(beneficiary=""), beneficiary__icontains=beneficiary
    )
    return cancelled_lines().filter(cancellation_id__in=named.values("pk"))


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
        found = editions.by_code(codes.parse(code))
    except codes.Mistyped as error:
        raise UnknownCertificate(str(error)) from error
    if found is None:
        raise UnknownCertificate("There is no certificate with this code.")
    order = found.certificate.order
    cancelled = list(lines(order).filter(cancellation__isnull=False))
    proved = proofs.of(cancelled)
    return {
        "code": codes.show(found.code), "number": found.number,
        "tonnes": str(found.certificate.tonnes),
        "name": (found.name if order.name_public else "") or None,
        "reason": order.public_reason or None,
        "sandbox": found.certificate.sandbox, "serials": [serial(line) for line in cancelled],
        "issued_at": found.certificate.issued_at, "url": verify_url(found.code),
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


def countries(of: Iterable[Project]) -> dict[str, str]:
    """The names of the host Parties of some projects by code. One statement."""
    codes = {each.party_code for each in of}
    named = dict(Party.objects.filter(pk__in=codes).values_list("pk", "name"))
    return {code: named.get(code, code) for code in codes}

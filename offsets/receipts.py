"""The receipt: what the mail to a buyer says, read from the order and the registry's own rows.

It says what was cancelled and paid, never what the buyer typed: a form that mailed its own text to
any address would be a way to send somebody else's words from here.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cdm_portal import formats, postal
from offsets import personal, queries
from offsets.certificates import facts
from offsets.models import DataLink, Order, OrderLine, PaymentAttempt, Receipt, RefundNote
from registry.serials import SerialNumber


def message(receipt: Receipt) -> EmailMessage:
    """The mail of a receipt. It carries the receipt's key, so that a repetition can be told."""
    order = receipt.order
    return EmailMessage(
        subject=_subject(order), body=render_to_string("emails/receipt.txt", _context(order)),
        to=[order.email],
        headers={
            "Message-ID": postal.message_id(receipt.key), "Auto-Submitted": "auto-generated",
        },
    )


def _subject(order: Order) -> str:
    return ngettext(
        "Receipt %(number)s: %(n)s tonne cancelled", "Receipt %(number)s: %(n)s tonnes cancelled",
        order.quantity,
    ) % {"number": order.certificate.number, "n": formats.tonnes(order.quantity)}


def _context(order: Order) -> dict[str, object]:
    certificate = order.certificate
    page = reverse("offsets:certificate", args=[certificate.code])
    certified = facts.lines(certificate)
    return {
        "order": order, "certificate": certificate,
        "lines": [_line(line) for line in queries.lines(order)],
        "tonnes": ngettext("%(n)s tonne is", "%(n)s tonnes are", order.quantity)
        % {"n": formats.tonnes(order.quantity)},
        "certificate_url": f"{settings.SITE_URL}{page}?order={order.code}",
        "data_url": f"{settings.SITE_URL}{reverse('offsets:my_data')}",
        "verify_url": queries.verify_url(certificate.code),
        "rules": _("Demonstration rules: the units belong to the sample ledger.")
        if facts.is_demonstration(certified) else "",
        "site": settings.SITE_NAME, "disclaimer": settings.DISCLAIMER,
    }


def _line(line: OrderLine) -> dict[str, object]:
    booked = line.cancellation
    if booked is None:
        raise ValueError(f"line {line.pk} is not cancelled")
    serial: SerialNumber = booked.serial
    return {"project": line.offer.project, "country": queries.country(line.offer.project),
            "line": line, "serial": serial}


def refund(note: RefundNote) -> EmailMessage:
    """The mail that money goes back: how much, by which way, and what became of the order."""
    order, attempt = note.order, note.owed.attempt
    page = reverse("offsets:order", args=[order.code])
    context = {
        "order": order, "money": note.money, "url": f"{settings.SITE_URL}{page}",
        "by_transfer": attempt is not None and attempt.by_transfer,
        "given_back": attempt is not None and attempt.state == PaymentAttempt.State.REFUNDED,
        "site": settings.SITE_NAME, "disclaimer": settings.DISCLAIMER,
    }
    return EmailMessage(
        subject=_("%(money)s goes back to you") % {"money": formats.money(note.money)},
        body=render_to_string("emails/refund.txt", context), to=[order.email],
        headers={"Message-ID": postal.message_id(note.key), "Auto-Submitted": "auto-generated"},
    )


def link(of: DataLink) -> EmailMessage:
    """The mail with the address at which one's own orders are seen and erased, or the name on a
    certificate is corrected.
    """
    correct = of.purpose == DataLink.Purpose.CORRECT
    page = (
        reverse("offsets:reissue_by_link", args=[of.order.code, personal.token(of)])
        if correct else reverse("offsets:my_orders", args=[personal.token(of)])
    )
    context = {
        "url": f"{settings.SITE_URL}{page}", "until": of.expires_at, "site": settings.SITE_NAME,
        "disclaimer": settings.DISCLAIMER,
    }
    return EmailMessage(
        subject=_("Your link to correct the name on a certificate") if correct
        else _("Your link to the data that we keep about your orders"),
        body=render_to_string(f"emails/{of.purpose}_link.txt", context), to=[of.order.email],
        headers={"Message-ID": postal.message_id(of.key), "Auto-Submitted": "auto-generated"},
    )

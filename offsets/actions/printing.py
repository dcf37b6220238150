"""Certificates on paper: printed and signed by the signer, once their rows are sealed.

Printed again under a corrected name: the cancellation, its certificate and the ledger stay.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.values import SYSTEM, Actor
from offsets import codes, locks, personal, queries
from offsets.certificates import editions, facts, paper, signing
from offsets.certificates.editions import Edition
from offsets.certificates.keys import PrintKey
from offsets.errors import (
    LinkEnded,
    NotConfirmed,
    NotTheOwner,
    OrderNotOpen,
    TooManyReissues,
)
from offsets.models import (
    Certificate,
    DataLink,
    Order,
    Reissue,
    SignedPrint,
    SigningCertificate,
)
from offsets.wording import fault, name_fault
from registry.transparency import queries as log

logger = logging.getLogger(__name__)
LONGEST_REASON = 200
AT_ONCE = 100
"""So many prints of a kind a ring: the signer goes back to sealing in between."""
Row = TypeVar("Row", Certificate, Reissue)


def make_certificates(*, at: datetime, key: PrintKey) -> int:
    """Print and sign every certificate and reissue that is sealed, has no PDF and that nobody else
    is at, as far as one ring goes; answers how many.
    """
    head = log.latest()
    if head is None:
        return 0
    certificates = _each(
        lambda last: locks.next_certificate(last, head.tree_size), editions.first, at, key
    )
    return certificates + _each(
        lambda last: locks.next_reissue(last, head.tree_size), editions.of, at, key
    )


def make_certificate(*, at: datetime, edition: Edition, key: PrintKey) -> str:
    """Print and sign one whose row is locked; answers the SHA-256 of the file.

    The bytes are kept and never made again. Raises NotConfirmed, and prints nothing, if the ledger
    does not say what the certificate says.
    """
    if not facts.verdict(edition.certificate).genuine:
        raise NotConfirmed(f"The ledger does not confirm {edition.number}.")
    with transaction.atomic():
        unsigned = paper.print_certificate(edition)
        row = edition.row
        row.pdf = signing.sign(unsigned, key, at)
        row.sha256 = hashlib.sha256(row.pdf).hexdigest()
        row.save(update_fields=["pdf", "sha256"])
        SignedPrint.objects.create(
            certificate=edition.certificate, reissue=edition.reissue, signer=_signer(key, at),
            sha256=row.sha256, unsigned_sha256=hashlib.sha256(unsigned).hexdigest(), at=at,
        )
        record("offsets.make_certificate", actor=SYSTEM, subject=row, at=at,
               facts={"sha256": row.sha256, "key": key.fingerprint})
    return row.sha256


def reissue(*, actor: Actor, at: datetime, order_id: int, name: str, why: str) -> Reissue:
    """Have the certificate of an order at one's own desk printed again under a corrected name, with
    a code of its own.

    Raises NotTheOwner, Invalid by field, OrderNotOpen unless it is cancelled, TooManyReissues.
    """
    with transaction.atomic():
        order = locks.order(order_id)
        if not personal.owns(actor, order):
            raise NotTheOwner("This order is not at your desk.")
        return _reissue(order, actor, at, name.strip(), why.strip())


def reissue_by_link(
    *, actor: Actor, at: datetime, key: str, code: str, name: str, why: str
) -> Reissue:
    """The same for whoever opened the link that was mailed to the address of the order with this
    code. The link is used up by it, and by nothing else.

    Raises LinkEnded, and otherwise as `reissue`.
    """
    with transaction.atomic():
        link = locks.link(key, DataLink.Purpose.CORRECT, at)
        order = locks.order(link.order_id) if link else None
        if link is None or order is None or order.code != code or not order.email:
            raise LinkEnded("This link was used already, or its time is over. Ask for a new one.")
        made = _reissue(order, actor, at, name.strip(), why.strip())
        link.used_at = at
        link.save(update_fields=["used_at"])
    return made


def _reissue(order: Order, actor: Actor, at: datetime, name: str, why: str) -> Reissue:
    if order.state != Order.State.FULFILLED:
        raise OrderNotOpen("There is no certificate of this order yet.")
    now = editions.current(order.certificate)
    _ask(now, name, why, at)
    position = order.certificate.reissues.count() + 2
    if position > parameters.number("certificate_reissues_max", at.date()) + 1:
        raise TooManyReissues("The name on this certificate cannot be corrected again.")
    made = Reissue.objects.create(
        certificate=order.certificate, position=position, code=codes.new(), name=name, why=why,
        number=f"{order.certificate.number}-{position}", asked_at=at,
    )
    record("offsets.reissue", actor=actor, subject=made, at=at,
           project=queries.only_project(line.offer for line in queries.lines(order)),
           facts={"number": made.number, "replaces": now.number})
    return made


def _each(
    take: Callable[[int], Row | None], edition: Callable[[Row], Edition], at: datetime,
    key: PrintKey,
) -> int:
    last, count = 0, 0
    for _ in range(AT_ONCE):
        with transaction.atomic():
            row = take(last)
            if row is None:
                break
            last = row.pk
            try:
                make_certificate(at=at, edition=edition(row), key=key)
                count += 1
            except Exception:  # one that cannot be printed must not hold up the others
                logger.exception("certificate %s cannot be printed", row.number)
    return count


def _signer(key: PrintKey, at: datetime) -> SigningCertificate:
    known, _ = SigningCertificate.objects.get_or_create(
        sha256=key.fingerprint,
        defaults={"der": key.der, "subject": key.subject, "first_used_at": at},
    )
    return known


def _ask(now: Edition, name: str, why: str, at: datetime) -> None:
    errors: dict[str, list[str]] = {}
    if found := name_fault(name, parameters.number("name_max_length", at.date())):
        errors["name"] = [found]
    elif name == now.name:
        errors["name"] = ["This is the name on the certificate already."]
    if found := fault(why, LONGEST_REASON) or ("" if why else "Say what was wrong with the name."):
        errors["why"] = [found]
    if errors:
        raise Invalid(errors)

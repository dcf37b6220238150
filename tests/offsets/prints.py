"""The signer's work in tests: a key of their own, and prints of rows that cannot be sealed yet.

Rows are sealed when their transaction has ended. A test that ends none prints what it wrote.
"""

from __future__ import annotations

import functools
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from offsets import actions
from offsets.certificates import editions, keys
from offsets.certificates.keys import PrintKey
from offsets.models import Certificate, Offer, Order, OrderLine, Reissue
from projects.models import Project
from registry import actions as registry_actions
from tests.offsets.conftest import Shop


@functools.cache
def print_key() -> PrintKey:
    """The signer's key of this run."""
    return keys.read(keys.own(datetime(2024, 1, 1, tzinfo=UTC), "Offset Ledger"))


def print_all(at: datetime) -> int:
    """Print and sign whatever has no print, sealed or not; answers how many."""
    unprinted = Certificate.objects.filter(sha256="", order__erased_at=None)
    waiting = [editions.first(each) for each in unprinted]
    waiting += [editions.of(each) for each in Reissue.objects.filter(sha256="").exclude(name="")]
    for edition in waiting:
        actions.make_certificate(at=at, edition=edition, key=print_key())
    return len(waiting)


def correct(shop: Shop, order: Order, name: str, why: str = "Misspelt") -> Reissue:
    """The name on the certificate corrected by the buyer, at whose desk the order is."""
    actions.claim_orders(
        actor=shop.cast.buyer, at=shop.at, orders=[order.pk], proved=order.email
    )
    return actions.reissue(
        actor=shop.cast.buyer, at=shop.at, order_id=order.pk, name=name, why=why
    )


def another_project(shop: Shop) -> Shop:
    """The same participant with a second project of its own, and 100 units of it."""
    project = Project.objects.create(
        reference="PDD-09205", number="99205", rules=Project.Rules.DEMONSTRATION, fictional=True,
        owner=shop.project.owner, party_code="KE", title="Kër Soleil solar park", sector="solar",
        created_at=shop.at, validation_began_at=shop.at, registered_at=shop.at,
    )
    other = replace(shop, project=project)
    other.issue(100)
    return other


def of_two_projects(shop: Shop, first: Offer, second: Offer, some: int, others: int) -> Certificate:
    """One order of two offers at the same price, from the payment to the certificate."""
    order = shop.press(shop.pending(first, some + others), "pay")
    last = order.lines.order_by("lot_id").last()
    lot = second.lots.get().lot_id
    until = shop.at + timedelta(days=1)
    assert last is not None and last.quantity > others
    registry_actions.drop_hold(at=shop.at, order_key=last.key)
    last.quantity -= others
    last.save(update_fields=["quantity"])
    more = OrderLine.objects.create(
        order=order, offer=second, lot_id=lot, key=uuid4(), quantity=others,
        unit_price=last.unit_price,
    )
    for line in (last, more):
        registry_actions.hold(
            at=shop.at, lot_id=line.lot_id, quantity=line.quantity, order_key=line.key,
            expires_at=until,
        )
    return actions.fulfil(at=shop.at, order_id=order.pk)


def words_of(pdf: bytes, folder: Path) -> str:
    """The text of a PDF, as a reader copies it."""
    path = folder / "print.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    return told.stdout.decode()


def attached(pdf: bytes, folder: Path) -> Path:
    """The record that is attached to a PDF, as a file."""
    path = folder / "print.pdf"
    path.write_bytes(pdf)
    kept = folder / "record.json"
    subprocess.run(["pdfdetach", "-save", "1", "-o", str(kept), str(path)], check=True)
    return kept

"""Two changes of one project at once: the catalogue's row tells of both."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from offsets import invariants
from offsets.models import CatalogueEntry, Offer
from projects.models import Project
from tests.offsets.conftest import Shop


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("locks", [True, False])
def test_two_changes_at_once_are_both_told(shop: Shop, locks: bool) -> None:
    """The control: without the lock, who waited writes what it had read before."""
    offer = shop.offer(50, "9.00")
    if not locks:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef('offsets_catalogue'::regproc)")
            text = cursor.fetchone()[0]
            begin, end = text.index("PERFORM FROM"), text.index("UPDATE offsets_cat")
            cursor.execute(text[:begin] + text[end:])
    waits = threading.Event()

    def reprice() -> None:
        try:
            waits.wait()
            Offer.objects.filter(pk=offer.pk).update(price=Decimal("7.00"))
        finally:
            connections.close_all()

    other = threading.Thread(target=reprice)
    other.start()
    with transaction.atomic():
        Project.objects.filter(pk=shop.project.pk).update(title="Another title")
        waits.set()
        other.join(0.7)
        assert other.is_alive()
    other.join(30)
    found = CatalogueEntry.objects.get(project=shop.project)
    assert found.price == Decimal("7.00")
    assert (found.title == "Another title") is locks
    assert (invariants.problems() == []) is locks

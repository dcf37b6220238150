"""Rule 8: row locks are taken in one order, inside a transaction, on every way through the stages.

The order is read from the SQL itself, while a project walks from its design to a cancelled tonne.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from cdm_portal.demonstration.portfolio import Until
from offsets.models import Offer
from projects import locks
from projects.models import MonitoringPeriod, Project
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db

ORDER = (
    "identity_", "offsets_sandboxpayment", "offsets_bank", "offsets_refund", "offsets_payout",
    "offsets_paymentattempt", "offsets_order",
    "offsets_dispute", "offsets_offer", "projects_project", "projects_monitoringperiod",
    "projects_revision", "projects_finding",
    "participant_", "dna_letter", "dna_", "doe_", "board_request", "board_", "offsets_certificate",
    "offsets_receipt", "offsets_refundnote",
    "kyc_", "registry_",
)
LOCKING = re.compile(r'FROM "(\w+)".*\bFOR (?:NO KEY )?UPDATE', re.DOTALL)


class Order:
    """Notes what is locked, outermost transaction by transaction, and every step to the left."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.within: object = None
        self.seen: set[str] = set()
        self.faults: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        found = LOCKING.search(sql)
        if found:
            self._note(found.group(1))
        return execute(sql, params, many, context)

    def _note(self, table: str) -> None:
        if not connection.in_atomic_block:
            self.faults.append(f"{table} is locked outside a transaction")
        act = tuple(connection.savepoint_ids[:2])  # the test's own, then the action's
        if act != self.within:
            self.held, self.within = [], act
        left = [held for held in self.held if rank(held) > rank(table)]
        if left and table not in self.held:
            self.faults.append(f"{table} is locked after {left[0]}")
        self.held.append(table)
        self.seen.add(table)


def rank(table: str) -> int:
    """Where a table stands in the order. Raises ValueError for one that has no place in it."""
    for place, name in enumerate(ORDER):
        if table.startswith(name):
            return place
    raise ValueError(f"{table} has no place in the order of locks")


@pytest.fixture
def order() -> Iterator[Order]:
    """Watches every statement of the test."""
    watching = Order()
    with connection.execute_wrapper(watching):
        yield watching


def test_no_lock_is_taken_to_the_left_on_the_way_through_all_stages(
    cast: Cast, at: datetime, order: Order
) -> None:
    factories.walk(cast, Until.OFFERED, at, price="4.80")
    made = factories.order(Offer.objects.get(), 2, UUID(int=7), at)
    factories.pay(made, at)
    assert order.faults == [], order.faults
    assert order.seen >= {
        "projects_project", "projects_monitoringperiod", "dna_letter", "board_request",
        "offsets_order", "offsets_offer", "doe_engagement",
    }


def test_a_step_to_the_left_is_found(cast: Cast, at: datetime, order: Order) -> None:
    made = factories.walk(cast, Until.REPORTED, at)
    order.faults.clear()
    with transaction.atomic():
        MonitoringPeriod.objects.select_for_update().get(pk=made.period.pk)
        Project.objects.select_for_update(of=("self",)).get(pk=made.project.pk)
    assert order.faults == ["projects_project is locked after projects_monitoringperiod"]


def test_the_locks_of_the_works_go_right(cast: Cast, at: datetime, order: Order) -> None:
    made = factories.walk(cast, Until.REPORTED, at)
    order.faults.clear()
    with transaction.atomic():
        locks.period(made.period.pk)
    assert order.held[-2:] == ["projects_project", "projects_monitoringperiod"]
    assert order.faults == []

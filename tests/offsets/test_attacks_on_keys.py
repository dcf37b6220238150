"""The owner of the shop's tables attacks programs' keys; each wall is then taken down to see that
it was the wall. That none is left out: test_attacks.py.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from cdm_portal import clock
from offsets import actions
from projects.models import Project
from tests.offsets import attacks_on_keys as attacks
from tests.offsets.conftest import Shop
from tests.offsets.programs import Program
from tests.offsets.test_attacks import run, settle, take_down

pytestmark = pytest.mark.usefixtures("db")


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """What is done inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def assault(shop: Shop) -> Shop:
    """The state that the attacks are written for: see attacks_on_keys.py."""
    shop.at = clock.now()
    offer = shop.offer(100)
    ended = Program(shop)
    actions.revoke_key(actor=shop.cast.buyer, at=shop.at, key_id=ended.key.pk)
    for program in (Program(shop), Program(shop, test=False)):
        assert program.order(offer).status_code == 201
    Program(shop, may_order=False)
    shop.order(offer)
    project = Project.objects.create(
        reference="PDD-09205", number="99205", rules=Project.Rules.HISTORIC, party_code="KE",
        owner=shop.project.owner, title="Ziwa Tano wind park", sector="wind",
        created_at=shop.at, validation_began_at=shop.at, registered_at=shop.at,
    )
    old = Shop(shop.cast, shop.at, project, shop.account)
    old.issue(100)
    old.order(old.offer(50))
    settle()
    return shop


@pytest.mark.parametrize("step", ["stands", "down"])
def test_every_wall_refuses_and_was_the_wall(
    step: str, assault: Shop, nothing_written: Any
) -> None:
    """One after the other in one state, since each is undone: the wall first, then without it."""
    with nothing_written():
        for attack in attacks.ALL:
            with undone():
                if step == "down":
                    take_down(attack.table, attack.wall)
                said = run(attack)
            words = attack.says if step == "stands" else attack.then
            seen = said is None if words is None else words in (said or "")
            assert seen, f"{attack.wall}: {attack.statement}: {said}"

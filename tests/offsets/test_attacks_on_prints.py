"""The owner of the shop's tables attacks signed prints and corrected names; each wall is then taken
down to see that it was the wall. That none is left out: test_attacks.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.offsets import attacks_on_prints as attacks
from tests.offsets import prints
from tests.offsets.conftest import Shop
from tests.offsets.test_attacks import run, settle, take_down

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def assault(shop: Shop) -> Shop:
    """The state that the attacks are written for: see attacks_on_prints.py."""
    order = shop.buy(shop.offer(100), 17).order
    prints.correct(shop, order, "Amina O.")
    prints.print_all(shop.at)
    settle()
    return shop


@pytest.mark.parametrize(
    "attack", attacks.ALL, ids=lambda each: f"{each.table.removeprefix('offsets_')}.{each.wall}"
)
def test_it_is_refused_and_without_its_wall_passes_or_meets_the_second(
    attack: Any, assault: Shop, nothing_written: Any
) -> None:
    with nothing_written():
        said = run(attack)
    assert said is not None and attack.says in said
    take_down(attack.table, attack.wall)
    said = run(attack)
    assert said is None if attack.then is None else attack.then in str(said)

"""How many cases of the contract each way of paying goes through, as they are collected."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.offsets.contract.conftest import HARNESSES

LEAST = 60


def test_sixty_cases_and_more_for_every_way(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every case that a way does not go through is named with its reason and its own case."""
    shared, own = Counter[str](), Counter[str]()
    names: set[str] = set()
    module = request.node.parent
    for file in module.parent.collect():
        for item in file.collect() if isinstance(file, pytest.Module) else ():
            names.add(item.originalname)
            params = item.callspec.params if hasattr(item, "callspec") else {}
            shared[str(params.get("way"))] += 1
            own[file.path.stem] += 1
    with capsys.disabled():
        for slug, made in HARNESSES.items():
            print(f"\n{slug}: {shared[slug]} cases", end="")
            for name, (instead, why) in made.differs.items():
                print(f"\n  not {name}\n    but {instead}: {why}", end="")
                assert {name, instead} <= names
    assert {slug: shared[slug] >= LEAST for slug in HARNESSES} == dict.fromkeys(HARNESSES, True)
    assert own["test_invoice"] >= 10 and own["test_stripe"] >= 20

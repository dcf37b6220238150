"""Our `migrate` saves what Django's and the state fields' does in vain, and puts all back."""

from __future__ import annotations

import gc
from typing import Any

import django_fsm
import pytest
from django.core.management import call_command, get_commands
from django.core.management.commands import migrate

pytestmark = pytest.mark.django_db


def test_it_is_ours_that_runs() -> None:
    assert get_commands()["migrate"] == "cdm_portal"


@pytest.mark.parametrize("fails", [False, True])
def test_state_fields_and_collector_are_as_before(
    fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    listened: list[Any] = []

    def seen(*args: Any, **options: Any) -> None:
        listened.append((django_fsm.class_prepared, gc.get_threshold()))  # type: ignore[attr-defined]
        if fails:
            raise RuntimeError

    monkeypatch.setattr(migrate.Command, "handle", seen)
    before = django_fsm.class_prepared, gc.get_threshold()  # type: ignore[attr-defined]
    if fails:
        with pytest.raises(RuntimeError):
            call_command("migrate")
    else:
        call_command("migrate")
    ((signal, pace),) = listened
    assert signal is not before[0]
    assert pace[0] > before[1][0]
    assert (django_fsm.class_prepared, gc.get_threshold()) == before  # type: ignore[attr-defined]

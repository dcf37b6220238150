"""Our `migrate` saves what Django's and the state fields' do in vain, and puts all back."""

from __future__ import annotations

import gc
import io
from typing import Any

import django_fsm
import pytest
from django.core.management import call_command, get_commands
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter
from django.db.models import Field

from cdm_portal.management.commands import migrate as ours

pytestmark = pytest.mark.django_db


def test_it_is_ours_that_runs() -> None:
    assert get_commands()["migrate"] == "cdm_portal"


def test_a_second_time_there_is_nothing_to_do() -> None:
    said = io.StringIO()
    call_command("migrate", stdout=said)
    assert "No migrations to apply." in said.getvalue()


@pytest.mark.parametrize("fails", [False, True])
def test_all_that_was_replaced_is_as_before(
    fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    listened: list[Any] = []

    def seen(*args: Any, **options: Any) -> None:
        listened.append(replaced())
        if fails:
            raise RuntimeError

    monkeypatch.setattr(migrate.Command, "handle", seen)
    before = replaced()
    if fails:
        with pytest.raises(RuntimeError):
            call_command("migrate")
    else:
        call_command("migrate")
    ((pace, *meanwhile),) = listened
    assert pace > before[0]
    assert not [each for each in meanwhile if each in before]
    assert replaced() == before


def replaced() -> list[Any]:
    """What our command replaces, as it stands."""
    changes = [vars(ProjectState)[name] for name in ours.OPTIONS]
    return [gc.get_threshold()[0], django_fsm.class_prepared, Field.clone, *changes]  # type: ignore[attr-defined]


def test_the_models_at_the_end_are_those_that_django_makes() -> None:
    """Changed on the way, step by step, they are as if made of the last state at once."""
    loader = MigrationLoader(connection)
    steps = loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
    own = ProjectState()
    assert list(own.apps.get_models()) == []
    with ours._quick():
        for step in steps:
            own = loader.graph.nodes[step].mutate_state(own, preserve=False)
    found = described(own)
    assert len(found) > 100
    assert found == described(loader.project_state())


def test_a_later_name_of_a_field_does_not_reach_the_state_before_it() -> None:
    """Whoever resolves the last state leaves its names on the fields that all states share."""
    loader = MigrationLoader(connection)
    last = loader.project_state()
    last.resolve_fields_and_relations()
    early = loader.project_state(("cobenefits", "0001_initial"))
    shared = early.models["cobenefits", "report"].fields["withdrawn_at"]
    assert shared.name == "ended_at"
    with ours._quick():
        report = early.apps.get_model("cobenefits", "report")
    assert report._meta.get_field("withdrawn_at").column == "withdrawn_at"


def described(state: Any) -> dict[str, list[str]]:
    """By model, the fields in their order and the constraints and indexes of its class."""
    parts = {
        model._meta.label: [
            *model._meta.local_concrete_fields, *model._meta.constraints, *model._meta.indexes,
        ]
        for model in state.apps.get_models()
    }
    return {
        label: [MigrationWriter.serialize(each)[0] for each in found]
        for label, found in parts.items()
    }

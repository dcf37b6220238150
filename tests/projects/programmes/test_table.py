"""The row of components in the domain (3.9), walked cell by cell on the pages.

What is legal is transcribed by hand. Every legal cell is done on its page and has its side effects;
every other (state, event, role) is refused with nothing written; the database knows no other way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from projects.board.models import Exclusion
from projects.models import Project
from projects.programmes.models import Component
from tests.cast import Cast
from tests.projects.doe.test_tables import Walker
from tests.projects.programmes import story
from tests.uploads.files import pdf
from tests.world import as_if

pytestmark = pytest.mark.django_db

# (state, event) → (who, next state); the rest is refused. "asked": the DOE is asked to renew it;
# "accused": its exclusion is before the Board. The secretariat proposes one, a member moves one.
TABLE = {
    ("draft", "save"): ("participant", "draft"),
    ("draft", "submit"): ("participant", "submitted"),
    ("submitted", "return"): ("doe", "draft"),
    ("submitted", "include"): ("doe", "included"),
    ("included", "ask renewal"): ("participant", "included"),
    ("included", "propose exclusion"): ("secretariat board", "included"),
    ("asked", "renew"): ("doe", "renewed"),
    ("asked", "propose exclusion"): ("secretariat board", "included"),
    ("accused", "exclude"): ("board", "excluded"),
    ("accused", "keep"): ("board", "included"),
    ("accused", "ask renewal"): ("participant", "included"),
    ("renewed", "propose exclusion"): ("secretariat board", "renewed"),
}
STATES = ("draft", "submitted", "included", "asked", "accused", "renewed", "excluded")
WAYS = {
    "draft>submitted", "submitted>draft", "submitted>included", "included>renewed",
    "included>excluded", "renewed>excluded",
}


@pytest.fixture
def walker(cast: Cast, sign_in: Callable[[Client, Any], Client]) -> Walker:
    return Walker(cast, sign_in)


def brought(walk: Any, state: str) -> Component:
    """A component in a state of the table; the programme is renewed, so that renewals are due."""
    found = story.component(walk, state)
    if state not in {"asked", "renewed"}:
        story.prolonged(walk)
    return found


def events(walk: Any, found: Component) -> dict[str, tuple[str, dict[str, Any]]]:
    """Each event with its page and its form."""
    programme = Project.objects.get(pk=walk.project.pk)
    last = programme.crediting_last_date
    exclusion = Exclusion.objects.filter(component=found).first()
    board = reverse("board:exclusion", args=[exclusion.pk if exclusion else 0])
    doe = reverse("doe:component", args=[found.pk])
    said = {"file": None, "no_conflict": "on"}
    return {
        "save": (reverse("participant:component", args=[programme.name, found.order]), {
            "title": "Another", "answer_1": "Yes.", "answer_2": "Yes.",
        }),
        "submit": (reverse("doe:submit_component", args=[found.pk]), {
            "organisation": walk.doe.office, "checked": "on",
        }),
        "return": (doe, {"act": "return", "reasons": "Not yet."}),
        "include": (doe, {"act": "include"} | said),
        "ask renewal": (reverse("doe:renew_component", args=[found.pk]), {
            "organisation": walk.doe.office, "last_date": f"{last:%Y-%m-%d}",
        }),
        "renew": (doe, {"act": "renew"} | said),
        "propose exclusion": (reverse("board:exclude", args=[found.pk]), {
            "reasons": "Elsewhere.", "tonnes": "0",
        }),
        "exclude": (board, {"outcome": "grant", "reasons": "In error."}),
        "keep": (board, {"outcome": "refuse", "reasons": "It holds."}),
    }


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """The form with a fresh file where it has one: a file is read once."""
    made = SimpleUploadedFile("statement.pdf", pdf(), "application/pdf")
    return values | ({"file": made} if "file" in values else {})


def effects(event: str, found: Component) -> None:
    """What an event leaves behind besides the state (the column of side effects)."""
    if event == "save":
        assert (found.title, found.answers) == ("Another", ["Yes.", "Yes."])
    elif event == "submit":
        assert found.checked_at is not None and found.criteria == list(story.CRITERIA)
    elif event == "return":
        assert found.return_reasons == "Not yet."
    elif event == "include":
        assert found.number == 2 and found.statement is not None and found.statement.public
        page = reverse("component", args=[found.programme.name, found.order])
        assert Client().get(page).status_code == 200
    elif event == "renew":
        assert found.crediting_last_date == found.programme.crediting_last_date
    elif event in {"exclude", "keep"}:
        assert (found.debt_tonnes == 0) == (event == "exclude")
    elif event == "propose exclusion":
        assert found.exclusions.filter(decided_at=None).count() == 1
    else:
        assert found.renewal_doe is not None


def test_components_follow_the_table(walker: Walker, cast: Cast) -> None:
    walk = story.programme(cast)
    count = 0
    for state in STATES:
        with as_if():
            found = brought(walk, state)
            for event, (page, values) in events(walk, found).items():
                count += 1
                owner, target = TABLE.get((state, event), ("", ""))
                for who in walker.clients:
                    if who not in owner.split():
                        walker.denied(who, page, filled(values))
                        continue
                    with walker.done(who, page, filled(values)):
                        now = Component.objects.get(pk=found.pk)
                        assert now.state == target, (state, event)
                        effects(event, now)
    print(f"\n3.9 on pages: {walker.legal} legal, {walker.refused} refused")
    assert walker.legal == sum(len(who.split()) for who, _state in TABLE.values())
    assert walker.refused == count * len(walker.clients) - walker.legal


def test_the_database_knows_these_ways_only(cast: Cast) -> None:
    walk = story.programme(cast)
    passed = set()
    for state in story.STATES:
        with as_if():
            found = brought(walk, state)
            for other in story.STATES:
                if other != state and moved(found.pk, other):
                    passed.add(f"{state}>{other}")
    assert passed == WAYS


def moved(pk: int, state: str) -> bool:
    """Whether the database lets the state be written; what else a state needs is given with it."""
    with as_if(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for wall in ("of_record", "exclusion_decided"):
            cursor.execute(f"DROP TRIGGER {wall} ON projects_component")
        for wall in ("submitted_component_is_complete", "included_component_has_statement",
                     "excluded_component_has_debt"):
            cursor.execute(f"ALTER TABLE projects_component DROP CONSTRAINT {wall}")
        try:
            with transaction.atomic():
                cursor.execute(
                    "UPDATE projects_component SET state = %s WHERE id = %s", [state, pk]
                )
        except DatabaseError as error:
            assert "no way from" in str(error)
            return False
    return True

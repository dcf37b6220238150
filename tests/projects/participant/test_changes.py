"""Versions of a design document compared: nothing lost, nothing invented, any two by number."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cdm_portal.values import Actor
from projects.models import Document, Project
from projects.participant import actions, changes, queries
from tests.cast import Cast
from tests.projects.participant.designs import AT, in_validation, published, sections, submitted
from tests.uploads.files import pdf

SignIn = Callable[[Client, Actor], Client]
WORDS = st.lists(st.sampled_from(["solar", "park", "wind", "\n", "a"]), max_size=30).map(" ".join)


def text(answer: Any) -> str:
    """The page without what a screen reader is told and without the tokens of its forms."""
    page = re.sub(r'<span class="sr">[^<]*</span>|value="\w{64}"', "", answer.content.decode())
    return re.sub(r"\s+", " ", page)


def revise(cast: Cast, case: Project, **values: dict[str, Any]) -> None:
    """One more version with these values in these sections."""
    whole = sections(cast.participant.office)
    for section, changed in values.items():
        actions.save_section(
            actor=cast.participant, at=AT, project_id=case.pk, section=section,
            values=whole[section] | changed,
        )
    actions.submit_design(actor=cast.participant, at=AT, project_id=case.pk)


@given(WORDS, WORDS)
def test_the_pieces_hold_both_texts_whole(before: str, after: str) -> None:
    found = changes.pieces(before, after)
    assert "".join(each.text for each in found if each.kind != "ins") == before
    assert "".join(each.text for each in found if each.kind != "del") == after
    assert all(each.text for each in found)


def test_a_changed_word_alone_is_marked_and_a_long_text_goes_line_by_line() -> None:
    assert [(p.kind, p.text) for p in changes.pieces("a fine park", "a wind park")] == [
        ("same", "a "), ("del", "fine "), ("ins", "wind "), ("same", "park"),
    ]
    line = "word " * 2500
    long = changes.pieces(f"{line}\nold one\n", f"{line}\nnew one\n")
    assert [(p.kind, p.text) for p in long[1:]] == [("del", "old one\n"), ("ins", "new one\n")]


def rows(found: list[dict[str, Any]]) -> dict[str, str]:
    """What differs: the state by section and row."""
    return {
        f"{part['key']}: {row['label']}": row["state"]
        for part in found for row in part["rows"] if row["state"] != "same"
    }


@pytest.mark.django_db
def test_fields_parameters_years_and_files_are_compared_row_by_row(cast: Cast) -> None:
    case, first = submitted(cast)
    actions.attach(
        actor=cast.participant, at=AT, project_id=case.pk, title="Permit; final",
        filename="permit.pdf", data=pdf(), part=Document.Part.OTHER,
    )
    fixed = sections(cast.participant.office)["parameters"]["fixed"]
    revise(
        cast, case, general={"technology": "Tracking panels, string inverters."},
        parameters={"fixed": fixed | {"EF_OM": fixed["EF_OM"] | {"source": "list of 2013"}}},
        reductions={"years": {"1": {"EG_export": "15580"}, "2": {"EG_export": "15000"}}},
    )
    second = queries.version(case, 2)
    found = changes.between(changes.frozen(first), changes.frozen(second))
    named = rows(found)
    years = {name for name in named if name.startswith("calculation")}
    assert {name: state for name, state in named.items() if name not in years} == {
        "general: Technology": "changed",
        "parameters: EF_OM, Operating margin emission factor of the grid": "changed",
        "reductions: EG_export, Electricity delivered to the grid by the project, year 2": "added",
        "attachments: File": "added",
    }
    assert len(years) == 7, "years 2 to 7 and the sum"
    back = rows(changes.between(changes.frozen(second), changes.frozen(first)))
    assert back["attachments: File"] == "removed"
    assert rows(changes.between(changes.frozen(first), changes.frozen(first))) == {}


@pytest.mark.django_db
def test_the_owner_and_the_public_see_what_changed_and_choose_against_what(
    client: Client, cast: Cast, sign_in: SignIn
) -> None:
    case = in_validation(cast)
    revise(cast, case, general={"summary": "Wind instead of oil."})
    revise(cast, case, general={"summary": "Wind instead of coal."})
    page = reverse("participant-public:design_version", args=[case.name, 3])
    for browser, address in (
        (Client(), page),
        (sign_in(client, cast.participant), reverse("participant:version", args=[case.name, 3])),
    ):
        shown = text(browser.get(address))
        assert "instead of <del>oil.</del><ins>coal.</ins>" in shown
        assert "From version 2 to version 3" in shown
        older = text(browser.get(address + "?against=1"))
        assert "<del>Sun </del><ins>Wind </ins>instead of <del>oil.</del><ins>coal.</ins>" in older
        alone = text(browser.get(address + "?against=none"))
        assert "Shown without changes." in alone
        assert "<del>oil" not in alone
        assert text(browser.get(address + "?against=nonsense")) == shown
    assert page in text(Client().get(reverse("project", args=[case.name])))


@pytest.mark.django_db
def test_an_unpublished_version_is_not_read_there_not_even_by_its_owner(
    client: Client, cast: Cast, sign_in: SignIn
) -> None:
    case, _ = submitted(cast)
    page = reverse("participant-public:design_version", args=[case.name, 1])
    owner = sign_in(client, cast.participant)
    assert {owner.get(page).status_code, Client().get(page).status_code} == {404}
    assert published(cast, case).name in text(Client().get(page))


@pytest.mark.django_db
def test_the_doe_sees_what_changed_since_the_version_that_it_published(
    client: Client, cast: Cast, sign_in: SignIn
) -> None:
    case = in_validation(cast)
    revise(cast, case, general={"summary": "Wind instead of oil."})
    revise(cast, case, general={"summary": "Wind instead of coal."})
    page, desk = reverse("doe:validation", args=[case.name]), sign_in(client, cast.doe)
    shown = text(desk.get(page))
    assert "changes since version 1, which you published" in shown
    assert "<del>Sun </del><ins>Wind </ins>instead of <del>oil.</del><ins>coal.</ins>" in shown
    other = text(desk.get(page + "?against=2"))
    assert "instead of <del>oil.</del><ins>coal.</ins>" in other
    assert "<del>" not in text(desk.get(page + "?against=none"))

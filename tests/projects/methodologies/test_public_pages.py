"""The public pages of what is calculated: everything that is built, and what nobody verified."""

from __future__ import annotations

import pytest
from django.test import Client

from projects.methodologies import catalogue

pytestmark = pytest.mark.django_db


def test_the_list_has_everything_and_says_what_is_missing() -> None:
    page = Client().get("/methodologies/").content.decode()

    for code in catalogue.BY_CODE:
        assert f'href="/methodologies/{code}/"' in page
    for code in catalogue.not_built():
        assert code in page
    assert page.count(">unverified<") == len(catalogue.BY_CODE)


@pytest.mark.parametrize("code", sorted(catalogue.BY_CODE))
def test_one_shows_versions_questions_and_constants(code: str) -> None:
    about = catalogue.get(code)
    page = Client().get(f"/methodologies/{code}/").content.decode()

    unverified = [each for each in (*about.versions, *about.constants) if not each.verified]
    assert page.count(">unverified<") == len(unverified)
    for fact in about.facts:
        assert f">{fact.name}<" in page


def test_what_is_not_built_has_no_page() -> None:
    assert Client().get("/methodologies/ACM9999/").status_code == 404

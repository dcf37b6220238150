"""What search engines are told: which pages they may keep, where they are, and in what words."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cdm_portal.demonstration.portfolio import Until
from cdm_portal.findable import DESCRIPTIONS
from cdm_portal.pages import crawlers
from tests.architecture.access_rows import answers, row
from tests.architecture.access_table import ACCESS
from tests.architecture.addresses import Addresses
from tests.world import World

pytestmark = pytest.mark.django_db

DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)"')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)"')
CURTAINED = ("desk", "order", "basket", "certificate", "pay", "account", "invoice", "my_", "badge")
"""Words in the names of routes that lead to what is one person's."""
NOT_IN_THE_WORLD = {"offsets:organisation"}
"""Nobody cancels for an organisation there; its address answers 404."""
PLACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture(scope="module")
def paths(world: World) -> dict[str, str]:
    """The path of every route."""
    return Addresses(world).paths()


def listed(client: Client, path: str) -> list[str]:
    """The addresses of a map, or of the index of maps."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return [str(each.text) for each in ElementTree.fromstring(answer.content).iter(PLACE)]


def test_a_page_that_may_be_found_is_public_and_says_what_it_is(
    paths: dict[str, str], world: World
) -> None:
    said: dict[str, str] = {}
    for route in set(DESCRIPTIONS) - NOT_IN_THE_WORLD:
        answer = world.client(None).get(paths[route], follow=True)
        text = answer.content.decode()
        assert answer.status_code == 200 and "X-Robots-Tag" not in answer, route
        (said[route],), (address,) = DESCRIPTION.findall(text), CANONICAL.findall(text)
        assert address.startswith(settings.SITE_URL + "/") and "?" not in address, route
        assert 30 <= len(said[route]) <= 320, route
    assert sorted(set(said.values())) == sorted(said.values())


def test_whatever_else_there_is_may_not_be_found(paths: dict[str, str], world: World) -> None:
    client, found = world.client(None), []
    for route, path in paths.items():
        if row(route) in ACCESS and answers(ACCESS[row(route)][0])["anonymous"] == "200":
            hidden = "noindex" in client.get(path).get("X-Robots-Tag", "")
            found += [route] if hidden == (route in DESCRIPTIONS) else []
    assert found == []
    assert [r for r in DESCRIPTIONS if any(word in r for word in CURTAINED)] == []


def test_a_page_that_is_not_there_and_a_desk_may_not_be_found(world: World) -> None:
    for actor, path in ((None, "/projects/none/"), (world.cast.participant, "/desk/")):
        assert world.client(actor).get(path)["X-Robots-Tag"] == "noindex"


def test_a_project_has_one_address_whatever_it_was_called(world: World) -> None:
    case = world.project(Until.OFFERED)
    client = world.client(None)
    found = {
        CANONICAL.findall(client.get(path).content.decode())[0]
        for path in (f"/projects/{case.number}/", f"/projects/{case.reference}/?from=mail")
    }
    assert found == {f"{settings.SITE_URL}/projects/{case.number}/"}




def test_the_maps_lead_to_every_public_page_and_to_nothing_else(
    world: World, monkeypatch: Any
) -> None:
    client = world.client(None)
    monkeypatch.setattr(crawlers.Pages, "limit", 5)
    maps = listed(client, "/sitemap.xml")
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in client.get("/robots.txt").content.decode()
    found = [one for each in maps for one in listed(client, each.partition("testserver")[2])]
    assert len(found) == len(set(found)) > 3 * 5
    for address in found:
        path = address.removeprefix(settings.SITE_URL)
        answer = client.get(path)
        assert answer.status_code == 200 and "X-Robots-Tag" not in answer, path
    catalogue = re.findall(r'href="(/projects/\w[\w-]*/)"', client.get(
        "/projects/?all=1&view=table").content.decode())
    assert {settings.SITE_URL + each for each in catalogue} <= set(found)


def test_a_map_asks_no_more_for_more_projects(world: World) -> None:
    client = world.client(None)
    for path, most in (("/sitemap.xml", 2), ("/sitemap-projects.xml", 2)):
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        told = [each["sql"] for each in asked if "offsets_" in each["sql"]]
        assert len(told) <= most, told

"""Every URL × every member of the cast × GET and POST gets the answer that the table says."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.architecture import access_rows
from tests.architecture.access_table import ACCESS
from tests.architecture.addresses import Addresses, routes
from tests.conftest import fingerprint
from tests.world import World, as_if

pytestmark = pytest.mark.django_db

REFUSED = {"404", "403", "405", "login"}
WRITING = re.compile(r"INSERT INTO|UPDATE |DELETE FROM|.*\bregistry_[a-z]+\(", re.IGNORECASE)
OWN = re.compile(r"django_session|axes_|mfa_|account_", re.IGNORECASE)


@pytest.fixture(scope="module")
def paths(world: World) -> dict[str, str]:
    """The path of every route."""
    return Addresses(world).paths()


@pytest.fixture(scope="module")
def browsers(world: World) -> dict[str, Client]:
    """One browser for each member of the cast."""
    cast = world.cast
    members = {
        "anonymous": None, "buyer": cast.buyer, "participant": cast.participant,
        "rival": cast.rival_participant, "dna": cast.dna, "foreign": cast.foreign_dna,
        "doe": cast.doe, "verifier": cast.other_doe, "stranger": cast.unaccredited_doe,
        "board": cast.board[4], "rit": cast.rit, "secretariat": cast.secretariat,
        "registry": cast.registry, "auditor": cast.auditor,
    }
    found = {name: world.client(actor) for name, actor in members.items()}
    return found | {"superuser": world.superuser()}


class Watch:
    """Notes every statement that writes a row other than a session's."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if WRITING.match(sql) and not OWN.search(sql):
            self.written.append(sql[:80])
        return execute(sql, params, many, context)


def visit(browser: Client, method: str, path: str, watch: Watch | None = None) -> str:
    """The answer to one request, in the words of the table; what it did is undone."""
    jar = copy.deepcopy(browser.cookies)
    with as_if(), connection.execute_wrapper(watch or Watch()):
        sent = {"nothing": ""} if method == "post" else {}
        response = getattr(browser, method)(path, sent)
    browser.cookies = jar
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "login"
    return str(response.status_code)


FEW = ("anonymous", "participant", "registry", "auditor", "superuser")
"""Who looks at the further classes of the admin: one guard stands before all of them."""


def differences(browsers: dict[str, Client], path: str, table_row: tuple[str, str]) -> list[str]:
    """The cells in which the portal answers otherwise, and the refusals that wrote something."""
    found = []
    for method, spelled in zip(("get", "post"), table_row, strict=True):
        for name, expected in access_rows.answers(spelled).items():
            if name not in browsers:
                continue
            watch = Watch()
            answer = visit(browsers[name], method, path, watch)
            if answer != expected:
                found.append(f"{method} {path} as {name}: {answer}, expected {expected}")
            if answer in REFUSED and watch.written:
                found.append(f"{method} {path} as {name} wrote {watch.written[0]}")
    return found


def test_every_url_is_in_the_table(paths: dict[str, str]) -> None:
    assert access_rows.missing(list(paths), ACCESS) == []


def test_a_url_that_the_table_does_not_know_is_found() -> None:
    shorter = {key: value for key, value in ACCESS.items() if key != "offsets:order"}
    assert access_rows.missing(list(routes()), shorter) == ["offsets:order"]


BESIDE_READINGS = (
    "acceptedcorrection", "calibration", "columnmapping", "eventlist", "plantevent",
    "readingsblock", "readingsimport", "readingstreatment", "survey", "surveyanswer",
)
"""What stands beside readings is not in the world; its pages have the same class of admin."""


def test_no_other_class_of_the_admin_is_without_a_row(world: World) -> None:
    known = Addresses(world)
    known.paths()
    classes = {route.partition("_")[2].rpartition("_")[0] for route in known.rowless}
    assert classes == set(BESIDE_READINGS)


def test_the_table_names_no_url_that_is_gone(paths: dict[str, str]) -> None:
    assert set(ACCESS) - {access_rows.row(route) for route in paths} == set()


@pytest.mark.parametrize("key", ACCESS)
def test_everybody_is_answered_as_the_table_says(
    key: str, paths: dict[str, str], browsers: dict[str, Client]
) -> None:
    rows = [path for route, path in paths.items() if access_rows.row(route) == key]
    few = {name: browsers[name] for name in FEW}
    found = differences(browsers, rows[0], ACCESS[key])
    for path in rows[1:]:
        found += differences(few, path, ACCESS[key])
    assert found == []


def test_a_wrong_answer_is_found(paths: dict[str, str], browsers: dict[str, Client]) -> None:
    found = differences(browsers, paths["registry:desk"], ("login 404 registry=200", "login 404"))
    assert found == [
        f"get {paths['registry:desk']} as secretariat: 200, expected 404",
        f"get {paths['registry:desk']} as auditor: 200, expected 404",
        f"post {paths['registry:desk']} as secretariat: 200, expected 404",
        f"post {paths['registry:desk']} as registry: 200, expected 404",
        f"post {paths['registry:desk']} as auditor: 200, expected 404",
    ]


NOT_A_ROW = {
    "catalogue_export", "registry:issuances_export", "registry:cancellations_export",
    "registry:totals_export", "offsets:cancellations_export", "my_data_export",  # a format
    "transparency:proof", "api:proof",  # a kind of row
    "api:order", "api:order_cancel",  # a key is asked for first: offsets/test_api_orders.py
}


def test_what_is_not_there_is_not_found_whoever_asks(
    world: World, browsers: dict[str, Client]
) -> None:
    paths = Addresses(world).paths_to_nothing()
    asked = [(route, path) for route, path in paths.items() if route not in NOT_A_ROW]
    found = []
    for route, path in asked:
        for name, browser in browsers.items():
            answers = {method: visit(browser, method, path) for method in ("get", "post")}
            if not set(answers.values()) <= REFUSED:
                found.append((route, name, answers))
    assert not found, found
    assert len(asked) > 70
    print(f"{len(asked)} routes to rows that are not there, {len(browsers)} visitors each")


def test_no_superuser_moves_a_unit(paths: dict[str, str], browsers: dict[str, Client]) -> None:
    """Every form of every desk and of the admin, sent by a superuser, changes no row at all."""
    before = fingerprint()
    sent = {"quantity": "1", "reason": "Because I can.", "price": "1", "_save": "Save"}
    behind_a_desk = [
        path for path in paths.values() if path.startswith(("/desk/", "/admin/"))
    ]
    assert len(behind_a_desk) > 100
    for path in behind_a_desk:
        jar = copy.deepcopy(browsers["superuser"].cookies)
        answer = browsers["superuser"].post(path, sent)
        browsers["superuser"].cookies = jar
        assert answer.status_code in {200, 302, 403, 404, 405}, path
    assert fingerprint() == before

"""The permission matrix: stated once, named by every address, and held by each of them.

What a visit to every address answers is in `access_table`, and `test_access` makes those visits:
own rows, other organisations', and missing ones. Here the answers are held against the matrix as
the domain has it, cell by cell, and a second person of each organisation is sent everywhere.
"""

from __future__ import annotations

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from rest_framework.request import Request
from rest_framework.views import APIView

from cdm_portal.identity.access import desk, may
from cdm_portal.pages import addresses
from cdm_portal.pages.addresses import Address
from cdm_portal.pages.api_guard import permitted
from cdm_portal.permissions import MATRIX, Cell, Column, Right, Row, outside
from cdm_portal.refusals import NotFound
from cdm_portal.values import Role
from tests.architecture import access_rows, matrix_read
from tests.architecture.access_table import ACCESS, CAST
from tests.architecture.addresses import Addresses
from tests.architecture.test_access import visit
from tests.world import World

pytestmark = pytest.mark.django_db

REFUSED = {"404", "403", "405", "login"}
OTHER_ROWS = {
    ("offsets:order_new", "POST"): "the form is sent empty, so it names no offer",
    ("offsets:order_new", "GET"): "no offer is named",
    ("offsets:basket_add", "POST"): "the form is sent empty, so it names no offer",
    ("offsets:basket_add", "GET"): "no offer is named",
    ("offsets:order", "POST"): "the order was begun in another browser",
    ("offsets:hold_again", "POST"): "the order was begun in another browser",
    ("offsets:pay_otherwise", "POST"): "the order was begun in another browser",
    ("offsets:go_back", "POST"): "the order was begun in another browser",
    ("document", "GET"): "the visit asks for the design document of a draft",
    ("document", "POST"): "the visit asks for the design document of a draft",
    ("board:act", "POST"): "the visit asks for a review, which is the Board's and the DNA's",
    ("api:act", "POST"): "the visit asks for a review, which is the Board's and the DNA's",
    ("api:co_benefit_act", "POST"): "the visit hands a report in, which is the participant's",
}
"""Where a right is exercised with other rows or words than a visit names."""

DIFFERS = {
    (route, method, "participant"): "404"
    for route in ("registry:proposal", "registry:reject", "api:proposal")
    for method in ("GET", "POST") if (route, method) != ("api:proposal", "POST")
} | {
    ("participant:sign_forwarding", "POST", "participant"): "403",
    ("offsets:offer_close", "POST", "participant"): "403",
}
"""What a second person of an organisation is answered otherwise than the first: a proposal out of
the pending account, which is nobody's, is its proposer's alone; a focal point signs by its named
signatories; an account's units are disposed of by its representatives."""

ROW_LEVEL = (
    "project", "cover", "cobenefits:public", "api:co_benefits", "document", "board:invoice",
)
"""Public addresses that ask, for a row that is not public, whose it is."""


def named() -> list[Address]:
    """Every address that exercises a cell."""
    return [address for address in addresses.addresses() if address.exercises]


def test_the_table_has_every_row_and_column_of_the_domain_word_for_word() -> None:
    said = {
        str(row): {str(column): cell.said for column, cell in cells.items()}
        for row, cells in MATRIX.items()
    }
    assert said == matrix_read.transcribed()
    assert (len(Row), len(Column)) == (24, 16)


def test_every_cell_gives_the_rights_that_its_words_say() -> None:
    held = {
        (str(row), str(column)): {str(right) for right in cell.rights}
        for row, cells in MATRIX.items() for column, cell in cells.items()
    }
    assert held == matrix_read.granted()


def test_a_departure_from_the_matrix_says_why() -> None:
    departing = {
        (str(row), str(column)) for row, cells in MATRIX.items()
        for column, cell in cells.items() if cell.departs
    }
    assert departing == set(matrix_read.DEPARTURES)


def test_every_address_names_a_cell_or_a_reason() -> None:
    unnamed = [address.name for address in addresses.addresses() if address.unnamed]
    assert unnamed == [], "guard them by identity.access.may, or put them into permissions.outside"


def test_an_address_that_names_neither_is_found() -> None:
    @desk(Role.BOARD)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    found = list(addresses.addresses([path("new/", view, name="new")]))
    assert [(each.name, each.unnamed) for each in found] == [("new", True)]


def test_a_reason_is_given_to_addresses_alone_that_name_no_cell() -> None:
    outside_now = {each.name for each in addresses.addresses() if not each.exercises}
    assert set(outside.ROUTES) <= outside_now


def test_a_changed_cell_moves_page_and_api_alike_and_is_found(
    rf: RequestFactory, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = rf.get("/")
    request.actor = world.cast.board[0]  # type: ignore[attr-defined] # as the middleware sets it
    request.user = world.cast.sign_ins[world.cast.board[0]][0]
    reads = (Row.INVOICE, Right.READ)

    def opened() -> tuple[bool, bool]:
        view = APIView()
        view.get = None  # type: ignore[attr-defined] # so that the method is allowed
        answers = []
        for ask in (
            lambda: may(reads)(lambda request: HttpResponse())(request),
            lambda: permitted(reads)().has_permission(Request(request), view),
        ):
            try:
                answers.append(bool(ask()))
            except (Http404, NotFound):
                answers.append(False)
        return answers[0], answers[1]

    assert opened() == (False, False)
    cell = Cell("r", frozenset({Right.READ}))
    monkeypatch.setitem(MATRIX[Row.INVOICE], Column.MEMBER, cell)
    assert opened() == (True, True)
    with pytest.raises(AssertionError):
        test_the_table_has_every_row_and_column_of_the_domain_word_for_word()
    with pytest.raises(AssertionError):
        test_every_cell_gives_the_rights_that_its_words_say()


def test_the_page_says_what_the_matrix_says_and_what_is_missing(world: World) -> None:
    page = world.client(None).get("/permissions/").content.decode()
    for row, cells in matrix_read.transcribed().items():
        assert row in page
        assert all(said in page for said in cells.values())
    used = addresses.uses()
    assert used[Row.COMMENT, Column.SECRETARIAT].missing == [Right.MODERATE]
    assert used[Row.FINDING, Column.DOE].missing == []
    assert "POST /projects/&lt;str:reference&gt;/comments/" in page
    assert used[Row.LEDGER, Column.REGISTRY].lines == []
    for where in ("/desk/", "/admin/"):
        assert "/permissions/" in world.client(world.cast.auditor).get(where).content.decode()


def faults(address: Address, answers: dict[str, dict[str, str]]) -> list[str]:
    """Where an address answers otherwise than the transcribed matrix says: somebody without the
    right who gets through, and a column with the right of which nobody does.
    """
    cells, found = matrix_read.granted(), []
    for method in address.exercises:
        wanted = [
            (str(row), str(right)) for row, right in address.exercises[method]
            + (address.exercises["POST"] if method == "GET" and "POST" in address.exercises else ())
        ]
        may = {name for row, right in wanted for name in matrix_read.members(cells, row, right)}
        through = {n for n, answer in answers[method].items() if answer not in REFUSED}
        found += [f"{method} {address.name}: {name} gets through" for name in through - may]
        if (address.name, method) in OTHER_ROWS or not through:
            continue
        for column, members in matrix_read.MEMBERS.items():
            holds = any(matrix_read.holds(cells[row, column], right) for row, right in wanted)
            if members and holds and not set(members) & through:
                found.append(f"{method} {address.name}: {column} is kept out")
    return found


def test_every_answer_to_everybody_is_what_the_matrix_says() -> None:
    found, count = [], 0
    for address in named():
        get, post = ACCESS[address.name]
        answers = {"GET": access_rows.answers(get), "POST": access_rows.answers(post)}
        found += faults(address, answers)
        count += sum(len(cells) for cells in address.exercises.values()) * (len(CAST) + 1)
    assert not found, "\n".join(found)
    assert count > 4000
    print(f"{count} cells: {len(named())} addresses × methods × rights × {len(CAST) + 1} visitors")


def test_a_second_person_of_an_organisation_is_answered_as_the_first(world: World) -> None:
    """Where a right is for one's own, it is the organisation's. Visited is what a role opens, and
    what asks on a public address whose row it is; elsewhere the guard sees no person.
    """
    paths = Addresses(world).paths()
    cells, found, count = matrix_read.granted(), [], 0
    people = {name: world.client(actor) for name, actor in world.cast.colleagues().items()}
    by_name = {address.name: address for address in named()}
    for route, where in paths.items():
        key = access_rows.row(route)
        address = by_name.get(route.partition(" ")[0])
        if address is None:
            continue
        for method, spelled in zip(("GET", "POST"), ACCESS[key], strict=True):
            for name in opened(address, cells) & set(people):
                expected = DIFFERS.get((route, method, name), access_rows.answers(spelled)[name])
                answer = visit(people[name], method.lower(), where)
                count += 1
                if answer != expected:
                    found.append(f"{method} {route} as a second {name}: {answer} not {expected}")
    assert not found, "\n".join(found)
    assert count > 300
    print(f"{count} cells: a second person of {len(people)} organisations")


def opened(address: Address, cells: dict[tuple[str, str], set[str]]) -> set[str]:
    """The members of the cast to whom an address is a matter of whose row it is."""
    wanted = [
        (str(row), str(right)) for exercises in address.exercises.values()
        for row, right in exercises
    ]
    may = {name for row, right in wanted for name in matrix_read.members(cells, row, right)}
    return may if "anonymous" not in may or address.name in ROW_LEVEL else set()

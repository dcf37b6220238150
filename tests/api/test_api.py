"""The API: lists walked by cursor, refusals as problems, a schema that validates."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, reverse

from cdm_portal import api
from cdm_portal.demonstration.portfolio import Until
from offsets.models import Certificate
from projects.models import Project
from registry.models import Cancellation, Issuance
from tests.world import World, as_if

pytestmark = pytest.mark.django_db

LISTS = ("projects", "issuances", "cancellations")


@pytest.fixture
def browser(world: World) -> Client:
    """A stranger's client, which answers faults with 500 instead of raising them."""
    return world.client(None)


def get(browser: Client, name: str, **query: Any) -> dict[str, Any]:
    """The body of a list."""
    answer = browser.get(reverse(f"api:{name}"), query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    body: dict[str, Any] = answer.json()
    return body


def walked(browser: Client, name: str, limit: int) -> list[dict[str, Any]]:
    """Every row of a list, page after page."""
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": limit}
    while True:
        page = get(browser, name, **query)
        assert len(page["data"]) <= limit
        found += page["data"]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_walking_by_cursor_gives_every_row_once(name: str, limit: int, browser: Client) -> None:
    whole = get(browser, name)["data"]
    assert len(whole) > 1
    assert walked(browser, name, limit) == whole


def test_projects_are_the_public_ones(browser: Client, world: World) -> None:
    listed = {row["reference"] for row in get(browser, "projects")["data"]}
    public = {p.reference for p in Project.objects.all() if p.validation_began_at}
    assert listed == public
    assert world.project(Until.DRAFT).reference not in listed


def test_a_filter_narrows_a_list(browser: Client, world: World) -> None:
    number = world.project(Until.OFFERED).number
    assert {r["project_number"] for r in get(browser, "issuances", project=number)["data"]} == {
        number
    }
    assert get(browser, "cancellations", project="99999999")["data"] == []
    assert get(browser, "projects", host="ZZ")["data"] == []
    assert {r["stage"] for r in get(browser, "projects", stage="monitoring")["data"]} == {
        "monitoring"
    }


def test_the_figures_are_the_ledgers(browser: Client) -> None:
    issued = {r["id"]: r["quantity"] for r in get(browser, "issuances")["data"]}
    assert issued == {f"iss_{i.pk}": str(i.serial.quantity) for i in Issuance.objects.all()}
    cancelled = {r["id"]: r["serial"] for r in get(browser, "cancellations")["data"]}
    assert cancelled == {
        f"can_{c.pk}": str(c.serial) for c in Cancellation.objects.filter(kind="c")
    }


def test_a_certificate_hides_the_name_that_its_owner_hid(browser: Client) -> None:
    codes = Certificate.objects.values_list("code", flat=True).order_by("pk")
    answers = [browser.get(reverse("api:certificate", args=[code])).json() for code in codes]
    assert [a["name"] for a in answers] == ["Amina Otieno", None]
    assert "Hidden Buyer" not in json.dumps(answers)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("field", ["cursor", "limit"])
@pytest.mark.parametrize(
    "value", ["", "0", "-1", "1.5", "abc", "1e3", "9" * 40, "٣", "1'--", "null", "½"]
)
def test_a_bad_cursor_or_limit_is_named(
    name: str, field: str, value: str, browser: Client
) -> None:
    answer = browser.get(reverse(f"api:{name}"), {field: value})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == 422
    assert field in body["detail"]


@pytest.mark.parametrize("path", ["projects", "certificates"])
@pytest.mark.parametrize(
    "name", ["nothing", "0", "-1", "%F0%9F%8C%8D", "'", "..", "a" * 5000, "PDD-99999"]
)
def test_what_is_not_there_is_a_problem_with_404(path: str, name: str, browser: Client) -> None:
    answer = browser.get(f"/api/v1/{path}/{name}/")
    assert answer.status_code == 404
    if answer["Content-Type"] != "text/html; charset=utf-8":
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["host[]=KE", "host=" + "a" * 9000, "project='", "stage=½"])
@pytest.mark.parametrize("name", LISTS)
def test_odd_filters_are_no_fault(name: str, query: str, browser: Client) -> None:
    assert browser.get(f"{reverse(f'api:{name}')}?{query}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/projects/?host=%00", "/api/v1/projects/%00/", "/api/v1/issuances/?project=%00",
        "/api/v1/certificates/%00/", "/projects/?q=%00", "/projects/%00/", "/v/%00/",
        "/registry/blocks/?q=%00", "/registry/blocks/%00/", "/cancellations/?q=%00",
    ],
)
def test_a_nul_character_is_refused_not_a_fault(path: str, browser: Client) -> None:
    answer = browser.get(path)
    assert answer.status_code == 400
    kind = "application/problem+json" if path.startswith("/api/") else "text/html; charset=utf-8"
    assert answer["Content-Type"] == kind


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_only_reads(method: str, browser: Client) -> None:
    for name in LISTS:
        answer = getattr(browser, method)(
            reverse(f"api:{name}"), data=json.dumps({"a": 1}), content_type="application/json"
        )
        assert answer.status_code == 405
        assert answer["Content-Type"] == "application/problem+json"


def schema() -> dict[str, Any]:
    """The schema as the command makes it; any warning fails it."""
    out = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    made: dict[str, Any] = yaml.safe_load(out.getvalue())
    return made


def test_the_schema_validates_without_a_warning_and_names_every_route() -> None:
    patterns = [str(entry.pattern) for entry in api.urlpatterns]
    routes = {"/api/v1/" + re.sub(r"<[a-z]+:(\w+)>", r"{\1}", text) for text in patterns}
    assert set(schema()["paths"]) == routes
    assert "api" in get_resolver().namespace_dict


def test_every_answer_has_the_fields_of_the_schema(browser: Client, world: World) -> None:
    described = schema()["components"]["schemas"]
    for name, component in zip(LISTS, ("Project", "Issuance", "Cancellation"), strict=True):
        assert set(get(browser, name)["data"][0]) == set(described[component]["properties"])
    shown = world.project(Until.OFFERED)
    whole = browser.get(reverse("api:project", args=[shown.number])).json()
    assert set(whole) == set(described["ProjectInFull"]["properties"])
    for key, component in (("crediting_periods", "CreditingPeriod"),
                           ("registered_versions", "RegisteredVersion")):
        assert [set(row) for row in whole[key]] == [set(described[component]["properties"])]
    assert whole["crediting_periods"][0]["first_date"] == str(shown.crediting_first_date)
    assert whole["registered_versions"][0]["design_version"] == shown.design_version
    assert whole["revisions"] == []
    with as_if():
        shown.revisions.update(requested_at=shown.created_at)
        told = browser.get(reverse("api:project", args=[shown.number])).json()["revisions"]
    assert [row["reasons"] for row in told] == ["The meter is calibrated."]
    assert set(told[0]) == set(described["RequestedRevision"]["properties"])
    code = Certificate.objects.order_by("pk")[0].code
    answer = browser.get(reverse("api:certificate", args=[code])).json()
    assert set(answer) == set(described["Certificate"]["properties"])


def test_the_docs_come_from_this_host_alone(browser: Client) -> None:
    answer = browser.get(reverse("api_docs"))
    page = answer.content.decode()
    fetched = re.findall(r'(?:src|href|data-schema)="([^"]+)"', page)
    assert len(fetched) > 4
    assert [address for address in fetched if not address.startswith("/")] == []
    for address in fetched:
        assert browser.get(address).status_code == 200, address

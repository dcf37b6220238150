"""The optional check of a version by a DOE, and what every view says of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal import queues
from cdm_portal.demonstration import benefits
from cdm_portal.demonstration.portfolio import PORTFOLIO
from cdm_portal.pages.desk import SOURCES
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from cobenefits import actions, checking, comparison, queries
from cobenefits.actions import Found
from cobenefits.machine import CheckState
from cobenefits.models import Check
from projects.doe.errors import NotAccredited
from projects.lifecycle import NotNow
from projects.models import Project
from tests import factories
from tests.cast import Cast
from tests.cobenefits import story

pytestmark = pytest.mark.django_db
LABEL = "Self-declared, voluntary, not verified"
FOUND = {"jobs": Found("confirmed", "The payroll was seen.")}


@pytest.fixture
def project(cast: Cast, at: datetime) -> Project:
    """A small project that `cast.doe` validates, with a report in view."""
    made = story.public(cast, at)
    story.published(cast, made, at)
    return made


def act(cast: Cast, project: Project, at: datetime) -> dict[str, Callable[[], Any]]:
    """Each act of a check by who does it rightly."""
    case: dict[str, Any] = {"at": at, "project_id": project.pk}
    own, doe = {"actor": cast.participant, **case}, {"actor": cast.doe, **case}
    return {
        "ask": lambda: actions.ask_check(organisation_id=cast.doe.office, **own),
        "take_back": lambda: actions.take_back_check(**own),
        "accept": lambda: actions.accept_check(no_conflict=True, **doe),
        "decline": lambda: actions.decline_check(reason="No time.", **doe),
        "record": lambda: actions.record_findings(findings={}, statement="", **doe),
        "conclude": lambda: actions.conclude_check(findings=FOUND, statement="It holds.", **doe),
    }


LEGAL = {
    "nothing": {"ask": "asked"},
    "asked": {"accept": "accepted", "decline": "declined", "take_back": "ended"},
    "accepted": {"record": "accepted", "conclude": "checked", "take_back": "ended"},
    "declined": {"ask": "asked"}, "checked": {}, "ended": {"ask": "asked"},
}
WAYS = {
    "nothing": (), "asked": ("ask",), "accepted": ("ask", "accept"),
    "declined": ("ask", "decline"), "checked": ("ask", "accept", "conclude"),
    "ended": ("ask", "take_back"),
}  # fmt: skip


@pytest.mark.parametrize("state", LEGAL)
def test_each_act_in_each_state_is_done_or_refused(
    state: str, cast: Cast, project: Project, at: datetime
) -> None:
    acts = act(cast, project, at)
    for step in WAYS[state]:
        acts[step]()
    for name, do in acts.items():
        mark = transaction.savepoint()
        if name in LEGAL[state]:
            assert do().state == LEGAL[state][name]
        else:
            with pytest.raises(Refused):
                do()
        transaction.savepoint_rollback(mark)


def test_only_who_may_asks_answers_and_concludes(
    cast: Cast, project: Project, at: datetime, nothing_written: Any
) -> None:
    case: dict[str, Any] = {"at": at, "project_id": project.pk}
    for actor in (cast.rival_participant, cast.doe, cast.secretariat):
        with nothing_written(), pytest.raises(Forbidden):
            actions.ask_check(actor=actor, organisation_id=cast.doe.office, **case)
    act(cast, project, at)["ask"]()
    for actor in (cast.participant, cast.unaccredited_doe, cast.secretariat):
        with nothing_written(), pytest.raises(NotFound):
            actions.accept_check(actor=actor, no_conflict=True, **case)
    with nothing_written(), pytest.raises(Invalid):
        actions.accept_check(actor=cast.doe, no_conflict=False, **case)


def test_a_doe_that_is_not_independent_or_not_accredited_cannot_be_asked(
    cast: Cast, project: Project, at: datetime
) -> None:
    case: dict[str, Any] = {"at": at, "project_id": project.pk, "actor": cast.participant}
    with pytest.raises(NotAccredited, match="not accredited"):
        actions.ask_check(organisation_id=cast.unaccredited_doe.office, **case)
    act(cast, project, at)["ask"]()
    Project.objects.filter(pk=project.pk).update(scale="large")
    large = Project.objects.get(pk=project.pk)
    reasons = {
        each.organisation.pk: each.obstacles for each in checking.candidates(large, at.date())
    }
    assert "validated this large-scale project" in reasons[cast.doe.office][0]
    with pytest.raises(NotAccredited, match="validated"):
        act(cast, project, at)["accept"]()
    with pytest.raises(DatabaseError, match="independent"), transaction.atomic():
        Check.objects.filter().update(
            state=CheckState.ACCEPTED, decided_at=at, no_conflict_at=at
        )


def test_the_badge_belongs_to_one_version_and_every_view_says_so(
    cast: Cast, project: Project, at: datetime, client: Client
) -> None:
    for step in WAYS["checked"]:
        act(cast, project, at)[step]()
    own = f"/projects/{project.reference}/"
    badge = "Checked by a DOE on 4 March 2024"
    views = (own, f"{own}cobenefits/", f"/cobenefits/compare/?project={project.reference}")
    for url in views:
        page = client.get(url).content.decode()
        assert badge in page and LABEL in page, url
    shown = client.get(f"/api/v1{own}co-benefits/").json()["versions"][0]["check"]
    assert (shown["confirmed"], shown["of"], shown["statement"]) == (1, 1, "It holds.")
    listed = client.get(f"/api/v1{own}").json()
    assert listed["co_benefits_checked_on"] and listed["co_benefits_label"] == LABEL.lower()
    story.published(cast, project, at + timedelta(days=1), story.MORE)
    assert queries.checked([project.pk]) == {}
    assert badge not in client.get(own).content.decode()
    assert client.get(f"/api/v1{own}").json()["co_benefits_checked_on"] is None
    assert badge in client.get(f"{own}cobenefits/").content.decode()
    actions.withdraw(
        actor=cast.participant, at=at + timedelta(days=2), project_id=project.pk, reason="Wrong."
    )
    page = client.get(own).content.decode()
    assert "Withdrawn by the participants on 6 March 2024" in page and LABEL in page


@pytest.mark.parametrize("ending", ["amended", "withdrawn"])
def test_an_open_check_ends_with_its_version(
    ending: str, cast: Cast, project: Project, at: datetime
) -> None:
    acts = act(cast, project, at)
    acts["ask"]()
    if ending == "amended":
        story.published(cast, project, at, story.MORE)
    else:
        actions.withdraw(actor=cast.participant, at=at, project_id=project.pk, reason="Wrong.")
    assert Check.objects.get().state == "ended"
    with pytest.raises(NotFound):
        acts["accept"]()


def test_the_doe_works_by_page_and_nothing_that_it_typed_is_lost(
    cast: Cast, project: Project, at: datetime, client: Client, sign_in: Any
) -> None:
    sign_in(client, cast.participant)
    ask = reverse("cobenefits:ask", args=[project.reference])
    assert client.post(ask, {"organisation_id": cast.doe.office}).status_code == 302
    sign_in(client, cast.doe)
    url = reverse("cobenefits:check", args=[project.reference])
    assert url in _waiting(cast.doe, at)
    assert client.post(url, {"do": "accept"}).status_code == 422
    assert client.post(url, {"do": "accept", "no_conflict": "on"}).status_code == 302
    half = {"do": "conclude", "jobs_outcome": "refuted", "statement": "One was wrong."}
    answer = client.post(url, half)
    assert answer.status_code == 422 and b"One was wrong." in answer.content
    assert client.post(url, half | {"do": "keep"}).status_code == 302
    assert b"One was wrong." in client.get(url).content
    whole = half | {"jobs_text": "Two of nine jobs ended."}
    assert client.post(url, whole).status_code == 302
    assert queries.checked([project.pk])
    assert client.get(url).status_code == 404
    shown = client.get(f"/projects/{project.reference}/cobenefits/").content.decode()
    assert "Two of nine jobs ended." in shown and "0 of 1 criteria confirmed" in shown


def test_a_declined_check_is_the_participants_to_see_to(
    cast: Cast, project: Project, at: datetime
) -> None:
    acts = act(cast, project, at)
    acts["ask"]()
    acts["decline"]()
    ask = reverse("cobenefits:ask", args=[project.reference])
    assert ask in _waiting(cast.participant, at)
    acts["ask"]()
    assert ask not in _waiting(cast.participant, at)


def test_projects_are_compared_by_page_and_csv(
    cast: Cast, project: Project, at: datetime, client: Client
) -> None:
    for step in WAYS["checked"]:
        act(cast, project, at)[step]()
    query = {"project": [project.reference, "ZZ-1", project.reference, ""]}
    page = client.get("/cobenefits/compare/", query).content.decode()
    assert "There is no public project “ZZ-1”" in page and "46 jobs" in page
    body = b"".join(client.get("/cobenefits/compare.csv", query).streaming_content)  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(body.decode("utf-8-sig")))
    assert (row["criterion"], row["level"], row["doe_outcome"]) == ("Jobs", "high", "confirmed")
    assert row["label"] == LABEL.lower() and row["checked_on"] == "2024-03-04"
    hidden = story.designed(cast, at)
    assert comparison.table(None, [hidden.reference]).unknown == [hidden.reference]
    assert len(comparison.picked(map(str, range(9)))) == comparison.MOST


def test_the_demonstration_has_a_report_in_full_that_a_doe_checked(
    cast: Cast, at: datetime, client: Client
) -> None:
    sketch = next(each for each in PORTFOLIO if each.key == benefits.IN_FULL)
    project = story.public(cast, at)
    about: Any = (factories.CastPeople(cast), cast.participant, project, sketch.key)
    benefits.declare(*about, sketch.benefits, at)
    benefits.check(*about, at + timedelta(days=9))
    page = client.get(f"/projects/{project.reference}/cobenefits/").content.decode()
    for said in ("5 of 6 criteria confirmed", "18.5 t a year", "No-harm safeguards", "Refuted"):
        assert said in page, said


def test_a_check_needs_a_version_in_view(cast: Cast, at: datetime) -> None:
    with pytest.raises(NotNow, match="a DOE checks what is published"):
        act(cast, story.public(cast, at), at)["ask"]()


def _waiting(actor: Any, at: datetime) -> set[str]:
    """Where the desk of somebody leads."""
    lines = [line for source in SOURCES for line in source(actor, at)]
    return {item["action_url"] for item in queues.items(lines) if "action_url" in item}

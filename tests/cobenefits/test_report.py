"""Co-benefits: voluntary, by who speaks for the participants; every version stays on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cdm_portal.demonstration.portfolio import Until
from cdm_portal.refusals import Forbidden, Invalid
from cobenefits import actions, queries
from cobenefits.actions import Statement
from cobenefits.models import Report
from projects.lifecycle import NotNow
from projects.models import Project
from tests import factories
from tests.cast import Cast
from tests.cobenefits import story
from tests.cobenefits.story import JOBS, MORE

pytestmark = pytest.mark.django_db
LABEL = "Self-declared, voluntary, not verified"


@pytest.fixture
def project(cast: Cast, at: datetime) -> Project:
    return story.public(cast, at)


def test_a_report_an_amendment_and_a_withdrawal_keep_every_version(
    cast: Cast, project: Project, at: datetime
) -> None:
    story.published(cast, project, at)
    assert queries.reported([project.pk]) == {project.pk: {"jobs"}}
    amended = story.published(cast, project, at + timedelta(days=1), MORE)
    assert queries.reported([project.pk]) == {project.pk: {"jobs", "air"}}
    actions.withdraw(
        actor=cast.participant, project_id=project.pk, at=at + timedelta(days=2),
        reason="Measured anew.",
    )
    assert queries.reported([project.pk]) == {}
    assert queries.standing(project) is None
    assert story.states(project) == {1: "amended", amended.version: "withdrawn"}
    assert Report.objects.get(version=1).lines.get().criterion == "jobs"


def test_a_draft_may_be_incomplete_and_is_nobody_elses(
    cast: Cast, project: Project, at: datetime, client: Client, sign_in: Any
) -> None:
    given = {"actor": cast.participant, "at": at, "project_id": project.pk}
    half = {"jobs": Statement("", "in two"), "air": Statement("high", "")}
    actions.keep(statements=half, **given)
    assert story.said(project) == {"jobs", "air"}
    actions.keep(statements={"air": half["air"]}, **given)
    assert story.said(project) == {"air"}
    with pytest.raises(Invalid) as refused:
        actions.hand_in(statements=half, **given)
    assert set(refused.value.errors) == {"jobs_level", "air_text"}
    for actor in (None, cast.rival_participant, cast.secretariat, cast.dna):
        assert list(queries.known(actor, project)) == []
    assert [each.version for each in queries.known(cast.auditor, project)] == [1]
    page = sign_in(client, cast.participant).get(f"/desk/cobenefits/{project.reference}/")
    assert b"Only you read it" in page.content and LABEL in page.content.decode()


def test_a_report_of_a_project_that_is_not_public_is_kept_and_not_handed_in(
    cast: Cast, at: datetime
) -> None:
    given: dict[str, Any] = {
        "actor": cast.participant, "at": at, "statements": JOBS,
        "project_id": story.designed(cast, at).pk,
    }
    actions.keep(**given)
    with pytest.raises(NotNow, match="not public yet"):
        actions.hand_in(**given)


def test_what_is_sent_back_is_the_draft_that_was_handed_in(
    cast: Cast, project: Project, at: datetime, client: Client, sign_in: Any
) -> None:
    story.bring(cast, project, "returned", at)
    found = queries.under_way(project)
    assert found is not None and found.was_returned
    assert story.said(project) == set(MORE)
    url = f"/desk/cobenefits/{project.reference}/"
    assert b"A figure lacks its unit." in sign_in(client, cast.participant).get(url).content
    assert b"less smoke" in client.get(f"{url}section/air/").content
    actions.hand_in(actor=cast.participant, at=at, project_id=project.pk, statements=MORE)
    found.refresh_from_db()
    assert (found.turn, found.return_reason, found.was_returned) == (2, "", False)


def test_nobody_publishes_what_they_have_not_seen(
    cast: Cast, project: Project, at: datetime, nothing_written: Any
) -> None:
    story.bring(cast, project, "returned", at)
    actions.hand_in(actor=cast.participant, at=at, project_id=project.pk, statements=JOBS)
    with nothing_written(), pytest.raises(NotNow, match="Read it again"):
        actions.publish(actor=cast.secretariat, at=at, project_id=project.pk, turn=1)


def test_nothing_is_published_after_a_withdrawal_that_was_not_handed_in_after_it(
    cast: Cast, project: Project, at: datetime
) -> None:
    story.bring(cast, project, "published + submitted", at)
    actions.withdraw(actor=cast.participant, at=at, project_id=project.pk, reason="Wrong.")
    assert story.states(project) == {1: "withdrawn", 2: "draft"}
    assert story.said(project) == set(MORE)


@pytest.mark.parametrize("name", ["rival_participant", "dna", "doe", "secretariat", "auditor"])
def test_nobody_else_reports_for_the_participant(
    name: str, cast: Cast, project: Project, at: datetime, nothing_written: Any
) -> None:
    for act in (actions.keep, actions.hand_in):
        with nothing_written(), pytest.raises(Forbidden):
            act(actor=getattr(cast, name), at=at, project_id=project.pk, statements=JOBS)


@pytest.mark.parametrize(
    "statements",
    [{}, {"fame": Statement("high", "x")}, {"jobs": Statement("enormous", "x")},
     {"jobs": Statement("high", "  ")}],
)
def test_an_unusable_report_is_refused(
    statements: Any, cast: Cast, project: Project, at: datetime, nothing_written: Any
) -> None:
    with nothing_written(), pytest.raises(Invalid):
        actions.hand_in(
            actor=cast.participant, at=at, project_id=project.pk, statements=statements
        )


def test_withdrawing_and_sending_back_need_a_reason(
    cast: Cast, project: Project, at: datetime, nothing_written: Any
) -> None:
    story.bring(cast, project, "published + submitted", at)
    about: dict[str, Any] = {"at": at, "project_id": project.pk, "reason": " "}
    with nothing_written(), pytest.raises(Invalid):
        actions.withdraw(actor=cast.participant, **about)
    with nothing_written(), pytest.raises(Invalid):
        actions.give_back(actor=cast.secretariat, turn=1, **about)


def test_the_form_keeps_what_was_typed(
    cast: Cast, project: Project, client: Client, sign_in: Any, nothing_written: Any
) -> None:
    sign_in(client, cast.participant)
    url = f"/desk/cobenefits/{project.reference}/"
    with nothing_written():
        answer = client.post(url, {"jobs_text": "Words without a level", "do": "submit"})
    assert answer.status_code == 422
    assert b"Words without a level" in answer.content
    assert b"Choose a level" in answer.content


def test_the_host_comments_and_every_view_says_what_a_report_is(
    cast: Cast, project: Project, at: datetime, client: Client, sign_in: Any
) -> None:
    story.bring(cast, project, "published + submitted", at)
    actions.comment(
        actor=cast.dna, at=at, project_id=project.pk, version=1, text="Our criteria differ."
    )
    own = f"/desk/cobenefits/{project.reference}/"
    seen = {
        f"/projects/{project.reference}/": None,
        f"/projects/{project.reference}/cobenefits/": None,
        own: cast.participant, f"{own}comment/": cast.dna, f"{own}publication/": cast.secretariat,
    }
    for url, actor in seen.items():
        page = (sign_in(Client(), actor) if actor else client).get(url).content.decode()
        assert LABEL in page, url
        if "desk" not in url:
            assert "Comment of the host Party" in page and "Our criteria differ." in page
    answer = client.get(f"/api/v1/projects/{project.reference}/co-benefits/").json()
    assert answer["label"] == LABEL.lower()
    assert [each["version"] for each in answer["versions"]] == [1]
    assert answer["versions"][0]["comments"][0]["text"] == "Our criteria differ."


def test_the_history_of_a_project_tells_what_happened_last_first(
    cast: Cast, at: datetime, client: Client
) -> None:
    """Whatever was booked first: a day before the registration is told before it."""
    case = factories.walk(cast, Until.REGISTERED, at).project
    assert case.registered_at is not None
    story.published(cast, case, case.registered_at - timedelta(days=1))
    events = client.get(f"/projects/{case.name}/").context["events"]
    told = [event["text"].partition(" (")[0] for event in events]
    assert told.index("Registered") < told.index("Co-benefit report published")
    days = [event["at"] for event in events]
    assert days == sorted(days, reverse=True)


def test_a_rival_does_not_know_of_the_page(
    cast: Cast, project: Project, client: Client, sign_in: Any
) -> None:
    sign_in(client, cast.rival_participant)
    assert client.get(f"/desk/cobenefits/{project.reference}/").status_code == 404

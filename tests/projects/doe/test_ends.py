"""The validation's other ends: negative, terminated, replaced by another DOE's (domain, 3.1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.board import actions as board
from projects.doe import actions, queries
from projects.doe.errors import AlreadyEngaged, CaseClosed, NotAccredited, NotYet, WindowClosed
from projects.doe.models import Engagement, Validation
from projects.models import Document, Project
from projects.participant import actions as participant
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.doe.story import Nothing

pytestmark = pytest.mark.django_db

HANDED_OVER = on(2013, 5, 20)
NOTICE = "It has no auditors for solar power left."


def offered(cast: Cast, project: Project, **changes: Any) -> Engagement:
    given = {
        "actor": cast.participant, "at": HANDED_OVER, "project_id": project.pk,
        "organisation_id": cast.other_doe.office, "notice": NOTICE,
    }
    return actions.offer_engagement(**(given | changes))


def replaced(cast: Cast, project: Project) -> Project:
    engagement = offered(cast, project)
    actions.accept_engagement(
        actor=cast.other_doe, at=HANDED_OVER, engagement_id=engagement.pk, no_conflict=True
    )
    return story.fresh(project)


def published_again(cast: Cast, project: Project, at: datetime = HANDED_OVER) -> Validation:
    return actions.publish_design(actor=cast.other_doe, at=at, project_id=project.pk)


def revised(cast: Cast, project: Project) -> None:
    participant.save_section(
        actor=cast.participant, at=HANDED_OVER, project_id=project.pk, section="consultation",
        values={
            "stakeholder_consultation": "A second meeting; no objection.",
            "environmental_impacts": "Not significant.",
        },
    )
    participant.submit_design(actor=cast.participant, at=HANDED_OVER, project_id=project.pk)


def test_another_doe_takes_the_validation_over_and_the_first_is_kept(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.published(cast)
    comment = story.commented(project)
    project = replaced(cast, project)
    first = project.validations.get()
    assert (first.state, first.conclusion, first.decided_at) == ("replaced", NOTICE, HANDED_OVER)
    assert (project.stage, project.validator_id) == ("validation", cast.other_doe.office)
    assert [e.state for e in project.engagements.order_by("pk")] == ["ended", "accepted"]
    with nothing_written(), pytest.raises(WindowClosed, match="Another DOE takes"):
        story.commented(project, at=HANDED_OVER)
    with nothing_written(), pytest.raises(Forbidden):
        actions.publish_design(actor=cast.doe, at=HANDED_OVER, project_id=project.pk)
    second = published_again(cast, project)
    assert (second.number, second.published_version) == (2, 1)
    assert second.comments_close_at == first.comments_close_at
    assert story.commented(project, at=HANDED_OVER).number == comment.number + 1
    assert [each.pk for each in queries.unanswered(second)] == [
        each.pk for each in queries.comments_of(project)
    ]


def test_the_new_doe_answers_every_comment_and_closes_every_finding(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.approved(cast, story.published(cast))
    comment, finding = story.commented(project), story.raised(cast, project)
    story.answered(cast, finding)
    project = replaced(cast, project)
    published_again(cast, project)
    opinion: dict[str, Any] = {
        "actor": cast.other_doe, "at": story.AFTER, "project_id": project.pk, "positive": True,
        "conclusion": "It meets the requirements.",
    }
    with nothing_written(), pytest.raises(NotYet) as refusal:
        actions.give_opinion(**opinion)
    assert refusal.value.reasons == (
        "1 corrective action request is not closed.",
        "1 public comment waits for your response.",
    )
    given: dict[str, Any] = {"actor": cast.other_doe, "at": HANDED_OVER}
    actions.close_finding(**given, finding_id=finding.pk, reason="Seen.")
    actions.respond_to_comment(**given, comment_id=comment.pk, text="It is recycled.")
    actions.give_opinion(**opinion)
    board.request_registration(actor=cast.other_doe, at=story.AFTER, project_id=project.pk)
    assert [v.state for v in project.validations.all()] == ["replaced", "positive"]


def test_a_changed_document_takes_public_comments_anew(cast: Cast) -> None:
    project = replaced(cast, story.published(cast))
    revised(cast, project)
    second = published_again(cast, project, on(2013, 5, 21))
    assert second.published_version == 2
    assert second.comments_close_at == datetime(2013, 6, 21, tzinfo=UTC)


def test_a_window_that_is_over_stays_over_for_an_unchanged_document(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = replaced(cast, story.published(cast))
    second = published_again(cast, project, story.AFTER)
    assert second.comments_close_at == story.CLOSED
    with nothing_written(), pytest.raises(WindowClosed, match="closed"):
        story.commented(project, at=story.AFTER)


def test_a_replacement_needs_a_notice_another_doe_and_no_opinion(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.approved(cast, story.published(cast))
    with nothing_written(), pytest.raises(Invalid) as refusal:
        offered(cast, project, notice=" ")
    assert list(refusal.value.errors) == ["notice"]
    with nothing_written(), pytest.raises(NotAccredited, match="validates the project already"):
        offered(cast, project, organisation_id=cast.doe.office)
    with nothing_written(), pytest.raises(NotFound):
        engagement = Engagement.objects.get(project=project)
        actions.accept_engagement(
            actor=cast.other_doe, at=HANDED_OVER, engagement_id=engagement.pk, no_conflict=True
        )
    engagement = offered(cast, project)
    with nothing_written(), pytest.raises(AlreadyEngaged):
        offered(cast, project)
    actions.give_opinion(
        actor=cast.doe, at=story.AFTER, project_id=project.pk, positive=True, conclusion="Good."
    )
    with nothing_written(), pytest.raises(CaseClosed, match="before the opinion"):
        actions.accept_engagement(
            actor=cast.other_doe, at=story.AFTER, engagement_id=engagement.pk, no_conflict=True
        )


def test_a_doe_that_never_published_is_replaced_too(cast: Cast) -> None:
    project = replaced(cast, story.engaged(cast))
    assert (project.stage, project.validator_id) == ("national_approval", cast.other_doe.office)
    published_again(cast, project)
    assert [v.number for v in story.fresh(project).validations.all()] == [1]


@pytest.mark.parametrize("end", ["negative", "terminated"])
def test_after_a_final_end_a_new_attempt_is_a_new_project(
    cast: Cast, end: str, nothing_written: Nothing
) -> None:
    """The table has no way on from either end (domain, 3.1), unlike from a rejection."""
    project = story.published(cast)
    given: dict[str, Any] = {"actor": cast.doe, "project_id": project.pk}
    if end == "negative":
        actions.give_opinion(
            **given, at=story.AFTER, positive=False, conclusion="No additionality is shown."
        )
    else:
        actions.terminate_validation(**given, at=HANDED_OVER, reason="The contract has ended.")
    case = project.validations.get()
    report = Document.objects.filter(project=project, kind=Document.Kind.VALIDATION)
    assert (case.state, report.filter(public=True).count()) == (end, int(end == "negative"))
    assert story.fresh(project.engagements.get()).state == Engagement.State.ENDED
    with nothing_written(), pytest.raises(CaseClosed, match="A new attempt is a new project"):
        offered(cast, project, at=story.AFTER)
    with nothing_written(), pytest.raises(CaseClosed):
        story.raised(cast, project, at=story.AFTER)
    public = Client().get(reverse("project", args=[project.name])).content.decode()
    assert case.conclusion in public


def test_what_was_replaced_is_shown_to_anybody(cast: Cast) -> None:
    project = replaced(cast, story.published(cast))
    client = Client()
    for name in ("project", "doe-public:comments"):
        page = client.get(reverse(name, args=[project.name])).content.decode()
        assert NOTICE in page
        assert "Plumb &amp; Plover Assurance" in page


def test_the_participant_replaces_its_validator_on_the_page(cast: Cast, sign_in: Any) -> None:
    project = story.published(cast)
    client = sign_in(Client(), cast.participant)
    page = reverse("doe:offer", args=[project.name])
    assert "has accepted and is at work" in client.get(page).content.decode()
    given = {"organisation": str(cast.other_doe.office), "notice": ""}
    assert client.post(page, given).status_code == 422
    assert client.post(page, given | {"notice": NOTICE}).status_code == 302
    asked = project.engagements.get(state="offered")
    auditor = sign_in(Client(), cast.other_doe)
    answer = {"answer": "accept", "no_conflict": "on"}
    assert auditor.post(reverse("doe:engagement", args=[asked.pk]), answer).status_code == 302
    workspace = reverse("doe:validation", args=[project.name])
    assert "Publish the design document" in auditor.get(workspace).content.decode()
    assert auditor.post(reverse("doe:publish", args=[project.name])).status_code == 302
    assert sign_in(Client(), cast.doe).get(workspace).status_code == 404
    assert project.validations.count() == 2

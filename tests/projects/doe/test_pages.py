"""The pages: who sees them, what they refuse, that nothing typed is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cdm_portal import clock, queues
from cdm_portal.demonstration import audits
from cdm_portal.values import Actor
from projects.doe import actions, queries
from projects.doe.models import Comment, Engagement, Validation, VerificationRun
from projects.models import Finding, Project
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.doe.story import Nothing
from tests.uploads.files import pdf

pytestmark = pytest.mark.django_db


def url(name: Any, *args: Any) -> Any:
    return reverse(f"doe:{name}", args=args)


def comments_url(project: Project) -> Any:
    return reverse("doe-public:comments", args=[project.reference])


@pytest.fixture
def as_(client: Client, sign_in: Any) -> Any:
    """The client, signed in as somebody."""
    return lambda actor: sign_in(client, actor)


def published_now(cast: Cast) -> Any:
    project = story.engaged(cast)
    actions.publish_design(actor=cast.doe, at=clock.now(), project_id=project.pk)
    return story.fresh(project)


ACCEPT = {"answer": "accept", "no_conflict": "on"}
COMMENT = {"name": "Amina Otieno", "email": "a@example.org", "affiliation": "", "text": "Why here?"}


def test_anyone_comments_without_signing_in_and_the_address_is_not_shown(
    cast: Cast, client: Client
) -> None:
    project = published_now(cast)
    response = client.post(comments_url(project), COMMENT, follow=True)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Why here?" in page
    assert "a@example.org" not in page


def test_a_comment_with_a_fault_comes_back_with_everything_typed(
    cast: Cast, client: Client, nothing_written: Nothing
) -> None:
    project = published_now(cast)
    with nothing_written():
        response = client.post(comments_url(project), COMMENT | {"email": "nobody"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Why here?" in page
    assert 'value="Amina Otieno"' in page


def test_after_the_window_the_form_is_gone_and_a_post_is_refused(
    cast: Cast, client: Client, nothing_written: Nothing
) -> None:
    project = story.published(cast)
    page = client.get(comments_url(project))
    assert page.status_code == 200
    assert b'name="text"' not in page.content
    with nothing_written():
        response = client.post(comments_url(project), COMMENT)
    assert response.status_code == 409
    assert "Comments were taken until 3 June 2013, 24:00 UTC." in response.content.decode()
    assert Comment.objects.count() == 0


def test_an_unpublished_document_has_no_comment_page(cast: Cast, client: Client) -> None:
    project = story.engaged(cast)
    assert client.get(comments_url(project)).status_code == 404
    assert client.get(reverse("doe-public:comments", args=["PDD-99999"])).status_code == 404


def test_what_a_comment_says_is_text_and_no_markup(cast: Cast, client: Client) -> None:
    project = published_now(cast)
    client.post(comments_url(project), COMMENT | {"text": "<script>alert(1)</script>"})
    assert b"<script>alert" not in client.get(comments_url(project)).content


def test_the_register_is_public(cast: Cast, client: Client) -> None:
    page = client.get(reverse("doe-public:directory")).content.decode()
    assert "Plumb &amp; Plover Assurance" in page
    assert "scopes 1, 13" in page


def test_the_offer_names_who_can_be_asked_and_why_the_others_cannot(cast: Cast, as_: Any) -> None:
    project = story.designed(cast)
    client = as_(cast.participant)
    page = client.get(url("offer", project.reference)).content.decode()
    assert "Unaccredited Audits" in page
    assert "It is not accredited for validation in sectoral scope 1." in page
    refused = client.post(
        url("offer", project.reference), {"organisation": cast.unaccredited_doe.organisation_id}
    )
    assert refused.status_code == 422
    assert not Engagement.objects.exists()
    done = client.post(url("offer", project.reference), {"organisation": cast.doe.organisation_id})
    assert done.status_code == 302
    assert Engagement.objects.get().organisation_id == cast.doe.organisation_id


def test_the_doe_accepts_or_declines_on_its_page(cast: Cast, as_: Any) -> None:
    engagement = story.asked(cast)
    client = as_(cast.doe)
    page = url("engagement", engagement.pk)
    assert client.get(page).status_code == 200
    assert client.post(page, {"answer": "decline", "reason": ""}).status_code == 422
    assert client.post(page, ACCEPT).status_code == 302
    assert story.fresh(engagement).state == Engagement.State.ACCEPTED
    assert client.post(page, ACCEPT).status_code == 422


def test_cases_of_another_doe_are_not_there(cast: Cast, as_: Any) -> None:
    verification, _ = story.recomputed(cast)
    period = verification.period
    name, number = period.project.name, period.number
    finding = story.raised(cast, period.project, "CL", period, on(2015, 1, 12))
    client = as_(cast.unaccredited_doe)
    engagement = period.engagements.get()
    for page in (
        url("validation", name), url("respond", name), url("opinion", name), url("raise", name),
        url("terminate", name), url("verification", name, number), url("progress", name, number),
        url("certify", name, number), url("negative", name, number),
        url("sample", name, number), url("explain", name, number, "estimate"),
        url("raise_in_period", name, number), url("engagement", engagement.pk),
    ):
        assert client.get(page).status_code == 404, page
    assert client.post(url("assess", finding.pk)).status_code == 404
    assert client.post(url("publish", name)).status_code == 404
    assert client.post(url("recompute", name, number)).status_code == 404


def test_only_the_owner_sees_its_findings(cast: Cast, as_: Any) -> None:
    project = story.published(cast)
    story.raised(cast, project)
    assert as_(cast.rival_participant).get(url("findings", project.name)).status_code == 404
    assert as_(cast.doe).get(url("findings", project.name)).status_code == 404
    page = as_(cast.participant).get(url("findings", project.name)).content.decode()
    assert "State the year of the operating margin" in page


def test_the_workspace_shows_document_findings_and_recalculation(cast: Cast, as_: Any) -> None:
    project = story.published(cast)
    finding = story.raised(cast, project)
    client = as_(cast.doe)
    page = client.get(url("validation", project.name)).content.decode()
    assert 'aria-disabled="true"' in page
    assert "1 corrective action request is not closed." in page
    assert "The host Party&#x27;s letter of approval is missing." in page
    assert "All 12 figures agree" in page
    assert f"?finding={finding.pk}#thread" in page


def test_the_opinion_page_says_why_and_the_server_refuses(
    cast: Cast, as_: Any, nothing_written: Nothing
) -> None:
    project = story.published(cast)
    client = as_(cast.doe)
    page = url("opinion", project.name)
    assert "letter of approval is missing" in client.get(page).content.decode()
    with nothing_written():
        response = client.post(page, {"opinion": "positive", "conclusion": "All is well."})
    assert response.status_code == 422
    assert "All is well." in response.content.decode()
    assert story.fresh(project).opinion == ""


def test_a_validation_is_done_on_its_pages(cast: Cast, as_: Any) -> None:
    project = story.approved(cast, story.published(cast))
    story.commented(project)
    client = as_(cast.doe)
    raised = client.post(url("raise", project.name), {
        "kind": "CAR", "section": "EF_OM", "subject": "Old margin", "text": "Which year?",
    })
    assert raised.status_code == 302
    finding = Finding.objects.get()
    client = as_(cast.participant)
    file = SimpleUploadedFile("evidence.pdf", pdf(), content_type="text/html")
    answer = {f"f{finding.pk}-text": "2012.", f"f{finding.pk}-file": file}
    assert client.post(url("answer", finding.pk), answer).status_code == 302
    assert finding.messages.last().document.media_type == "application/pdf"
    client = as_(cast.doe)
    blank = client.post(url("assess", finding.pk), {"assessment": "close", "reason": ""})
    assert blank.status_code == 422
    done = client.post(url("assess", finding.pk), {"assessment": "close", "reason": "Shown."})
    assert done.status_code == 302
    comment = Comment.objects.get()
    given = {"comment": comment.pk, f"c{comment.pk}-text": "Account was taken."}
    assert client.post(url("respond", project.name), given).status_code == 302
    opinion = {"opinion": "positive", "conclusion": "It meets the requirements."}
    assert client.post(url("opinion", project.name), opinion).status_code == 302
    assert Validation.objects.get().state == Validation.State.POSITIVE
    assert client.get(url("validation", project.name)).status_code == 200
    assert client.get(url("respond", project.name)).status_code == 200


def test_an_answer_that_is_refused_keeps_its_text(
    cast: Cast, as_: Any, nothing_written: Nothing
) -> None:
    project = story.published(cast)
    finding = story.raised(cast, project)
    client = as_(cast.participant)
    file = SimpleUploadedFile("evidence.pdf", b"not a paper", content_type="application/pdf")
    with nothing_written():
        response = client.post(
            url("answer", finding.pk),
            {f"f{finding.pk}-text": "Long and careful.", f"f{finding.pk}-file": file},
        )
    assert response.status_code == 422
    assert "Long and careful." in response.content.decode()
    assert "named PDF but is not one" in response.content.decode()


def test_a_verification_is_done_on_its_pages(cast: Cast, as_: Any) -> None:
    period = story.reported(cast)
    engagement = story.offered(cast, period.project, cast.other_doe, period, on(2015, 1, 8))
    actions.accept_engagement(
        actor=cast.other_doe, at=on(2015, 1, 9), engagement_id=engagement.pk,
        no_conflict=True,
    )
    name, number = period.project.name, period.number
    client = as_(cast.other_doe)
    page = url("verification", name, number)
    assert "Publish the monitoring report" in client.get(page).content.decode()
    assert client.post(url("publish_report", name, number)).status_code == 302
    run = VerificationRun.objects.get()
    waiting = client.get(page).content.decode()
    assert "hx-get" in waiting
    assert "Reload to see progress." in waiting
    assert "The independent recalculation is not done yet." in waiting
    fragment = client.get(url("progress", name, number))
    assert (fragment.status_code, fragment["Cache-Control"]) == (200, "no-store")
    assert b"hx-get" in fragment.content
    actions.recompute(run_id=run.pk, at=clock.now())
    assert b"hx-get" not in client.get(url("progress", name, number)).content
    done = client.get(page).content.decode()
    assert "All 13 figures agree" in done
    assert "sampled records are not checked against the evidence." in done
    keys = [each["key"] for each in story.fresh(run).result["sample"]["records"]]
    ticks = {f"ok-{key}": "on" for key in keys}
    assert client.post(url("sample", name, number), ticks).status_code == 302
    done = client.get(page).content.decode()
    assert "aria-disabled" not in done
    above = client.post(
        url("certify", name, number), {"tonnes_2": story.CLAIM + 1, "statement": "We certify."}
    )
    assert above.status_code == 422
    assert "above the 6075 t claimed" in above.content.decode()
    for wrong in ("1.5", "-1", "1e3", "", "9" * 40):
        response = client.post(
            url("certify", name, number), {"tonnes_2": wrong, "statement": "We certify."}
        )
        assert response.status_code == 422, wrong
        assert "We certify." in response.content.decode()
    good = client.post(
        url("certify", name, number), {"tonnes_2": story.CLAIM, "statement": "We certify."}
    )
    assert good.status_code == 302
    assert story.fresh(period).certified_tonnes == story.CLAIM
    assert client.get(page).status_code == 200
    assert client.get(url("certify", name, number)).status_code == 200


def waiting(actor: Actor, at: datetime | None = None) -> Any:
    items = queues.items(queries.queue(actor, at or on(2015, 2, 1)))
    return [(item["what"], item["why_not"]) for item in items]


def test_each_desk_says_what_waits(cast: Cast, as_: Any) -> None:
    project = story.designed(cast)
    assert waiting(cast.participant) == [("Engage a DOE for the validation.", "")]
    engagement = story.offered(cast, project)
    name = "Plumb & Plover Assurance"
    assert waiting(cast.participant) == [
        ("Engage a DOE for the validation.", f"{name} has been asked and has not answered yet.")
    ]
    assert waiting(cast.doe) == [("You are asked to validate the project.", "")]
    actions.accept_engagement(
        actor=cast.doe, at=on(2013, 5, 3), engagement_id=engagement.pk, no_conflict=True,
    )
    assert waiting(cast.doe)[0][0].startswith("Publish the design document")
    actions.publish_design(actor=cast.doe, at=story.PUBLISHED, project_id=project.pk)
    finding = story.raised(cast, project)
    assert "1 corrective action request is not closed." in waiting(cast.doe)[0][1]
    item = queues.items(queries.queue(cast.doe, story.PUBLISHED + timedelta(days=1)))[0]
    assert item["until"] == story.CLOSED - timedelta(seconds=1)  # its last day, not the next
    story.answered(cast, finding)
    assert waiting(cast.doe) == [("1 answered finding to assess.", "")]
    assert as_(cast.doe).get(url("desk")).status_code == 200


def test_a_reported_period_waits_for_a_doe_and_then_for_the_certification(cast: Cast) -> None:
    period = story.reported(cast)
    assert waiting(cast.participant) == [("Engage a DOE for the verification.", "")]
    asked = story.offered(cast, period.project, cast.other_doe, period, on(2015, 1, 8))
    assert waiting(cast.other_doe) == [("You are asked to verify monitoring period 1.", "")]
    actions.accept_engagement(
        actor=cast.other_doe, at=on(2015, 1, 9), engagement_id=asked.pk, no_conflict=True
    )
    actions.open_verification(
        actor=cast.other_doe, at=on(2015, 1, 9), period_id=period.pk
    )
    assert waiting(cast.other_doe) == [
        ("Independent recalculation under way.", "The independent recalculation is not done yet.")
    ]
    actions.recompute(run_id=VerificationRun.objects.get().pk, at=on(2015, 1, 9))
    count = len(VerificationRun.objects.get().result["sample"]["records"])  # a draw: not foreseen
    assert waiting(cast.other_doe) == [
        (f"{count} sampled records are not checked against the evidence.", "")
    ]
    audits.settle(cast.other_doe, on(2015, 1, 9), period)
    assert waiting(cast.other_doe) == [("Certification of the amount.", "")]
    assert waiting(cast.buyer) == []

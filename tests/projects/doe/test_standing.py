"""What an accreditation allows on the day of each act, and who may verify what it validated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects.board import actions as board
from projects.doe import actions, standing
from projects.doe.errors import NotAccredited, NotInStanding, NotYet
from projects.doe.standing import Act
from projects.models import Finding
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.doe.story import Nothing
from tests.world import as_if

pytestmark = pytest.mark.django_db

# Transcribed by hand from the domain, 3.8: a suspended DOE takes no new contracts and makes no
# requests; running work may continue. Ending the work needs no accreditation.
WHILE_SUSPENDED = {
    "accept an engagement": False, "publish a design document": True,
    "respond to public comments": True, "raise or assess findings": True, "give an opinion": True,
    "end a validation without an opinion": True, "request registration": False,
    "publish a monitoring report": True, "recalculate a monitoring report": True,
    "certify reductions": True, "report that reductions cannot be verified": True,
    "request issuance": False, "accept to validate a revised design document": False,
    "give an opinion on a revised design document": True,
    "request a renewal or a post-registration change": False,
}


def test_every_act_follows_the_table(cast: Cast) -> None:
    """Each act × accredited, suspended, withdrawn: nothing but the end of the work needs none."""
    project = story.engaged(cast)
    asked: dict[str, dict[str, bool]] = {}
    for kind in ("", "suspend", "withdraw"):
        with as_if():
            if kind:
                story.decided(cast, kind)
            asked[kind] = {
                str(act): not standing.why_no_act(act, project, on(2013, 5, 3).date())
                for act in Act
            }
    assert asked[""] == dict.fromkeys(WHILE_SUSPENDED, True)
    assert asked["suspend"] == WHILE_SUSPENDED
    assert asked["withdraw"] == dict.fromkeys(WHILE_SUSPENDED, False) | {
        "end a validation without an opinion": True
    }


def validation_acts(cast: Cast, project: Any, finding: Finding, comment: Any) -> dict[str, Any]:
    """Each act of a validating DOE, as it would be done after the window has closed."""
    given: dict[str, Any] = {"actor": cast.doe, "at": story.AFTER}
    return {
        "finding": lambda: story.raised(cast, project, at=story.AFTER),
        "assess": lambda: actions.close_finding(**given, finding_id=finding.pk, reason="Clear."),
        "respond": lambda: actions.respond_to_comment(
            **given, comment_id=comment.pk, text="It is recycled."
        ),
        "opinion": lambda: actions.give_opinion(
            **given, project_id=project.pk, positive=True, conclusion="It meets them."
        ),
        "request": lambda: board.request_registration(**given, project_id=project.pk),
    }


def test_a_doe_suspended_mid_case_gives_its_opinion_but_requests_nothing(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.approved(cast, story.published(cast))
    comment, finding = story.commented(project), story.raised(cast, project)
    story.answered(cast, finding)
    story.decided(cast, "suspend", at=on(2013, 6, 10))
    acts = validation_acts(cast, project, finding, comment)
    for name in ("assess", "respond", "opinion"):
        acts[name]()
    with nothing_written(), pytest.raises(NotInStanding, match="cannot request registration"):
        acts["request"]()
    story.decided(cast, "reinstate", at=on(2013, 7, 1))
    acts["request"]()
    assert story.fresh(project).stage == "registration"


def test_a_doe_whose_accreditation_is_withdrawn_can_only_end_its_work(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.approved(cast, story.published(cast))
    comment, finding = story.commented(project), story.raised(cast, project)
    story.answered(cast, finding)
    story.decided(cast, "withdraw", at=on(2013, 6, 10))
    for name, act in validation_acts(cast, project, finding, comment).items():
        refusal = NotYet if name == "opinion" else NotInStanding
        with nothing_written(), pytest.raises(refusal, match="is withdrawn"):
            act()
    actions.terminate_validation(
        actor=cast.doe, at=story.AFTER, project_id=project.pk, reason="We are not accredited."
    )
    assert story.fresh(project).stage == "validation_terminated"


def test_a_design_is_not_published_once_the_term_has_ended(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.engaged(cast)
    actions.relinquish_accreditation(
        actor=cast.doe, at=on(2013, 5, 3), scopes=(1,), functions=("validation",), reason="Closed."
    )
    with nothing_written(), pytest.raises(NotInStanding, match="voluntarily withdrawn"):
        actions.publish_design(actor=cast.doe, at=story.PUBLISHED, project_id=project.pk)


def test_a_suspended_verifier_certifies_but_requests_no_issuance(
    cast: Cast, nothing_written: Nothing
) -> None:
    verification, _ = story.recomputed(cast)
    period, at = verification.period, on(2015, 1, 20)
    verifying: dict[str, Any] = {"who": cast.other_doe, "functions": ("verification",)}
    certify: Callable[[], Any] = lambda: actions.certify(  # noqa: E731 # done twice, once undone
        actor=cast.other_doe, at=at, period_id=period.pk, tonnes_by_period={2: story.CLAIM},
        statement="I certify it.",
    )
    with as_if():
        story.decided(cast, "withdraw", at=on(2015, 1, 12), **verifying)
        for act in (
            certify,
            lambda: actions.request_recompute(actor=cast.other_doe, at=at, period_id=period.pk),
            lambda: actions.conclude_negative(
                actor=cast.other_doe, at=at, period_id=period.pk, conclusion="No."
            ),
            lambda: story.raised(cast, period.project, "CAR", period, at),
        ):
            with nothing_written(), pytest.raises((NotYet, NotInStanding), match="is withdrawn"):
                act()
    story.decided(cast, "suspend", at=on(2015, 1, 12), **verifying)
    certify()
    with nothing_written(), pytest.raises(NotInStanding, match="cannot request issuance"):
        board.request_issuance(actor=cast.other_doe, at=at, period_id=period.pk)
    story.decided(cast, "reinstate", at=at, **verifying)
    board.request_issuance(actor=cast.other_doe, at=at, period_id=period.pk)


def test_a_report_is_published_by_an_accredited_doe_only(
    cast: Cast, nothing_written: Nothing
) -> None:
    period = story.reported(cast)
    engagement = story.offered(cast, period.project, cast.other_doe, period, on(2015, 1, 8))
    actions.accept_engagement(
        actor=cast.other_doe, at=on(2015, 1, 9), engagement_id=engagement.pk, no_conflict=True
    )
    story.decided(
        cast, "withdraw", who=cast.other_doe, functions=("verification",), at=on(2015, 1, 9)
    )
    with nothing_written(), pytest.raises(NotInStanding, match="cannot publish a monitoring"):
        actions.open_verification(actor=cast.other_doe, at=on(2015, 1, 10), period_id=period.pk)


# Independence


def exemption(cast: Cast, project: Any, **changes: Any) -> Any:
    given = {
        "actor": cast.secretariat, "at": on(2015, 1, 8), "kind": "exempt",
        "organisation_id": cast.doe.office, "project_id": project.pk,
        "reasons": "No other entity is accredited for the scope.",
    }
    return actions.propose_proceeding(**(given | changes))


def test_an_exemption_of_the_board_lets_the_validator_of_a_large_project_verify_it(
    cast: Cast, nothing_written: Nothing
) -> None:
    period = story.reported(cast, large=True)
    project, at = period.project, on(2015, 1, 8)
    made = exemption(cast, project)
    with nothing_written(), pytest.raises(NotAccredited, match="may not verify"):
        story.offered(cast, project, cast.doe, period, at)
    actions.decide_proceeding(
        actor=cast.board[0], at=at, proceeding_id=made.pk, grant=True, reasons="So it is."
    )
    engagement = story.offered(cast, project, cast.doe, period, at)
    actions.accept_engagement(
        actor=cast.doe, at=at, engagement_id=engagement.pk, no_conflict=True
    )
    actions.open_verification(actor=cast.doe, at=at, period_id=period.pk)
    with nothing_written(), pytest.raises(Invalid, match="exempted for this project already"):
        exemption(cast, project)


def test_a_refused_exemption_exempts_nobody(cast: Cast, nothing_written: Nothing) -> None:
    period = story.reported(cast, large=True)
    made = exemption(cast, period.project)
    actions.decide_proceeding(
        actor=cast.board[0], at=on(2015, 1, 8), proceeding_id=made.pk, grant=False, reasons="No."
    )
    with nothing_written(), pytest.raises(NotAccredited, match="may not verify"):
        story.offered(cast, period.project, cast.doe, period, on(2015, 1, 8))


def test_an_exemption_is_for_a_large_project_and_its_validator(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.registered(cast)
    for changes in ({}, {"project_id": None}, {"organisation_id": cast.other_doe.office}):
        with nothing_written(), pytest.raises(Invalid) as refusal:
            exemption(cast, project, **changes)
        assert list(refusal.value.errors) == ["project"]


def test_a_doe_declares_that_it_has_no_conflict_before_it_accepts(
    cast: Cast, nothing_written: Nothing
) -> None:
    engagement = story.asked(cast)
    given: dict[str, Any] = {"actor": cast.doe, "engagement_id": engagement.pk}
    with nothing_written(), pytest.raises(Invalid) as refusal:
        actions.accept_engagement(at=on(2013, 5, 3), **given, no_conflict=False)
    assert list(refusal.value.errors) == ["no_conflict"]
    actions.accept_engagement(at=on(2013, 5, 3), **given, no_conflict=True)
    assert story.fresh(engagement).no_conflict_at == on(2013, 5, 3)


# The same reasons on the pages


@pytest.fixture
def as_(sign_in: Callable[[Client, Actor], Client]) -> Callable[[Actor], Client]:
    return lambda actor: sign_in(Client(), actor)


def test_the_pages_of_a_suspended_doe_say_what_it_cannot_do(cast: Cast, as_: Any) -> None:
    project = story.approved(cast, story.published(cast))
    client = as_(cast.doe)
    story.decided(cast, "suspend", at=on(2013, 6, 10))
    page = client.get(reverse("doe:validation", args=[project.name])).content.decode()
    reason = "its accreditation for validation in sectoral scope 1 is suspended."
    assert f"cannot request registration: {reason}" in page
    assert "cannot give an opinion" not in page
    actions.give_opinion(
        actor=cast.doe, at=story.AFTER, project_id=project.pk, positive=True, conclusion="Good."
    )
    request = reverse("board:request_registration", args=[project.name])
    assert f"cannot request registration: {reason}" in client.get(request).content.decode()
    assert client.post(request).status_code == 422
    desk = client.get(reverse("desk")).content.decode()
    assert f"cannot request registration: {reason}" in desk
    offered = story.offered(cast, story.designed(cast), cast.other_doe)
    story.decided(cast, "suspend", who=cast.other_doe, at=on(2013, 6, 10))
    other = as_(cast.other_doe)
    page = other.get(reverse("doe:engagement", args=[offered.pk])).content.decode()
    assert reason.capitalize() in page
    answer = {"answer": "accept", "no_conflict": "on"}
    assert other.post(reverse("doe:engagement", args=[offered.pk]), answer).status_code == 422


def test_a_term_that_ends_ends_what_may_be_done(cast: Cast) -> None:
    project = story.engaged(cast)
    last = on(2013, 6, 30).date()
    cast.organisations[cast.doe.organisation].accreditations.update(valid_to=last)
    assert standing.why_no_act(Act.GIVE_OPINION, project, last) == []
    late = standing.why_no_act(Act.GIVE_OPINION, project, last + timedelta(days=1))
    assert late == [
        "Plumb & Plover Assurance cannot give an opinion: its accreditation for validation in "
        "sectoral scope 1 is not valid on 2013-07-01."
    ]

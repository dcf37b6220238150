"""Engaging a DOE: scope, suspension, independence, the two sides of a project."""

from __future__ import annotations

from typing import Any

import pytest

from cdm_portal.identity import actions as people
from cdm_portal.identity import queries as identity
from cdm_portal.refusals import Forbidden, NotFound
from cdm_portal.values import SYSTEM, Role
from projects.doe import actions, standing
from projects.doe.errors import AlreadyEngaged, BothSides, CaseClosed, NotAccredited
from projects.doe.models import Engagement
from projects.models import Project
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.doe.story import Nothing

pytestmark = pytest.mark.django_db


def reasons(project: Project, doe: Any, period: Any = None) -> Any:
    found = standing.candidates(
        project, function=standing.function_for(period), on=on(2015, 1, 8).date(), period=period
    )
    return {c.organisation.pk: c.obstacles for c in found}[doe.organisation_id]


def test_the_doe_accepts_and_is_named_as_validator(cast: Cast) -> None:
    project = story.engaged(cast)
    assert project.validator_id == cast.doe.organisation_id
    assert project.engagements.get().state == Engagement.State.ACCEPTED


def test_a_doe_without_the_scope_is_refused_by_the_action_itself(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.designed(cast)
    with nothing_written(), pytest.raises(NotAccredited) as refusal:
        story.offered(cast, project, cast.unaccredited_doe)
    assert refusal.value.errors == {
        "organisation": [
            "Unaccredited Audits: it is not accredited for validation in sectoral scope 1."
        ]
    }
    assert reasons(project, cast.unaccredited_doe) == (
        "it is not accredited for validation in sectoral scope 1.",
    )


def suspend(cast: Cast, function: str) -> None:
    story.decided(cast, "suspend", functions=(function,))


def test_a_suspended_doe_takes_no_new_contract(cast: Cast, nothing_written: Nothing) -> None:
    engagement = story.asked(cast)
    suspend(cast, "validation")
    with nothing_written(), pytest.raises(NotAccredited, match="suspended"):
        actions.accept_engagement(
            actor=cast.doe, at=on(2013, 5, 3), engagement_id=engagement.pk,
            no_conflict=True,
        )


def test_a_suspended_doe_goes_on_with_running_work(cast: Cast) -> None:
    project = story.engaged(cast)
    suspend(cast, "validation")
    actions.publish_design(actor=cast.doe, at=story.PUBLISHED, project_id=project.pk)
    assert story.fresh(project).stage == "validation"


def test_one_doe_is_asked_at_a_time_and_another_after_it_declined(
    cast: Cast, nothing_written: Nothing
) -> None:
    engagement = story.asked(cast)
    with nothing_written(), pytest.raises(AlreadyEngaged):
        story.offered(cast, engagement.project, cast.other_doe)
    actions.decline_engagement(
        actor=cast.doe, at=on(2013, 5, 3), engagement_id=engagement.pk, reason="No capacity."
    )
    again = story.offered(cast, engagement.project, cast.other_doe)
    assert again.state == Engagement.State.OFFERED


def test_nobody_is_asked_before_the_design_document_is_frozen(
    cast: Cast, nothing_written: Nothing
) -> None:
    from projects.models import Project
    from projects.participant import actions as participant

    project = participant.start_design(
        actor=cast.participant, at=on(2013, 2, 1), title="Ziwa solar", party_code="KE",
        rules=Project.Rules.HISTORIC,
    )
    with nothing_written(), pytest.raises(CaseClosed):
        story.offered(cast, project)


def test_a_rival_participant_does_not_know_of_the_project(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.designed(cast)
    with nothing_written(), pytest.raises(NotFound):
        actions.offer_engagement(
            actor=cast.rival_participant, at=on(2013, 5, 2), project_id=project.pk,
            organisation_id=cast.doe.organisation_id,
        )


def test_another_doe_cannot_answer_the_offer(cast: Cast, nothing_written: Nothing) -> None:
    engagement = story.asked(cast)
    with nothing_written(), pytest.raises(NotFound):
        actions.accept_engagement(
            actor=cast.other_doe, at=on(2013, 5, 3), engagement_id=engagement.pk,
            no_conflict=True,
        )


def test_an_answer_is_given_once(cast: Cast, nothing_written: Nothing) -> None:
    project = story.engaged(cast)
    with nothing_written(), pytest.raises(CaseClosed):
        actions.decline_engagement(
            actor=cast.doe, at=on(2013, 5, 4), engagement_id=project.engagements.get().pk,
            reason="Changed our mind.",
        )


def test_the_doe_that_validated_a_large_project_may_not_verify_it(
    cast: Cast, nothing_written: Nothing
) -> None:
    period = story.reported(cast, large=True)
    assert period.project.scale == "large"
    assert reasons(period.project, cast.doe, period) == (
        "it validated this large-scale project and may not verify it.",
    )
    with nothing_written(), pytest.raises(NotAccredited, match="may not verify"):
        story.offered(cast, period.project, cast.doe, period, on(2015, 1, 8))
    assert reasons(period.project, cast.other_doe, period) == ()


def test_the_doe_that_validated_a_small_project_may_verify_it(cast: Cast) -> None:
    period = story.reported(cast)
    engagement = story.offered(cast, period.project, cast.doe, period, on(2015, 1, 8))
    actions.accept_engagement(
        actor=cast.doe, at=on(2015, 1, 9), engagement_id=engagement.pk, no_conflict=True
    )
    actions.open_verification(actor=cast.doe, at=on(2015, 1, 9), period_id=period.pk)
    assert story.fresh(engagement).state == Engagement.State.ACCEPTED
    assert story.fresh(period).verifier_id == cast.doe.organisation_id


def second_hat(cast: Cast, person: Any, organisation: Any, role: Any) -> Any:
    membership = people.grant_role(
        actor=SYSTEM, at=on(2013, 1, 1), person_id=person.person_id,
        organisation_id=organisation.organisation_id, role=role, valid_from=on(2013, 1, 1).date(),
    )
    return identity.actor(membership)


def test_a_person_of_the_participant_cannot_act_as_its_doe(
    cast: Cast, nothing_written: Nothing
) -> None:
    engagement = story.asked(cast)
    turncoat = second_hat(cast, cast.participant, cast.doe, Role.DOE)
    with nothing_written(), pytest.raises(BothSides):
        actions.accept_engagement(
            actor=turncoat, at=on(2013, 5, 3), engagement_id=engagement.pk,
            no_conflict=True,
        )


def test_a_person_of_the_doe_cannot_answer_its_findings(
    cast: Cast, nothing_written: Nothing
) -> None:
    finding = story.raised(cast, story.published(cast))
    turncoat = second_hat(cast, cast.doe, cast.participant, Role.PARTICIPANT)
    with nothing_written(), pytest.raises(BothSides):
        actions.answer_finding(
            actor=turncoat, at=on(2013, 5, 12), finding_id=finding.pk, text="It is fine."
        )


def test_who_acted_for_the_participant_once_stays_on_that_side(
    cast: Cast, nothing_written: Nothing
) -> None:
    """The journal remembers: leaving the participant does not make an independent auditor."""
    engagement = story.asked(cast)
    turncoat = second_hat(cast, cast.participant, cast.doe, Role.DOE)
    engagement.project.participations.all()
    from cdm_portal.identity.models import Membership

    Membership.objects.filter(
        person_id=cast.participant.person_id, role=Role.PARTICIPANT.value
    ).update(valid_to=on(2013, 5, 2).date())
    with nothing_written(), pytest.raises(BothSides):
        actions.accept_engagement(
            actor=turncoat, at=on(2013, 5, 3), engagement_id=engagement.pk,
            no_conflict=True,
        )


def test_a_visible_project_is_refused_with_the_reason(cast: Cast, nothing_written: Nothing) -> None:
    project = story.published(cast)
    with nothing_written(), pytest.raises(Forbidden, match="own participant"):
        actions.offer_engagement(
            actor=cast.rival_participant, at=on(2013, 5, 6), project_id=project.pk,
            organisation_id=cast.doe.organisation_id,
        )

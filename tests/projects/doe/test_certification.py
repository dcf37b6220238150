"""Certification: never above the claim, nor above our own figure, and never before its time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cdm_portal.demonstration import audits
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.doe import actions, queries
from projects.doe.errors import CaseClosed, NotAccredited, NotYet
from projects.doe.models import Engagement, Verification
from projects.models import Document, Finding
from projects.participant import actions as participant
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.doe.story import Nothing

pytestmark = pytest.mark.django_db

AT = on(2015, 2, 1)


def certify(cast: Cast, verification: Verification, tonnes: Any = None, **changes: Any) -> Any:
    given = {
        "actor": cast.other_doe, "at": AT, "period_id": verification.period_id,
        "tonnes_by_period": {2: story.CLAIM} if tonnes is None else tonnes,
        "statement": "We certify this amount.",
    }
    return actions.certify(**(given | changes))


def test_the_certified_amount_moves_the_period_to_issuance(cast: Cast) -> None:
    verification, _ = story.recomputed(cast)
    certify(cast, verification, {2: 6_000})
    verification = story.fresh(verification)
    period = verification.period
    assert verification.certified == {"2": 6_000}
    assert (period.stage, period.certified_tonnes, period.certified_at) == ("issuance", 6_000, AT)
    assert period.verification_outcome == "positive"
    report = verification.document
    assert (report.kind, report.public) == (Document.Kind.VERIFICATION, True)
    assert bytes(report.blob.data).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("tonnes", "field", "words"),
    [
        ({2: story.CLAIM + 1}, "tonnes_2", "above the 6075 t claimed"),
        ({2: -1}, "tonnes_2", "whole tonnes"), ({2: 1.5}, "tonnes_2", "whole tonnes"),
        ({2: True}, "tonnes_2", "whole tonnes"), ({2: 10**12}, "tonnes_2", "above the 6075 t"),
        ({1: 5, 2: 5}, "tonnes_1", "claims nothing for commitment period 1"),
        ({2: 0}, "tonnes_2", "Nothing would be certified"), ({}, "tonnes_2", "Nothing would be"),
    ],
)
def test_what_cannot_be_certified_is_named(
    cast: Cast, nothing_written: Nothing, tonnes: Any, field: str, words: str
) -> None:
    verification, _ = story.recomputed(cast)
    with nothing_written(), pytest.raises(Invalid, match=words) as refusal:
        certify(cast, verification, tonnes)
    assert list(refusal.value.errors) == [field]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"claimed": {"2": story.CLAIM - 1}}, "above the 6074 t of the recalculation"),
        ({"cap": story.CLAIM - 2}, "above the 6073 t to which small scale limits the period"),
    ],
)
def test_not_more_than_the_recalculation_is_certified(
    cast: Cast, nothing_written: Nothing, found: Any, words: str
) -> None:
    verification, run = story.recomputed(cast)
    assert queries.ceilings(verification.period, verification)["2"].recalculated == story.CLAIM
    again = actions.request_recompute(
        actor=cast.other_doe, at=AT, period_id=verification.period_id
    )
    again.take()
    again.lease, again.leased_until = "0" * 32, AT
    again.finish()
    again.finished_at = AT
    again.result = run.result | found
    again.save()
    with nothing_written(), pytest.raises(Invalid, match=words):
        certify(cast, verification)


def test_the_database_holds_the_certified_amount_to_the_claim(cast: Cast) -> None:
    verification, _ = story.recomputed(cast)
    period = verification.period
    period.certified_tonnes = story.CLAIM + 1
    with pytest.raises(DatabaseError, match="certified_not_above_claimed"), transaction.atomic():
        period.save(update_fields=["certified_tonnes"])


def test_nothing_is_certified_before_the_recalculation(
    cast: Cast, nothing_written: Nothing
) -> None:
    verification = story.verifying(cast)
    with nothing_written(), pytest.raises(NotYet, match="recalculation is not done"):
        certify(cast, verification)


def test_a_revised_report_has_to_be_recalculated_first(
    cast: Cast, nothing_written: Nothing
) -> None:
    verification, _ = story.recomputed(cast)
    period = verification.period
    exports = dict(zip(story.MONTHS, ("1000", *story.EXPORTS[1:]), strict=True))
    participant.upload_readings(
        actor=cast.participant, at=AT, period_id=period.pk, filename="v2.csv",
        data=story.table(exports), resolution="month",
    )
    participant.report_monitoring(actor=cast.participant, at=AT, period_id=period.pk)
    with nothing_written(), pytest.raises(NotYet, match="Recalculate version 2"):
        certify(cast, verification)
    run = actions.request_recompute(actor=cast.other_doe, at=AT, period_id=period.pk)
    assert actions.recompute(run_id=run.pk, at=AT).differences == []
    audits.settle(cast.other_doe, AT, story.fresh(period))
    with nothing_written(), pytest.raises(Invalid, match="claimed"):
        certify(cast, verification)
    certify(cast, verification, {2: 5_805})
    assert story.fresh(period).certified_tonnes == 5_805


def test_an_open_finding_blocks_and_a_forward_action_does_not(
    cast: Cast, nothing_written: Nothing
) -> None:
    verification, _ = story.recomputed(cast)
    period = verification.period
    finding = story.raised(cast, period.project, "CL", period, on(2015, 1, 12))
    story.raised(cast, period.project, "FAR", period, on(2015, 1, 12))
    with nothing_written(), pytest.raises(NotYet) as refusal:
        certify(cast, verification)
    assert refusal.value.reasons == ("1 clarification request is not closed.",)
    story.answered(cast, finding, on(2015, 1, 13))
    actions.close_finding(
        actor=cast.other_doe, at=on(2015, 1, 14), finding_id=finding.pk, reason="Shown."
    )
    certify(cast, verification)
    assert story.fresh(verification).state == Verification.State.CERTIFIED


@pytest.fixture
def inherited(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A recomputed verification with one inherited forward action request."""
    published = story.published

    def with_forward_action(cast: Cast, **design: Any) -> Any:
        project = published(cast, **design)
        story.raised(cast, project, "FAR")
        return project

    monkeypatch.setattr(story, "published", with_forward_action)
    verification, _ = story.recomputed(cast)
    return verification, Finding.objects.get(kind="FAR")


def test_an_inherited_forward_action_has_to_be_dealt_with(
    cast: Cast, inherited: Any, nothing_written: Nothing
) -> None:
    verification, finding = inherited
    with nothing_written(), pytest.raises(NotYet, match="inherited: FAR 01"):
        certify(cast, verification)
    actions.close_finding(
        actor=cast.other_doe, at=AT, finding_id=finding.pk, reason="The seal is there."
    )
    certify(cast, verification)
    assert story.fresh(finding).state == Finding.State.CLOSED
    assert list(queries.closed_here(verification)) == [finding]


def test_the_validating_doe_no_longer_closes_what_it_left(
    cast: Cast, inherited: Any, nothing_written: Nothing
) -> None:
    _, finding = inherited
    with nothing_written(), pytest.raises(CaseClosed):
        actions.close_finding(actor=cast.doe, at=AT, finding_id=finding.pk, reason="Fine.")


def test_nobody_else_certifies(cast: Cast, nothing_written: Nothing) -> None:
    verification, _ = story.recomputed(cast)
    for actor in (cast.doe, cast.participant, cast.secretariat, cast.registry):
        with nothing_written(), pytest.raises(Forbidden):
            certify(cast, verification, actor=actor)


def test_an_amount_is_certified_once(cast: Cast, nothing_written: Nothing) -> None:
    verification, _ = story.recomputed(cast)
    certify(cast, verification)
    with nothing_written(), pytest.raises(CaseClosed):
        certify(cast, verification, {2: 1})
    with pytest.raises(DatabaseError, match="of record"), transaction.atomic():
        Verification.objects.filter(pk=verification.pk).update(certified={"2": 1})


def test_reductions_that_cannot_be_verified_end_the_period(
    cast: Cast, nothing_written: Nothing
) -> None:
    verification, _ = story.recomputed(cast)
    actions.conclude_negative(
        actor=cast.other_doe, at=AT, period_id=verification.period_id,
        conclusion="The meter was never calibrated.",
    )
    period = story.fresh(verification.period)
    assert (period.stage, period.verification_outcome) == ("not_verified", "negative")
    assert period.certified_tonnes is None
    with nothing_written(), pytest.raises(CaseClosed):
        certify(cast, verification)


def test_nothing_is_verified_before_it_is_reported(cast: Cast, nothing_written: Nothing) -> None:
    period = story.opened(cast)
    engagement = story.offered(cast, period.project, cast.other_doe, period, on(2015, 1, 8))
    actions.accept_engagement(
        actor=cast.other_doe, at=AT, engagement_id=engagement.pk, no_conflict=True,
    )
    with nothing_written(), pytest.raises(CaseClosed, match="not submitted"):
        actions.open_verification(actor=cast.other_doe, at=AT, period_id=period.pk)


def test_a_verification_begins_once_and_by_the_doe_engaged(
    cast: Cast, nothing_written: Nothing
) -> None:
    period = story.reported(cast)
    with nothing_written(), pytest.raises(Forbidden):
        actions.open_verification(actor=cast.other_doe, at=AT, period_id=period.pk)
    with nothing_written(), pytest.raises(NotAccredited):
        story.offered(cast, period.project, cast.unaccredited_doe, period, AT)
    engagement = story.offered(cast, period.project, cast.other_doe, period, AT)
    with nothing_written(), pytest.raises(Forbidden):
        actions.open_verification(actor=cast.other_doe, at=AT, period_id=period.pk)
    actions.accept_engagement(
        actor=cast.other_doe, at=AT, engagement_id=engagement.pk, no_conflict=True
    )
    actions.open_verification(actor=cast.other_doe, at=AT, period_id=period.pk)
    assert period.engagements.get().state == Engagement.State.ACCEPTED
    with nothing_written(), pytest.raises(CaseClosed, match="begun already"):
        actions.open_verification(
            actor=cast.other_doe, at=AT + timedelta(days=1), period_id=period.pk
        )


def test_a_period_that_is_not_there_is_not_found(cast: Cast, nothing_written: Nothing) -> None:
    with nothing_written(), pytest.raises(NotFound):
        actions.open_verification(actor=cast.doe, at=AT, period_id=999_999)

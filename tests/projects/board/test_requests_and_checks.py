"""Stage 4 up to publication: request, fee, the two checks, incomplete and submitted again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.board import actions, queries
from projects.board.errors import AlreadyRequested, NotChecked, TakesSides
from projects.board.models import Invoice, Request
from projects.board.procedure import State
from projects.dna import actions as dna
from projects.lifecycle import NotNow, Stage
from projects.models import Document
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import LARGE, REQUESTED, fresh

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
LATER = on(2013, 10, 5)


# The request


def test_a_small_project_owes_no_fee_and_goes_straight_to_the_checks(cast: Cast) -> None:
    request = story.requested(cast)
    assert (request.reference, request.state, request.version) == (
        "REG-2013-0001", State.COMPLETENESS, 1,
    )
    assert (request.fee_usd, request.invoice.state) == (Decimal("0.00"), Invoice.State.WAIVED)
    assert request.complete_at == REQUESTED
    assert request.check_due_at == datetime(2013, 10, 9, tzinfo=UTC)
    project = fresh(request.project)
    assert (project.stage, project.registration_requested_at) == (Stage.REGISTRATION, REQUESTED)
    assert request.checks.count() == 11


def test_a_host_with_nine_projects_pays_after_the_first_issuance(cast: Cast) -> None:
    story.host_with(9)
    request = story.requested(cast, mwh=LARGE)
    assert request.project.estimated_annual_tonnes == 36_003
    assert (request.fee_usd, request.invoice.state) == (Decimal("5700.60"), "deferred")
    assert request.state == State.COMPLETENESS


def test_a_host_with_ten_projects_pays_first(cast: Cast) -> None:
    story.host_with(10)
    request = story.requested(cast, mwh=LARGE)
    assert (request.fee_usd, request.invoice.state) == (Decimal("5700.60"), "due")
    assert (request.state, request.complete_at) == (State.FEE_DUE, None)
    request = story.paid(cast, request, LATER)
    assert (request.state, request.complete_at) == (State.COMPLETENESS, LATER)
    assert (request.invoice.state, request.invoice.received_usd) == ("paid", Decimal("5700.60"))


def test_another_doe_cannot_request_registration(cast: Cast, nothing_written: Nothing) -> None:
    project = story.validated(cast)
    for stranger in (cast.other_doe, cast.participant, cast.secretariat, cast.board[0]):
        with nothing_written(), pytest.raises(NotFound):
            actions.request_registration(actor=stranger, at=REQUESTED, project_id=project.pk)


def test_registration_is_not_requested_without_the_letter(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.validated(cast)
    dna.withdraw_letter(
        actor=cast.dna, at=on(2013, 9, 2), letter_id=project.letters.get().pk, reason="Forged."
    )
    with nothing_written(), pytest.raises(NotNow, match="letter of approval is missing"):
        actions.request_registration(actor=cast.doe, at=REQUESTED, project_id=project.pk)


def test_registration_is_requested_once(cast: Cast, nothing_written: Nothing) -> None:
    request = story.requested(cast)
    with nothing_written(), pytest.raises(AlreadyRequested, match="REG-2013-0001"):
        actions.request_registration(actor=cast.doe, at=LATER, project_id=request.project_id)


def test_a_second_live_request_is_refused_by_the_constraint(cast: Cast) -> None:
    request = story.requested(cast)
    twin = {"kind": "registration", "project": request.project, "reference": "REG-2013-0002"}
    with pytest.raises(DatabaseError, match="one_request_for_registration"), transaction.atomic():
        Request.objects.create(
            **twin, submitted_by=request.submitted_by, submitted_at=REQUESTED
        )


def test_a_withdrawn_request_may_be_made_again(cast: Cast, nothing_written: Nothing) -> None:
    request = story.requested(cast)
    with nothing_written(), pytest.raises(NotFound):
        actions.withdraw_request(
            actor=cast.other_doe, at=LATER, request_id=request.pk, reason="Not mine."
        )
    actions.withdraw_request(
        actor=cast.doe, at=LATER, request_id=request.pk, reason="A page was missing."
    )
    again = actions.request_registration(
        actor=cast.doe, at=on(2013, 10, 6), project_id=request.project_id
    )
    assert (fresh(request).state, again.reference) == (State.WITHDRAWN, "REG-2013-0002")


# The checks


def test_an_item_that_is_not_met_needs_a_reason(cast: Cast, nothing_written: Nothing) -> None:
    request = story.requested(cast)
    item = {"actor": cast.secretariat, "at": LATER, "request_id": request.pk, "code": "form"}
    with nothing_written(), pytest.raises(Invalid) as refused:
        actions.check_item(**item, met=False, reason=" ")
    assert list(refused.value.errors) == ["reason"]
    check = actions.check_item(**item, met=False, reason="Page 3 is missing.")
    assert (check.met, check.reason, check.checked_by) == (
        False, "Page 3 is missing.", cast.secretariat.name,
    )


def test_only_the_secretariat_checks_and_only_the_check_that_runs(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.requested(cast)
    item = {"at": LATER, "request_id": request.pk, "met": True}
    for other in (cast.doe, cast.board[0], cast.participant):
        with nothing_written(), pytest.raises(Forbidden):
            actions.check_item(actor=other, code="form", **item)
    with nothing_written(), pytest.raises(NotFound):
        actions.check_item(actor=cast.other_doe, code="form", **item)
    with nothing_written(), pytest.raises(NotNow):
        actions.check_item(actor=cast.secretariat, code="figures", **item)
    with nothing_written(), pytest.raises(Invalid):
        actions.check_item(actor=cast.secretariat, code="weather", **item)


def test_a_check_is_not_passed_while_an_item_is_open_or_not_met(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.requested(cast)
    step = {"actor": cast.secretariat, "at": LATER, "request_id": request.pk}
    with nothing_written(), pytest.raises(NotChecked, match="Not looked at yet"):
        actions.conclude_completeness(**step)
    story.checked(cast, request, "completeness")
    actions.check_item(**step, code="letter", met=False, reason="Another title.")
    with nothing_written(), pytest.raises(NotChecked, match="Not met: Letter of approval"):
        actions.conclude_completeness(**step)
    with nothing_written(), pytest.raises(Forbidden):
        actions.conclude_completeness(**{**step, "actor": cast.board[0]})


def test_an_incomplete_request_goes_back_with_public_reasons_and_returns_as_a_new_version(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.requested(cast)
    step = {"actor": cast.secretariat, "at": LATER, "request_id": request.pk}
    with nothing_written(), pytest.raises(NotChecked):
        actions.return_incomplete(**step)
    actions.check_item(**step, code="form", met=False, reason="Page 3 is missing.")
    actions.return_incomplete(**step)
    request = fresh(request)
    assert (request.state, request.complete_at) == (State.INCOMPLETE, None)
    history = queries.public_history(request.project)
    assert history[0]["text"] == "Returned as incomplete (REG-2013-0001)"
    assert history[0]["detail"] == "Request form F-CDM-REG: Page 3 is missing."

    with nothing_written(), pytest.raises(NotFound):
        actions.resubmit(
            actor=cast.other_doe, at=LATER, request_id=request.pk, note="Page 3 added."
        )
    with nothing_written(), pytest.raises(Invalid):
        actions.resubmit(actor=cast.doe, at=LATER, request_id=request.pk, note="")
    again = on(2013, 10, 9)
    actions.resubmit(actor=cast.doe, at=again, request_id=request.pk, note="Page 3 added.")
    request = fresh(request)
    assert (request.state, request.version) == (State.COMPLETENESS, 2)
    assert (request.complete_at, request.resubmitted_at) == (again, again)
    assert request.submitted_at == REQUESTED  # whose year counts for the share of proceeds
    assert {line.met for line in queries.checked(request)} == {None}
    assert request.checks.get(version=1, code="form").reason == "Page 3 is missing."


def test_publication_opens_a_window_of_28_days_to_midnight_utc(cast: Cast) -> None:
    request = story.published(cast)
    assert request.state == State.PUBLISHED
    assert (request.published_at, request.window_closes_at) == (story.PUBLISHED, story.CLOSES)
    note = Document.objects.get(project=request.project, kind="note")
    assert note.public
    assert bytes(note.blob.data).startswith(b"%PDF-1.7")


def test_a_request_is_not_published_without_a_note(cast: Cast, nothing_written: Nothing) -> None:
    request = story.requested(cast)
    story.checked(cast, request, "completeness")
    step = {"actor": cast.secretariat, "at": LATER, "request_id": request.pk}
    actions.conclude_completeness(**step)
    assert fresh(request).check_due_at == datetime(2013, 10, 29, tzinfo=UTC)
    with nothing_written(), pytest.raises(NotChecked):
        actions.conclude_information(**step, note="Complete.")
    story.checked(cast, request, "information")
    with nothing_written(), pytest.raises(Invalid):
        actions.conclude_information(**step, note="")


def test_a_secretary_with_a_part_on_another_side_is_kept_out(
    cast: Cast, nothing_written: Nothing
) -> None:
    from cdm_portal.identity import actions as identity
    from cdm_portal.values import SYSTEM, Role

    request = story.requested(cast)
    identity.grant_role(
        actor=SYSTEM, at=LATER, person_id=cast.secretariat.person_id or 0, role=Role.DOE,
        organisation_id=cast.doe.organisation_id or 0, valid_from=LATER.date(),
    )
    with nothing_written(), pytest.raises(TakesSides):
        actions.check_item(
            actor=cast.secretariat, at=LATER, request_id=request.pk, code="form", met=True
        )

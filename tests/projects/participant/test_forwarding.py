"""CERs leave the pending account when the focal points of scope (a) ask, and a second person of the
registry approves."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cdm_portal import clock, queues
from cdm_portal.demonstration import voice
from cdm_portal.journal.models import Entry
from cdm_portal.refusals import Forbidden, NotFound, Refused
from cdm_portal.values import Actor
from projects.board import actions as board
from projects.models import Participation, Project
from projects.participant import actions
from projects.participant import waiting as desk
from projects.participant.communication.models import ForwardingRequest, Signature, Statement
from registry import actions as registry
from registry import errors
from registry import queries as books
from registry.governance import queries as governance
from registry.governance.models import Proposal
from tests import factories
from tests.world import World, as_if

pytestmark = pytest.mark.django_db


def waiting(world: World) -> Project:
    """The project of the world whose units wait in the pending account."""
    return Project.objects.get(title="Solar park proposed")


def asks(world: World, actor: Actor | None = None, quantity: int = 5, **more: Any) -> Any:
    return actions.request_forwarding(
        actor=actor or world.cast.participant, at=clock.now(), project_id=waiting(world).pk,
        to_account_id=factories.holding_account(world.cast, clock.now()), quantity=quantity,
        commitment_period=2, **more,
    )


def second_participant(world: World) -> None:
    """The rival takes part in the project, by the letter."""
    Participation.objects.create(
        project=waiting(world), organisation_id=world.cast.rival_participant.office,
        authorised_at=clock.now(),
    )


def jointly(world: World) -> Statement:
    """A change that makes scope (a) joint, processed."""
    cast, now = world.cast, clock.now()
    found = actions.propose_statement(
        actor=cast.participant, at=now, project_id=waiting(world).pk, reason="Two investors.",
        points=[voice.point(cast.participant), voice.point(cast.rival_participant, "a")],
        manners={"a": "joint", "b": "sole", "c": "sole"},
    )
    actions.sign_statement(actor=cast.participant, at=now, statement_id=found.pk)
    return board.process_change(actor=cast.secretariat, at=now, statement_id=found.pk)


def counts() -> tuple[int, ...]:
    return tuple(m.objects.count() for m in (Entry, Proposal, Signature, ForwardingRequest))


def test_a_sole_focal_point_asks_and_a_second_person_approves(world: World) -> None:
    with as_if():
        asked = asks(world)
        assert asked.state == "proposed"
        proposal = asked.proposal
        assert (proposal.initiator, proposal.quantity) == (world.cast.participant.person_id, 5)
        held = books.balance(books.PENDING)
        registry.approve_proposal(
            actor=world.cast.registry, at=clock.now(), proposal_id=proposal.pk
        )
        assert books.balance(books.PENDING) == held - 5


def test_nobody_else_asks_not_even_a_holder_by_the_registrys_own_door(world: World) -> None:
    with as_if():
        second_participant(world)
        before = counts()
        with pytest.raises(Forbidden, match="Ziwa Sun Limited"):
            asks(world, world.cast.rival_participant)
        with pytest.raises(NotFound):
            asks(world, world.cast.doe)
        with pytest.raises(errors.NotPermitted):
            registry.propose_forwarding(
                actor=world.cast.participant, at=clock.now(), quantity=1,
                project_number=waiting(world).number or "", from_account_id=books.PENDING,
                to_account_id=factories.holding_account(world.cast, clock.now()),
            )
        assert counts() == before


def test_a_joint_scope_needs_every_signature(world: World) -> None:
    cast, now = world.cast, clock.now()
    with as_if():
        jointly(world)
        asked = asks(world)
        assert (asked.state, asked.proposal) == ("signing", None)
        due = queues.items(desk.queue(cast.rival_participant, now))
        (item,) = [each for each in due if "Forward 5" in each["what"]]
        assert item["action_label"] == "Sign"
        before = counts()
        sign: dict[str, Any] = {"at": now, "request_id": asked.pk}
        with pytest.raises(Refused, match="has signed"):
            actions.sign_forwarding(actor=cast.participant, **sign)
        with pytest.raises(NotFound):
            actions.sign_forwarding(actor=cast.buyer, **sign)
        assert counts() == before
        done = actions.sign_forwarding(actor=cast.rival_participant, **sign)
        assert done.state == "proposed" and done.proposal.key == asked.key


def test_a_request_that_waits_is_withdrawn_or_outlived_by_a_change(world: World) -> None:
    cast, now = world.cast, clock.now()
    with as_if():
        jointly(world)
        first = asks(world)
        with pytest.raises(Forbidden):
            actions.withdraw_forwarding(actor=cast.rival_participant, at=now, request_id=first.pk)
        actions.withdraw_forwarding(actor=cast.participant, at=now, request_id=first.pk)
        with pytest.raises(Refused, match="not open for signature"):
            actions.sign_forwarding(actor=cast.rival_participant, at=now, request_id=first.pk)
        second = asks(world)
        jointly(world)
        before = counts()
        with pytest.raises(Refused, match="has changed since"):
            actions.sign_forwarding(actor=cast.rival_participant, at=now, request_id=second.pk)
        assert counts() == before


def test_what_the_registry_refuses_leaves_no_request(world: World) -> None:
    with as_if():
        before = counts()
        with pytest.raises(errors.NotEnoughUnits):
            asks(world, quantity=10**9)
        assert counts() == before


def test_who_leaves_the_project_receives_nothing_of_it_any_more(world: World) -> None:
    cast, now, project = world.cast, clock.now(), waiting(world)
    with as_if():
        second_participant(world)
        registry.authorise(
            actor=cast.registry, at=now, project_number=project.number or "", letter="KE-1",
            holder_id=cast.rival_participant.office,
        )
        first = actions.propose_statement(
            actor=cast.participant, at=now, project_id=project.pk, reason="It leaves.",
            points=[voice.point(cast.participant)], removed_ids=[cast.rival_participant.office],
            manners={"a": "sole", "b": "sole", "c": "sole"},
        )
        actions.sign_statement(actor=cast.participant, at=now, statement_id=first.pk)
        board.process_change(actor=cast.secretariat, at=now, statement_id=first.pk)
        holders = {noted.holder_id for noted in governance.authorisations_of(project.number or "")}
        assert cast.participant.office in holders
        assert cast.rival_participant.office not in holders


def test_the_page_tells_whom_to_ask_and_keeps_what_was_typed(world: World) -> None:
    project, cast = waiting(world), world.cast
    page = reverse("participant:forward", args=[project.name])
    account = factories.holding_account(cast, clock.now())
    given = {"quantity": "999999999", "commitment_period": "2", "to_account_id": account}
    with as_if():
        answer = world.client(cast.participant).post(page, given)
        assert answer.status_code == 422 and "999999999" in answer.content.decode()
        second_participant(world)
        partner = world.client(cast.rival_participant)
        shown = partner.get(page).content.decode()
        assert "speaks here: Ziwa Sun Limited" in shown
        assert partner.post(page, given).status_code == 403
    assert world.client(cast.rival_participant).get(page).status_code == 404

"""Letters of Parties besides the host: what they declare, whom they authorise, what they open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects.board.models import Request
from projects.dna import actions, queries
from projects.dna.errors import LetterExists, NoAuthority, NotDeclared
from projects.dna.models import Letter
from projects.models import Participation, Project
from projects.participant import actions as participant
from registry import actions as registry
from registry.errors import NotAuthorised
from registry.governance.models import Authorisation
from tests.cast import Cast
from tests.factories import holding_account
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import designed, fresh
from tests.projects.dna.parties import Abroad, entity, france, issued

pytestmark = pytest.mark.django_db
Nothing = Callable[[], AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]
DAY, LATER = on(2013, 5, 2), on(2015, 12, 10)


def approve(letter: Letter, authority: Actor, entities: list[int], **changed: Any) -> Letter:
    values = {"ratified": True, "voluntary": True, "sustainable_development": letter.host}
    return actions.issue_letter(
        actor=authority, at=letter.requested_at, letter_id=letter.pk, organisation_ids=entities,
        **{**values, **changed},
    )


def test_registration_waits_for_the_host_party_alone(cast: Cast) -> None:
    abroad = france()
    project = designed(cast, others=[abroad.entity])
    ask = {"actor": cast.participant, "at": DAY, "project_id": project.pk}
    theirs = actions.request_letter(**ask, party_code="FR")
    approve(theirs, abroad.dna, [abroad.entity])
    assert fresh(project).host_approved_at is None
    assert queries.parties_involved(project) == ["KE", "FR"]
    ours = actions.request_letter(**ask)
    approve(ours, cast.dna, [cast.participant.office])
    assert fresh(project).host_approved_at == DAY
    assert fresh(theirs).sustainable_development is False
    actions.withdraw_letter(actor=abroad.dna, at=DAY, letter_id=theirs.pk, reason="A mistake.")
    assert fresh(project).host_approved_at == DAY
    authorised = project.participations.exclude(authorised_at=None)
    assert [row.organisation_id for row in authorised] == [cast.participant.office]


def test_another_party_declares_two_things_and_authorises_its_own(
    cast: Cast, nothing_written: Nothing
) -> None:
    abroad = france()
    project = designed(cast, others=[abroad.entity])
    letter = actions.request_letter(
        actor=cast.participant, at=DAY, project_id=project.pk, party_code="FR"
    )
    for changed, error in (
        ({"sustainable_development": True}, NotDeclared), ({"voluntary": False}, NotDeclared),
    ):
        with nothing_written(), pytest.raises(error) as refused:
            approve(letter, abroad.dna, [abroad.entity], **changed)
        assert list(refused.value.errors) == list(changed)
    with nothing_written(), pytest.raises(Invalid) as refused:
        approve(letter, abroad.dna, [cast.participant.office])
    assert list(refused.value.errors) == ["organisation_ids"]


def test_each_party_is_asked_once_and_only_where_it_has_an_authority(
    cast: Cast, nothing_written: Nothing
) -> None:
    china, nowhere = entity("CN", "Great Wall Wind Limited"), entity("SE", "Nordanvind AB")
    project = designed(cast, others=[china, nowhere])
    ask = {"actor": cast.participant, "at": DAY, "project_id": project.pk}
    actions.request_letter(**ask, party_code="CN")
    actions.request_letter(**ask, party_code="KE")
    for party, error in (("CN", LetterExists), ("KE", LetterExists), ("SE", NoAuthority)):
        with nothing_written(), pytest.raises(error):
            actions.request_letter(**ask, party_code=party)


def test_an_entity_that_two_letters_name_stays_authorised_by_the_other(cast: Cast) -> None:
    abroad = france()
    project = designed(cast, others=[abroad.entity])
    ask = {"actor": cast.participant, "at": DAY, "project_id": project.pk}
    both = [cast.participant.office, abroad.entity]
    ours = approve(actions.request_letter(**ask), cast.dna, both)
    approve(actions.request_letter(**ask, party_code="FR"), abroad.dna, [abroad.entity])
    actions.withdraw_letter(actor=cast.dna, at=DAY, letter_id=ours.pk, reason="Forged.")
    authorised = project.participations.exclude(authorised_at=None)
    assert [row.organisation_id for row in authorised] == [abroad.entity]


def forwards(cast: Cast, project: Project, account: int) -> Any:
    """The focal point asks to forward one unit out of the pending account."""
    return participant.request_forwarding(
        actor=cast.participant, at=LATER, project_id=project.pk, quantity=1,
        to_account_id=account, commitment_period=2,
    ).proposal


def account_abroad(cast: Cast, holder: int | None, name: str) -> int:
    return registry.open_account(
        actor=cast.registry, at=LATER, kind=121, party_code="FR", holder_id=holder, name=name,
        external=True,
    ).pk


def taking_part(project: Project, abroad: Abroad) -> None:
    Participation.objects.create(project=project, organisation_id=abroad.entity)


def test_a_partys_letter_opens_its_registry_and_its_withdrawal_closes_it(
    cast: Cast, nothing_written: Nothing
) -> None:
    request, abroad = issued(cast), france()
    project = request.project
    taking_part(project, abroad)
    own = holding_account(cast, LATER)
    accounts = [
        account_abroad(cast, None, "National registry"),
        account_abroad(cast, cast.participant.office, "The participant, in France"),
    ]
    for account in accounts:
        with nothing_written(), pytest.raises(NotAuthorised, match="No letter of the Party"):
            forwards(cast, project, account)
    forwards(cast, project, own)
    letter = actions.request_letter(
        actor=cast.participant, at=LATER, project_id=project.pk, party_code="FR"
    )
    approve(letter, abroad.dna, [abroad.entity])
    waiting = [forwards(cast, project, account) for account in accounts]
    actions.withdraw_letter(
        actor=abroad.dna, at=LATER, letter_id=letter.pk, reason="The entity was wound up."
    )
    for account in accounts:
        with nothing_written(), pytest.raises(NotAuthorised):
            forwards(cast, project, account)
    for proposal in waiting:
        registry.approve_proposal(actor=cast.registry, at=LATER, proposal_id=proposal.pk)
    forwards(cast, project, own)


def test_the_hosts_withdrawal_stops_forwarding_to_its_participants_until_it_approves_again(
    cast: Cast, nothing_written: Nothing
) -> None:
    project, own = issued(cast).project, holding_account(cast, LATER)
    letter = project.letters.get()
    forwards(cast, project, own)
    actions.withdraw_letter(
        actor=cast.dna, at=LATER, letter_id=letter.pk, reason="The permit was forged."
    )
    assert fresh(project).stage == "monitoring"
    with nothing_written(), pytest.raises(NotAuthorised):
        forwards(cast, project, own)
    page = Client().get(reverse("project", args=[project.name])).content.decode()
    assert "Withdrawn 10 December 2015: The permit was forged." in page
    again = actions.request_letter(actor=cast.participant, at=LATER, project_id=project.pk)
    approve(again, cast.dna, [cast.participant.office])
    forwards(cast, project, own)


def test_the_boards_instruction_tells_the_registry_of_every_letter(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The French letter is there before the project has a number; the registry hears later."""
    abroad, published = france(), story.published

    def with_a_french_letter(cast: Cast) -> Request:
        request = published(cast)
        taking_part(request.project, abroad)
        letter = actions.request_letter(
            actor=cast.participant, at=story.PUBLISHED, project_id=request.project_id,
            party_code="FR",
        )
        approve(letter, abroad.dna, [abroad.entity])
        assert not Authorisation.objects.exists()
        return fresh(request)

    monkeypatch.setattr(story, "published", with_a_french_letter)
    project = issued(cast).project
    noted = Authorisation.objects.filter(project_number=project.number, until=None)
    assert set(noted.values_list("holder_id", "party_id")) == {
        (abroad.entity, None), (None, "FR"), (cast.participant.office, None),
    }
    forwards(cast, project, account_abroad(cast, None, "National registry"))


def test_the_participant_asks_each_party_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    china = entity("CN", "Great Wall Wind Limited")
    project = designed(cast, others=[china])
    page = reverse("dna:request", args=[project.reference])
    desk = sign_in(Client(), cast.participant)
    shown = desk.get(page).content.decode()
    assert "Ask Kenya for the letter of approval" in shown
    assert "Ask China for the letter of approval" in shown
    assert desk.post(page, {"party_code": "CN"}).status_code == 302
    letter = project.letters.get()
    office = sign_in(Client(), cast.chinese_dna)
    form = office.get(reverse("dna:letter", args=[letter.pk])).content.decode()
    assert 'name="sustainable_development"' not in form
    assert "Great Wall Wind Limited" in form
    given = {"ratified": "on", "voluntary": "on", "organisation_ids": [china]}
    assert office.post(reverse("dna:issue", args=[letter.pk]), given).status_code == 302
    assert letter.project.letters.get().number.startswith("LoA-CN-")
    assert "Ask China" not in desk.get(page).content.decode()

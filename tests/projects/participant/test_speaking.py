"""Who speaks for a project in each scope; what waits for whom; the opinion that waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal import queues
from cdm_portal.demonstration import voice
from cdm_portal.identity import actions as identity
from cdm_portal.identity import queries as people
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.values import SYSTEM, Actor, Role
from projects.board import actions as board
from projects.board import queries as board_queries
from projects.dna import actions as dna
from projects.dna import queries as dna_queries
from projects.doe.errors import NotYet
from projects.models import Project
from projects.participant import actions, speaking
from projects.participant import waiting as desk
from projects.participant.communication.models import Statement
from tests.cast import AT, SINCE, Cast
from tests.projects.dna.parties import france
from tests.projects.participant import voices

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]
AFTER = voices.AFTER


def person(cast: Cast, name: str, organisation: int, until: date | None = None) -> Actor:
    """One more person of an entity, perhaps for some time only."""
    user = identity.register_person(
        actor=SYSTEM, at=AT, name=name, email=f"{name.lower()}@example.org", password="secret"
    )
    seat = identity.grant_role(
        actor=SYSTEM, at=AT, person_id=user.person_id, organisation_id=organisation,
        role=Role.PARTICIPANT, valid_from=SINCE, valid_to=until,
    )
    made = people.actor(seat)
    cast.sign_ins[made] = (user, seat)
    return made


def test_the_positive_opinion_waits_for_every_participants_signature(
    cast: Cast, nothing_written: Any
) -> None:
    project = voices.published(cast)
    with nothing_written(), pytest.raises(NotYet, match="communication are missing"):
        voices.opined(cast, project)
    found = voices.signed(voices.proposed(cast, project), cast.participant)
    with nothing_written(), pytest.raises(NotYet, match="not signed by Rival Wind Limited"):
        voices.opined(cast, project)
    assert found.state == "signing" and speaking.in_force(project) is None
    voices.signed(found, cast.rival_participant)
    assert voices.opined(cast, project).opinion == "positive"


def test_sole_and_shared_focal_points_speak_alone_and_a_joint_one_does_not(cast: Cast) -> None:
    project, owner, partner = voices.published(cast), cast.participant, cast.rival_participant
    outside = person(cast, "Zuri", identity.register_organisation(
        actor=SYSTEM, at=AT, name="Carbon Agents", kind="participant", party_code="GB",
        fictional=True,
    ).pk)
    alternate = person(cast, "Juma", owner.office)
    colleague = person(cast, "Kesi", owner.office)
    points = [voice.point(owner, "ab", alternate), voice.point(partner, "b"),
              voice.point(outside, "bc")]  # fmt: skip
    found = voices.proposed(
        cast, project, points=points, manners={"a": "sole", "b": "joint", "c": "sole"}
    )
    voices.signed(found, colleague, partner)

    def who(scope: str) -> set[str]:
        actors = (owner, alternate, colleague, partner, outside)
        return {a.name for a in actors if speaking.speaks(a, project, scope, AFTER)}

    assert who("a") == {owner.name, "Juma"}
    assert who("b") == set()
    assert who("c") == {"Zuri"}
    assert speaking.may_sign(partner, project, "b", AFTER)
    assert not speaking.may_sign(colleague, project, "b", AFTER)
    assert "Carbon Agents" in speaking.why_silent(owner, project, "c", AFTER)
    shared = voices.proposed(
        cast, project, points=points, manners={"a": "sole", "b": "shared", "c": "sole"}
    )
    voices.signed(shared, owner, partner)
    assert who("b") == {owner.name, "Juma", partner.name, "Zuri"}


def test_who_no_longer_acts_for_the_entity_no_longer_speaks_for_it(cast: Cast) -> None:
    project = voices.published(cast)
    leaver = person(cast, "Zuri", cast.participant.office, date(2013, 8, 31))
    found = voices.proposed(cast, project, points=[voice.point(leaver)])
    voices.signed(found, cast.participant, cast.rival_participant)
    assert speaking.speaks(leaver, project, "c", voices.SIGNED)
    assert not speaking.speaks(leaver, project, "c", AFTER)


def test_a_focal_point_is_named_with_people_who_sign_in_for_it(
    cast: Cast, nothing_written: Any
) -> None:
    project, owner, partner = voices.published(cast), cast.participant, cast.rival_participant
    mixed = actions.Point(partner.office, voice.point(owner).primary, "", frozenset("abc"))
    twice = actions.Point(owner.office, voice.point(owner).primary, voice.point(owner).primary,
                          frozenset("abc"))  # fmt: skip
    two = [voice.point(owner), voice.point(partner, "a")]
    cases: list[tuple[str, dict[str, Any]]] = [
        ("point1_primary", {"points": [mixed]}),
        ("point1_alternate", {"points": [twice]}),
        ("point1_organisation_id", {"points": []}),
        ("point2_organisation_id", {"points": [voice.point(owner), voice.point(owner, "a")]}),
        ("point1_scopes", {"points": [voice.point(owner, "")]}),
        ("manner_b", {"points": [voice.point(owner, "ac")]}),
        ("manner_a", {"points": two}),
        ("manner_c", {"points": two, "manners": {"a": "joint", "b": "sole", "c": "shared"}}),
        ("manner_c", {"manners": {"a": "sole", "b": "sole"}}),
        ("added_ids", {"added_ids": [partner.office]}),
    ]
    for field, changes in cases:
        with nothing_written(), pytest.raises(Invalid) as refusal:
            voices.proposed(cast, project, **changes)
        assert list(refusal.value.errors) == [field]


def test_a_refused_form_keeps_what_was_typed(cast: Cast, client: Client, sign_in: SignIn) -> None:
    project = voices.published(cast)
    page = reverse("participant:propose_statement", args=[project.name])
    answer = sign_in(client, cast.participant).post(page, {
        "point1_organisation_id": cast.participant.office, "point1_primary": "who@example.org",
        "point1_scopes": ["a", "b", "c"], "manner_a": "sole", "manner_b": "sole",
        "manner_c": "sole",
    })
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Nobody who acts for this entity signs in with this address." in text
    assert "who@example.org" in text


def test_a_pending_change_stands_on_the_desks_of_those_who_are_to_sign(cast: Cast) -> None:
    project = voices.published(cast)
    voices.in_force(cast, project, joint="b")
    project = voices.opined(cast, project)
    with pytest.raises(Forbidden, match="focal point of scope"):
        voices.proposed(cast, project, actor=person(cast, "Kesi", cast.participant.office),
                        at=AFTER, reason="Mine")  # fmt: skip
    found = voices.changed(cast, project, "signing")

    def asked(actor: Actor) -> list[str]:
        return [item["what"] for item in queues.items(desk.queue(actor, AFTER))
                if item["title"] == "Modalities of communication"]

    assert asked(cast.participant) == []
    assert asked(cast.rival_participant) == [
        "A change of who takes part or speaks: your signature is missing."
    ]
    voices.signed(found, cast.rival_participant, at=AFTER)
    assert asked(cast.rival_participant) == []
    (item,) = [each for each in queues.items(board_queries.queue(cast.secretariat, AFTER))
               if each["action_label"] == "Process the change"]  # fmt: skip
    assert item["url"] == reverse("board:communication", args=[project.name, found.number])


def joining(cast: Cast, project: Project, entity: int, removed: int) -> Statement:
    """A change that adds one participant and lets another go, signed by all but the new one."""
    found = voices.proposed(
        cast, project, at=AFTER, reason="The investor joins.", added_ids=[entity],
        removed_ids=[removed],
    )
    return voices.signed(found, cast.participant, at=AFTER)


def test_a_participant_joins_with_its_signature_and_a_letter_and_another_leaves(
    cast: Cast, nothing_written: Any
) -> None:
    project, abroad = voices.published(cast), france()
    voices.in_force(cast, project)
    project = voices.opined(cast, project)
    joiner = person(cast, "Marie", abroad.entity)
    found = joining(cast, project, abroad.entity, cast.rival_participant.office)
    assert found.state == "signing"
    found = voices.signed(found, joiner, at=AFTER)
    assert found.state == "signed"
    act: dict[str, Any] = {"actor": cast.secretariat, "at": AFTER, "statement_id": found.pk}
    with nothing_written(), pytest.raises(NotYet, match="authorises Vent du Large SA"):
        board.process_change(**act)
    host = project.letters.get()
    waits = queues.items(dna_queries.queue(cast.dna, AFTER))[0]
    assert waits["what"].endswith("Vent du Large SA.")
    with nothing_written(), pytest.raises(NotFound):
        dna.authorise_added(
            actor=abroad.dna, at=AFTER, letter_id=host.pk, organisation_id=abroad.entity
        )
    authorise: dict[str, Any] = {"actor": cast.dna, "at": AFTER, "letter_id": host.pk}
    with nothing_written(), pytest.raises(Invalid):
        dna.authorise_added(**authorise, organisation_id=cast.participant.office)
    dna.authorise_added(**authorise, organisation_id=abroad.entity)
    board.process_change(**act)
    kept = project.participations.values_list("organisation_id", "authorised_at")
    assert {pk for pk, _ in kept} == {cast.participant.office, abroad.entity}
    assert None not in {at for _, at in kept}


def test_the_owner_stays_and_nobody_is_added_twice(cast: Cast, nothing_written: Any) -> None:
    project = voices.published(cast)
    voices.in_force(cast, project)
    project = voices.opined(cast, project)
    for field, changes in (
        ("removed_ids", {"removed_ids": [cast.participant.office]}),
        ("removed_ids", {"removed_ids": [cast.doe.office]}),
        ("added_ids", {"added_ids": [cast.rival_participant.office]}),
        ("added_ids", {"added_ids": [cast.doe.office]}),
        ("reason", {"reason": " "}),
    ):
        with nothing_written(), pytest.raises(Invalid) as refusal:
            voices.proposed(cast, project, **{"at": AFTER, "reason": "So"} | changes)
        assert list(refusal.value.errors) == [field]


def test_anybody_reads_who_speaks_but_no_address(cast: Cast, client: Client) -> None:
    project = voices.published(cast)
    page = reverse("participant-public:communication", args=[project.name])
    assert "No statement is in force yet." in client.get(page).content.decode()
    voices.in_force(cast, project, joint="b")
    text = client.get(page).content.decode()
    assert cast.participant.name in text and "Rival Wind Limited" in text
    assert "Joint: all of them sign" in text
    assert "@example.org" not in text

"""A section saved while it is typed: kept as typed, never lost, never over somebody else's text."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cdm_portal.identity import actions as identity
from cdm_portal.identity import queries as identity_queries
from cdm_portal.identity.middleware import CHOSEN
from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Invalid, NotFound, Refused
from cdm_portal.values import SYSTEM, Actor, Role
from projects.lifecycle import NotNow
from projects.models import Project
from projects.participant import actions, queries
from projects.participant.actions import ChangedMeanwhile
from projects.participant.models import DesignDocument, TypedSection
from tests.cast import SINCE, Cast
from tests.projects.participant.designs import AT, filled, started, submitted

PLACE = {"location": "Nakuru County", "latitude": "-0.3031", "longitude": "36.08",
         "utc_offset": "+00:00"}
HALF = PLACE | {"location": "Nakuru, near the lake", "latitude": "-0,30"}
AS_TYPED = {box: [text] for box, text in HALF.items()}


def colleague(cast: Cast) -> tuple[Actor, Client]:
    """A second person of the participant's own organisation, and their browser."""
    user = identity.register_person(
        actor=SYSTEM, at=AT, name="Baraka Njoroge", email="baraka@example.org", password="secret"
    )
    membership = identity.grant_role(
        actor=SYSTEM, at=AT, person_id=user.person_id, role=Role.PARTICIPANT, valid_from=SINCE,
        organisation_id=cast.participant.office,
    )
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[CHOSEN] = membership.pk
    session.save()
    return identity_queries.actor(membership), client


def seen(case: Project, section: str = "location") -> str:
    return queries.seen(queries.draft(case).content, section)


def saved(case: Project) -> dict[str, Any]:
    return dict(DesignDocument.objects.get(project=case).content["location"])


def keep(case: Project, actor: Actor, **changes: Any) -> Any:
    values = {"typed": AS_TYPED, "values": HALF, "seen": seen(case), "faults": {}} | changes
    return actions.keep_typed(
        actor=actor, at=AT, project_id=case.pk, section="location", **values
    )


def address(name: str, case: Project) -> str:
    return reverse(f"participant:{name}", args=[case.reference, "location"])


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def acts(case: Project) -> int:
    return journal.of_project(case.reference).count()


@pytest.mark.django_db
def test_what_cannot_be_used_is_kept_as_typed_beside_the_last_usable_values(cast: Cast) -> None:
    case = filled(cast)
    before = saved(case)
    kept = keep(case, cast.participant)
    assert (kept.saved, kept.changed, list(kept.reasons)) == (False, False, ["latitude"])
    assert saved(case) == before
    assert TypedSection.objects.get().typed == AS_TYPED
    told = acts(case)
    keep(case, cast.participant)
    assert acts(case) == told, "the same text twice is one act"
    usable = HALF | {"latitude": "-0.30"}
    assert keep(case, cast.participant, values=usable).saved
    assert saved(case)["location"] == "Nakuru, near the lake"
    assert not TypedSection.objects.exists()


@pytest.mark.django_db
def test_what_is_saved_already_is_no_act(cast: Cast) -> None:
    case = filled(cast)
    told = acts(case)
    assert keep(case, cast.participant, values=PLACE).saved
    assert acts(case) == told


@pytest.mark.django_db
def test_nothing_is_kept_for_a_stranger_in_a_closed_document_or_without_end(cast: Cast) -> None:
    case = filled(cast)
    with pytest.raises(NotFound):
        keep(case, cast.rival_participant)
    with pytest.raises(Invalid, match="100,000 characters"):
        keep(case, cast.participant, typed={"location": ["x" * 100_001]})
    with pytest.raises(Invalid, match="cannot be printed"):
        keep(case, cast.participant, typed={"location": ["a\0b"]})
    closed, _ = submitted(cast)
    actions.withdraw(actor=cast.participant, at=AT, project_id=closed.pk, reason="No buyer")
    with pytest.raises(NotNow):
        keep(closed, cast.participant)
    with pytest.raises(NotNow):
        actions.drop_typed(
            actor=cast.participant, at=AT, project_id=closed.pk, section="location"
        )
    assert not TypedSection.objects.exists()


@pytest.mark.django_db
def test_leaving_and_coming_back_shows_what_was_typed_and_why_it_is_not_saved(
    client: Client, cast: Cast, sign_in: Callable[[Client, Actor], Client]
) -> None:
    case, desk = filled(cast), sign_in(client, cast.participant)
    answer = desk.post(address("typed", case), HALF | {"seen": seen(case)})
    assert (answer.status_code, answer.json()["state"]) == (422, "kept")
    assert answer.json()["message"].startswith("Not saved. Latitude: Enter a number")
    back = desk.get(address("section", case))
    assert back.status_code == 200
    assert 'value="-0,30"' in text(back)
    assert "Latitude: Enter a number" in text(back)
    assert "This is what you typed up to" in text(back)
    design = desk.get(reverse("participant:design", args=[case.reference]))
    assert "Typed, but not saved, so no part of the version:" in text(design)
    dropped = desk.post(address("drop_typed", case))
    assert dropped.status_code == 302
    assert 'value="-0.30310"' in text(desk.get(address("section", case)))
    assert desk.post(reverse("participant:typed", args=[case.reference, "x"])).status_code == 404


@pytest.mark.django_db
def test_the_second_of_two_people_sees_both_texts_and_decides(
    client: Client, cast: Cast, sign_in: Callable[[Client, Actor], Client]
) -> None:
    case, first = filled(cast), sign_in(client, cast.participant)
    _, second = colleague(cast)
    opened = seen(case)
    told = first.post(address("typed", case), PLACE | {"location": "Elmenteita", "seen": opened})
    assert (told.status_code, told.json()["seen"]) == (200, seen(case))
    mine = PLACE | {"location": "Naivasha", "seen": opened}
    late = second.post(address("typed", case), mine)
    assert (late.status_code, late.json()["state"]) == (409, "changed")
    assert "Achieng Odhiambo saved “Location” at " in late.json()["message"]
    back = text(second.get(address("section", case)))
    assert "<th scope=\"row\">Place</th><td>Naivasha</td><td>Elmenteita</td>" in back
    assert f'name="seen" value="{opened}"' in back, "typing on does not overwrite"
    assert f'name="over" value="{seen(case)}"' in back
    refused = second.post(address("section", case), mine)
    assert refused.status_code == 422
    assert "Nothing is overwritten: compare both texts." in text(refused)
    assert "<td>Naivasha</td><td>Elmenteita</td>" in text(refused)
    assert saved(case)["location"] == "Elmenteita"
    over = second.post(address("section", case), mine | {"over": seen(case)})
    assert over.status_code == 302
    assert saved(case)["location"] == "Naivasha"
    assert not TypedSection.objects.exists()


def together(*calls: Callable[[], object]) -> list[object]:
    """Each call on a connection of its own, begun at the same moment; refusals are answers."""
    barrier = threading.Barrier(len(calls))
    answers: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            answers[place] = call()
        except Refused as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return answers


@pytest.mark.usefixtures("transactional_db")
def test_of_two_connections_that_saw_the_same_text_one_saves_and_one_is_told(cast: Cast) -> None:
    case = started(cast)
    baraka, _ = colleague(cast)
    both = {cast.participant: "Elmenteita", baraka: "Naivasha"}
    opened = seen(case)

    def save(actor: Actor, place: str) -> Callable[[], object]:
        return lambda: actions.save_seen(
            actor=actor, at=AT + timedelta(minutes=1), project_id=case.pk, section="location",
            values=PLACE | {"location": place}, seen=opened,
        )

    answers = together(*[save(actor, place) for actor, place in both.items()])
    assert {type(answer) for answer in answers} == {ChangedMeanwhile, DesignDocument}
    winner = next(place for place, answer in zip(both.values(), answers, strict=True)
                  if isinstance(answer, DesignDocument))
    assert saved(case)["location"] == winner
    assert journal.of_project(case.reference).filter(verb="participant.save_section").count() == 1


@pytest.mark.usefixtures("transactional_db")
def test_without_asking_what_was_seen_the_second_text_replaces_the_first(cast: Cast) -> None:
    """The negative control: the same two, saved by the action that does not ask."""
    case = started(cast)

    def save(place: str) -> Callable[[], object]:
        return lambda: actions.save_section(
            actor=cast.participant, at=AT, project_id=case.pk, section="location",
            values=PLACE | {"location": place},
        )

    answers = together(save("Elmenteita"), save("Naivasha"))
    assert {type(answer) for answer in answers} == {DesignDocument}

"""Requests for holding accounts: what cannot be asked, who reads the evidence, who is told; and
a standing holds where units are sold."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.identity import actions as identity
from cdm_portal.notices import actions as notices
from cdm_portal.notices import queries as told
from cdm_portal.pages import desk
from cdm_portal.refusals import Forbidden, Refused
from cdm_portal.values import SYSTEM, Role
from registry import actions, errors, queries
from registry.opening.models import AccountRequest, EvidenceFile
from tests.cast import AT, SINCE, Cast
from tests.registry import account_story as story
from tests.registry.ledger import ADMIN, Ledger
from tests.uploads.files import pdf

pytestmark = pytest.mark.django_db
NEW = "/desk/registry/account-requests/new/"


def filled(cast: Cast) -> dict[str, Any]:
    """The form as a browser sends it."""
    said = dataclasses.asdict(story.ASKED)
    files = {
        each.item: SimpleUploadedFile(each.filename, each.data) for each in story.FILES
    }
    return said | files | {
        "party": said["party_code"], "representatives": [str(cast.participant.person)],
    }


def test_a_form_with_something_wrong_says_where_and_keeps_what_was_typed(
    client: Client, cast: Cast, sign_in: Any
) -> None:
    sign_in(client, cast.participant)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"party": ""}, "This field is required."), ({"signatory": " "}, "This field is required."),
        ({"representatives": []}, "This field is required."),
        ({"representatives": [str(cast.rival_participant.person)]}, "Select a valid choice."),
        ({"status": ""}, "This field is required."),
        ({"identity": SimpleUploadedFile("me.pdf", b"MZ no pdf")}, "named PDF but is not one"),
    ]
    for change, said in wrong:
        form = {**filled(cast), **change}
        answer = client.post(NEW, form)
        page = answer.content.decode()
        assert (answer.status_code, said in page, "Lake Road 1" in page) == (422, True, True), said
    assert AccountRequest.objects.count() == 0
    assert client.post(NEW, filled(cast)).status_code == 302
    again = client.post(NEW, filled(cast))
    assert again.status_code == 422 and "asked for an account" in again.content.decode()
    assert AccountRequest.objects.count() == 1


def test_who_administers_the_registry_represents_no_account(cast: Cast) -> None:
    identity.grant_role(
        actor=SYSTEM, at=AT, person_id=cast.registry.person,
        organisation_id=cast.participant.office, role=Role.PARTICIPANT, valid_from=SINCE,
    )
    with pytest.raises(Refused, match="administers no registry"):
        story.requested(cast, clock.now(), people=[cast.registry.person])
    with pytest.raises(Forbidden):
        actions.request_account(
            actor=cast.registry, at=clock.now(), asked=story.ASKED, people=[], files=[]
        )
    assert AccountRequest.objects.count() == 0


def test_the_evidence_is_read_by_its_holder_the_registry_and_auditors_alone(
    cast: Cast, sign_in: Any
) -> None:
    request = story.requested(cast, clock.now())
    file = EvidenceFile.objects.filter(item__request=request)[0]
    pages = [
        reverse("registry:account_evidence", args=[file.pk]),
        reverse("registry:account_request", args=[request.pk]),
        reverse("api:account_request", args=[request.pk]),
    ]
    readers = (cast.participant, cast.registry, cast.auditor)
    for actor in (*readers, cast.rival_participant, cast.secretariat, cast.board[0], cast.dna):
        client = sign_in(Client(), actor)
        for page in pages:
            assert client.get(page).status_code == (200 if actor in readers else 404), page
    answer = sign_in(Client(), cast.participant).get(pages[0])
    assert answer.content == pdf()
    assert answer["Cache-Control"] == "private, no-store"
    assert "attachment" in answer["Content-Disposition"]
    listed = sign_in(Client(), cast.rival_participant).get(reverse("api:account_requests"))
    assert listed.json()["data"] == []
    assert Client().get(pages[0]).status_code == 302


def test_the_applicant_and_the_registry_are_told_and_find_it_on_their_desks(cast: Cast) -> None:
    at = clock.now()
    request = story.asked_in("asked", cast, at)
    notices.tell_waiting(at=at)
    mine = list(told.notices(cast.participant).values_list("title", flat=True))
    assert "The registry marked an item of the evidence." in mine
    assert "A holding account is asked for." in list(
        told.notices(cast.registry).values_list("title", flat=True)
    )
    assert told.notices(cast.rival_participant).count() == 0
    asked = [item["url"] for item in desk.waiting(cast.participant, at)]
    assert reverse("registry:account_request", args=[request.pk]) in asked
    assert desk.waiting(cast.rival_participant, at) == []
    story.marked(cast, at, request, "proven")
    actions.conclude_evidence(actor=cast.registry, at=at, request_id=request.pk)
    whys = {
        actor.name: [item["why_not"] for item in desk.waiting(actor, at)
                     if item["reference"] == request.reference]
        for actor in (cast.registry, cast.registry_second)
    }  # fmt: skip
    assert [bool(why) for why, in whys.values()] == [True, False]


def test_a_representative_who_left_keeps_the_account_shut(cast: Cast) -> None:
    at = clock.now()
    request = story.asked_in("concluded", cast, at)
    cast.sign_ins[cast.participant][1].__class__.objects.filter(
        person_id=cast.participant.person
    ).update(valid_to=SINCE)
    with pytest.raises(Refused, match="acts for the holder"):
        actions.open_requested_account(
            actor=cast.registry_second, at=at, request_id=request.pk
        )
    assert AccountRequest.objects.get().state == "kyc"
    assert queries.account_for(cast.participant.office, "KE") is None


def test_units_on_offer_of_a_suspended_account_are_neither_held_nor_sold(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    given = {"actor": ADMIN, "at": ledger.at, "reason": "Doubts"}
    account = ledger.account()
    actions.restrict_account(account_id=account.pk, standing="restricted", **given)
    ledger.cancelled(lot, 1)
    assert queries.available(lot.pk, ledger.at) == 99
    actions.restrict_account(account_id=account.pk, standing="suspended_partially", **given)
    assert queries.available(lot.pk, ledger.at) == 0
    with pytest.raises(errors.Suspended, match="gives no units"):
        ledger.cancelled(lot, 1)
    lot.refresh_from_db()
    assert lot.next_serial == 2
    ledger.done(ledger.measure("lift", account_id=account.pk))
    ledger.cancelled(lot, 1)

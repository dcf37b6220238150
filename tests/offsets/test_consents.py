"""Offers that need a focal point's consent: asked, given, refused, used once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cdm_portal.notices.models import Pending
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from cdm_portal.values import Actor
from offsets import actions, consenting, waiting
from offsets.errors import NeedsConsent
from offsets.models import Offer, OfferConsent
from projects.participant import actions as participant
from projects.participant.communication.models import FocalPoint, Statement, StatementParticipant
from tests.offsets.conftest import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance")]


def spoken_for(shop: Shop, *actors: Actor, manner: str = "sole") -> Statement:
    """A statement in force that names these for forwarding, and the seller for the rest."""
    seller = shop.seller
    made = Statement.objects.create(
        project=shop.project, number=shop.project.statements.count() + 1, manner_a=manner,
        manner_b="sole", manner_c="sole", proposed_by_id=seller.office, proposer_name=seller.name,
        proposed_at=shop.at,
    )
    StatementParticipant.objects.create(statement=made, organisation_id=seller.office)
    scopes = dict.fromkeys(actors, "a")
    scopes[seller] = "abc" if seller in scopes else "bc"
    for actor, said in scopes.items():
        FocalPoint.objects.create(
            statement=made, organisation_id=actor.office, primary_id=actor.person, scopes=said
        )
    participant.sign_statement(actor=seller, at=shop.at, statement_id=made.pk)
    made.refresh_from_db()
    assert made.state == "in_force"
    return made


def ask(shop: Shop, **changes: Any) -> OfferConsent:
    given = {"actor": shop.seller, "at": shop.at, "project": shop.project, "quantity": 100,
             "commitment_period": 2, "lowest_price": Decimal("4.00")}  # fmt: skip
    return actions.ask_consent(**given | changes)


def settle() -> None:
    """What is checked at commit is checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_whose_consent_is_needed(shop: Shop) -> None:
    rival = shop.cast.rival_participant
    assert consenting.who_consents(shop.project, shop.seller.office) == []  # nobody is named
    shop.offer(1)
    settle()
    for actors, manner, needed in (
        ((shop.seller,), "sole", []), ((shop.seller, rival), "shared", []),
        ((shop.seller, rival), "joint", [rival.office]), ((rival,), "sole", [rival.office]),
    ):
        point = transaction.savepoint()
        spoken_for(shop, *actors, manner=manner)
        found = consenting.who_consents(shop.project, shop.seller.office)
        assert [each.pk for each in found] == needed
        if needed:
            with pytest.raises(NeedsConsent, match="Rival Wind"):
                shop.offer(1)
        else:
            shop.offer(1)
            with pytest.raises(Refused, match="Nobody else"):
                ask(shop)
        settle()
        transaction.savepoint_rollback(point)


def test_a_consent_serves_one_offer_within_its_limits(shop: Shop) -> None:
    rival, seller = shop.cast.rival_participant, shop.seller
    spoken_for(shop, rival)
    asked = ask(shop)
    for actor in (shop.cast.dna, shop.cast.doe):
        with pytest.raises(NotFound):
            actions.give_consent(actor=actor, at=shop.at, consent_id=asked.pk)
    with pytest.raises(Forbidden, match="not needed"):
        actions.give_consent(actor=seller, at=shop.at, consent_id=asked.pk)
    with pytest.raises(Refused, match="have not answered"):
        ask(shop)
    with pytest.raises(NeedsConsent):
        shop.offer(100)
    assert Pending.objects.filter(entry__verb="offsets.ask_consent").count() == 1
    lines = [line.kind for line in waiting.queue(rival, shop.at) if line.rows.exists()]
    assert lines == ["offsets.consent"]
    actions.give_consent(actor=rival, at=shop.at, consent_id=asked.pk)
    for quantity, price in ((101, "4.00"), (100, "3.99")):
        with pytest.raises(NeedsConsent):
            shop.offer(quantity, price)
    offer = shop.offer(100, "4.00")
    asked.refresh_from_db()
    assert asked.offer_id == offer.pk
    settle()
    with pytest.raises(NeedsConsent):
        shop.offer(1, "4.00")
    with pytest.raises(Invalid, match="consented to"):
        actions.change_price(actor=seller, at=shop.at, offer_id=offer.pk, price=Decimal("3.50"))
    with pytest.raises(Refused):
        actions.refuse_consent(actor=rival, at=shop.at, consent_id=asked.pk, reason="Late.")


def test_what_is_refused_or_taken_back_serves_nothing(shop: Shop) -> None:
    rival, seller = shop.cast.rival_participant, shop.seller
    spoken_for(shop, rival)
    first = ask(shop)
    with pytest.raises(Invalid):
        actions.refuse_consent(actor=rival, at=shop.at, consent_id=first.pk, reason=" ")
    actions.refuse_consent(actor=rival, at=shop.at, consent_id=first.pk, reason="Too cheap.")
    second = ask(shop)
    with pytest.raises(Forbidden, match="Only the seller"):
        actions.take_back_consent(actor=rival, at=shop.at, consent_id=second.pk)
    actions.take_back_consent(actor=seller, at=shop.at, consent_id=second.pk)
    with pytest.raises(NeedsConsent):
        shop.offer(100)
    assert not Offer.objects.exists()


FORGED = (
    ("UPDATE offsets_offerconsent SET state = 'given' WHERE state = 'refused'", "stays as it was"),
    ("DELETE FROM offsets_offerconsent", "stays as it was"),
    ("TRUNCATE offsets_offerconsent CASCADE", "of record"),
    ("UPDATE offsets_consentsignature SET at = now()", "of record"),
    ("INSERT INTO offsets_offer (project_id, seller_id, commitment_period, quantity, price,"
     " currency, price_version, state, listed_at) SELECT project_id, seller_id, 2, 1, 1, 'USD', 1,"
     " 'listed', now() FROM offsets_offerconsent LIMIT 1", "have not consented"),
)  # fmt: skip


def test_the_database_lists_no_offer_without_it(shop: Shop) -> None:
    rival = shop.cast.rival_participant
    spoken_for(shop, rival)
    refused = ask(shop)
    actions.refuse_consent(actor=rival, at=shop.at, consent_id=refused.pk, reason="No.")
    actions.give_consent(actor=rival, at=shop.at, consent_id=ask(shop).pk)
    settle()
    for statement, says in FORGED:
        with pytest.raises(DatabaseError, match=says), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
            settle()


def test_the_pages_ask_and_answer(shop: Shop, sign_in: Any, client: Any) -> None:
    rival = shop.cast.rival_participant
    spoken_for(shop, rival)
    seller = sign_in(client, shop.seller)
    new = reverse("offsets:offer_new", args=[shop.project.reference])
    assert "has to consent first" in seller.get(new).content.decode()
    said = {"commitment_period": "2", "quantity": "100", "lowest_price": "4.00"}
    made = seller.post(reverse("offsets:consent_new", args=[shop.project.reference]), said)
    page = made.headers["Location"]
    other = sign_in(type(client)(), rival)
    assert other.post(page, {"answer": "refuse", "reason": ""}).status_code == 422
    assert other.post(page, {"answer": "give"}).status_code == 302
    assert "Consent given" in seller.get(page).content.decode()

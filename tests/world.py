"""A world with a project at every stage, made once by the actions in a database of its own.

Tests of pages, of the admin and of the API look at it; `as_if` undoes what one request wrote, so
that the next one finds the world as it was.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections, transaction
from django.test import Client

from cdm_portal import clock, deadlines
from cdm_portal.demonstration import voice
from cdm_portal.demonstration.portfolio import Until
from cdm_portal.demonstration.walk import Walk
from cdm_portal.identity.middleware import CHOSEN
from cdm_portal.notices import actions as notice_actions
from cdm_portal.notices import queries as notice_queries
from cdm_portal.rulebook import actions as rulebook_actions
from cdm_portal.values import SYSTEM, Actor
from offsets.models import Offer, OfferConsent
from projects.activities import actions as activity_actions
from projects.activities.models import Activity
from projects.board import actions as board_actions
from projects.board.models import Inquiry
from projects.dna import actions as dna_actions
from projects.doe import actions as doe_actions
from projects.participant import actions as participant_actions
from projects.programmes.models import Component
from registry import actions as registry_actions
from registry.importing import actions as importing
from registry.importing.reports import Booking, Report
from registry.models import InstructionLine
from tests import factories, sealing
from tests.cast import Cast
from tests.cobenefits import declared
from tests.ledger_database import copy_database, drop_database, pointed_at
from tests.offsets import prints
from tests.projects.programmes import story as programmes
from tests.projects.reference import story as reference
from tests.registry import account_story as accounts
from tests.uploads.files import pdf

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SALES = (("Amina Otieno", "Our winter", 3, True), ("Hidden Buyer", "No name shown", 2, False))
BENEFITS = {"jobs": ("slight", "4 jobs", "for technicians of the county")}


RECORD = Activity(
    reference="7", number="7", kind="PA", titled=True, title="An activity of the historic record",
    status=Activity.Status.REGISTERED, hosts=["KE"], scopes=[1], methodologies=["AMS-I.D"],
    sheet_row=2, row_sha256="0" * 64,
)


@dataclass
class World:
    """Walks by the stage they reached; everything that a test points at is found from them."""

    cast: Cast
    walks: dict[Until, Walk] = field(default_factory=dict)
    proposal_id: int = 0
    measure_id: int = 0
    question_id: int = 0
    proceeding_id: int = 0
    change_id: int = 0
    notice_id: int = 0
    calendar: UUID = NAMESPACE_URL
    attachment_id: int = 0
    account_request_id: int = 0
    prior_notice_id: int = 0
    components: dict[str, Component] = field(default_factory=dict)
    exclusion_id: int = 0
    inquiry_id: int = 0
    debt_id: int = 0
    consent_id: int = 0

    def project(self, until: Until) -> Any:
        """The project that was brought exactly so far."""
        return self.walks[until].project

    def client(self, actor: Actor | None) -> Client:
        """A browser of somebody of the cast, signed in in that role; None is a stranger's."""
        client = Client(raise_request_exception=False)
        if actor is not None:
            user, membership = self.cast.sign_ins[actor]
            client.force_login(user, backend=BACKEND)
            session = client.session
            session[CHOSEN] = membership.pk
            session.save()
        return client

    def superuser(self) -> Client:
        """A browser of the superuser, who holds no role."""
        client = Client(raise_request_exception=False)
        client.force_login(self.cast.superuser, backend=BACKEND)
        return client


@contextlib.contextmanager
def as_if() -> Iterator[None]:
    """What is written inside is undone afterwards."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


STAGES = (
    Until.DRAFT, Until.DESIGN_SUBMITTED, Until.LETTER_REQUESTED, Until.COMMENTS_OPEN,
    Until.FINDINGS_OPEN, Until.REGISTRATION_CHECKS, Until.REGISTRATION_WINDOW, Until.REPORTED,
    Until.VERIFYING, Until.INSTRUCTED, Until.OFFERED,
)


def build() -> World:
    """A project at each of these stages, an offer with two certificates, a proposal, a question."""
    now = clock.now()
    world = World(Cast.assemble())
    for until in STAGES:
        sold = until == Until.OFFERED
        world.walks[until] = factories.walk(
            world.cast, until, now, key=f"world-{until}", title=f"Solar park {until.name.lower()}",
            price="4.80", sales=SALES if sold else (), benefits=BENEFITS if sold else {},
        )
    _ask(world, now)
    _leave(world, now)
    _owe(world, now)
    _tell(world, now)
    _propose(world, now)
    _ask_for_an_account(world, now)
    _change(world, now)
    _govern(world, now)
    _revise(world, now)
    _declare(world, now)
    reference.everything(world.cast, now)
    board_actions.plan_meeting(
        actor=world.cast.secretariat, at=now, number=118, place="Bonn",
        first_date=now.date() + timedelta(days=30), last_date=now.date() + timedelta(days=32),
    )
    world.components, world.exclusion_id = programmes.everything(world.cast)
    world.proceeding_id = doe_actions.propose_proceeding(
        actor=world.cast.secretariat, at=now, kind="suspend", scopes=(13,), months=6,
        functions=("verification",), organisation_id=world.cast.doe.office, reasons="Spot-check",
    ).pk
    _accuse(world, now)
    activity_actions.keep_activities(actor=SYSTEM, at=now, activities=[RECORD], source="")
    factories.orders(Offer.objects.get(), world.cast, now)
    registry_actions.reconcile(at=now)
    sealing.seal(at=now, key=Ed25519PrivateKey.generate())
    prints.print_all(now)
    return world


def _ask(world: World, now: datetime) -> None:
    """An attachment to a draft; a question about a letter, and one answered."""
    draft = world.project(Until.DRAFT)
    world.attachment_id = participant_actions.attach(
        actor=world.cast.participant, at=now, project_id=draft.pk, title="Permit",
        filename="permit.pdf", data=pdf(),
    ).pk
    letter = dna_actions.request_letter(
        actor=world.cast.participant, at=now,
        project_id=world.project(Until.DESIGN_SUBMITTED).pk,
    )
    world.question_id = dna_actions.ask_question(
        actor=world.cast.dna, at=now, letter_id=letter.pk, text="Who owns the land?"
    ).pk


def _ask_for_an_account(world: World, now: datetime) -> None:
    """The participant asks for accounts: one is refused, one is questioned and waits."""
    cast = world.cast
    refused = accounts.requested(
        cast, now, asked=dataclasses.replace(accounts.ASKED, party_code="UG")
    )
    asked = accounts.requested(
        cast, now, asked=dataclasses.replace(accounts.ASKED, party_code="NG")
    )
    world.account_request_id = asked.pk
    for request in (refused, asked):
        registry_actions.take_up_account_request(
            actor=cast.registry, at=now, request_id=request.pk
        )
    registry_actions.refuse_account_request(
        actor=cast.registry, at=now, request_id=refused.pk, reasons="It does not exist any more."
    )
    accounts.marked(cast, now, asked, "proven", "form", "identity")
    accounts.marked(cast, now, asked, "questioned", "status")


def _leave(world: World, now: datetime) -> None:
    """A notice of prior consideration; a withdrawal that was taken back and asked again; the same
    of a deregistration that the Board refused.
    """
    speaks: dict[str, Any] = {"actor": world.cast.participant, "at": now}
    world.prior_notice_id = participant_actions.notify_prior_consideration(
        project_id=world.project(Until.DRAFT).pk, start_date=now.date(), location="Nakuru",
        latitude=Decimal("-0.3"), longitude=Decimal(36), description="Sun.", **speaks,
    ).pk
    open_, offered = world.project(Until.COMMENTS_OPEN).pk, world.project(Until.OFFERED).pk
    board_actions.ask_withdrawal(project_id=open_, reason="Sold.", **speaks)
    board_actions.take_back_withdrawal(project_id=open_, **speaks)
    board_actions.ask_withdrawal(project_id=open_, reason="Sold after all.", **speaks)
    board_actions.ask_deregistration(project_id=offered, reason="It moves.", **speaks)
    board_actions.decide_deregistration(
        actor=world.cast.board[0], at=now, project_id=offered, grant=False, reasons="Not yet."
    )
    board_actions.ask_deregistration(project_id=offered, reason="It moves away.", **speaks)


def _tell(world: World, now: datetime) -> None:
    """A notice of the host Party's authority, and the address of its calendar."""
    notice_actions.remind(actor=world.cast.dna, at=now, items=[{
        "url": "/desk/letters/", "title": "A letter", "what": "Answer.", "until": now,
    }])
    world.notice_id = notice_queries.notices(world.cast.dna)[0].pk
    world.calendar = notice_actions.renew_calendar(actor=world.cast.dna, at=now).secret


def _owe(world: World, now: datetime) -> None:
    """A payment and a change of a rule, each of which waits for a second person."""
    world.change_id = rulebook_actions.propose_change(
        actor=world.cast.second_secretariat, at=now, name="gsc_days", value="28",
        valid_from=now.date() + timedelta(days=30), source="A later procedure", verified=False,
    ).pk
    request = world.walks[Until.INSTRUCTED].case
    board_actions.record_payment(
        actor=world.cast.second_secretariat, at=now, request_id=request.pk,
        amount=request.invoice.amount_usd, currency="USD", payment_reference="WORLD-1",
        received_on=now.date(),
    )


def _propose(world: World, now: datetime) -> None:
    """Units that wait in the pending account, and a proposal to forward some."""
    proposed = factories.walk(
        world.cast, Until.INSTRUCTED, now, key="world-proposed", title="Solar park proposed"
    )
    proposed.pay(now)
    waiting = proposed.project
    for line in InstructionLine.objects.filter(project_number=waiting.number):
        registry_actions.release_instruction(actor=world.cast.registry, at=now, line_id=line.pk)
    board_actions.issue_instructed(at=now)
    world.proposal_id = participant_actions.request_forwarding(
        actor=world.cast.participant, at=now, project_id=waiting.pk, quantity=1,
        to_account_id=factories.holding_account(world.cast, now), commitment_period=2,
    ).proposal_id or 0
    trusted = _trust(world, now, "FR", "France")
    registry_actions.approve_measure(actor=world.cast.registry, at=now, measure_id=trusted)
    world.measure_id = _trust(world, now, "DE", "Germany")


def _revise(world: World, now: datetime) -> None:
    """A change of a registered design that waits for the DOE that was asked to validate it."""
    case = world.project(Until.OFFERED)
    following = case.periods.get().last_date + timedelta(days=1)
    revision = participant_actions.start_revision(
        actor=world.cast.participant, at=now, project_id=case.pk,
        wish=participant_actions.Wish(
            kind="deviation", reasons="The meter is calibrated.", effective_date=following,
            last_date=following + timedelta(days=3),
        ),
    )
    doe_actions.offer_revision(
        actor=world.cast.participant, at=now, revision_id=revision.pk,
        organisation_id=world.cast.doe.office,
    )


def _accuse(world: World, now: datetime) -> None:
    """An inquiry in which the DOE may answer, and the debt of an earlier one, of which a repayment
    was proposed and taken back. They are about a DOE that has no work here: a debt stops everything
    that it would do.
    """
    cast, period = world.cast, world.project(Until.OFFERED).periods.get()
    given: dict[str, Any] = {
        "period": period, "doe_id": cast.unaccredited_doe.office, "proposed": 3,
        "reasons": "Two meters were read twice.", "prepared_at": now,
        "prepared_by_id": cast.secretariat.person, "answer_until": deadlines.due_at(now, 30),
    }
    act: dict[str, Any] = {"at": now, "inquiry_id": Inquiry.objects.create(**given).pk}
    board_actions.answer_inquiry(actor=cast.unaccredited_doe, text="We read one twice.", **act)
    decided = board_actions.decide_inquiry(
        actor=cast.board[0], excess=2, reasons="One meter was.", **act
    )
    world.debt_id = decided.debt_id or 0
    repaid = doe_actions.propose_repayment(
        actor=cast.participant, at=now, debt_id=world.debt_id, quantity=1, commitment_period=2,
        project_number=period.project.number, from_account_id=factories.holding_account(cast, now),
    ).proposal_id
    registry_actions.reject_proposal(
        actor=cast.participant, at=now, proposal_id=repaid, reason="Too few."
    )
    world.inquiry_id = Inquiry.objects.create(**given).pk
    world.consent_id = OfferConsent.objects.create(  # its seller needs none by now
        project=period.project, statement=period.project.statements.get(state="in_force"),
        seller_id=cast.participant.office, commitment_period=2, quantity=10, lowest_price=4,
        asked_by_id=cast.participant.person, asked_at=now,
    ).pk


def _declare(world: World, now: datetime) -> None:
    """What the world has of co-benefits."""
    declared.declare(
        world.cast, now, world.project(Until.REPORTED), world.project(Until.OFFERED)
    )


def _trust(world: World, now: datetime, party: str, country: str) -> int:
    """A measure of the participant's, to trust an account abroad; it waits for a second person."""
    abroad = registry_actions.open_account(
        actor=world.cast.registry, at=now, kind=121, party_code=party, holder_id=None,
        name=f"National registry of {country}", external=True,
    )
    return registry_actions.propose_measure(
        actor=world.cast.participant, at=now, verb="trust", reason="Our office there",
        account_id=factories.holding_account(world.cast, now), trusted_id=abroad.pk,
    ).pk


def _change(world: World, now: datetime) -> None:
    """A change of who speaks for a project, which the secretariat is to process."""
    owner = world.cast.participant
    change = participant_actions.propose_statement(
        actor=owner, at=now, project_id=world.project(Until.OFFERED).pk, reason="The office moved.",
        points=[voice.point(owner)], manners={"a": "sole", "b": "sole", "c": "sole"},
    )
    participant_actions.sign_statement(actor=owner, at=now, statement_id=change.pk)


def _govern(world: World, now: datetime) -> None:
    """A representative, the closure of an account asked for and taken back, a stop that two
    persons lifted, and a row of a published report.
    """
    cast = world.cast
    account: dict[str, Any] = {"at": now, "account_id": factories.holding_account(cast, now)}
    registry_actions.name_representative(
        actor=cast.registry, person_id=cast.participant.person_id, **account
    )
    registry_actions.ask_closure(actor=cast.participant, reason="We sold the plant.", **account)
    registry_actions.withdraw_closure(actor=cast.participant, **account)
    registry_actions.stop(actor=cast.registry, at=now, reason="A rehearsal")
    resume = registry_actions.propose_measure(
        actor=cast.registry, at=now, verb="resume", reason="The rehearsal is over"
    )
    registry_actions.approve_measure(
        actor=cast.registry_second, at=now, measure_id=resume.pk
    )
    published = Booking(2, now - timedelta(days=900), "BR", 1, 500, "CER", 1, "BR-116")
    importing.book_issuances(
        actor=importing.register_importer(actor=SYSTEM, at=now), at=now,
        source=Report("issuances.xlsx", "0" * 64, (published,)), rows=[published],
        crediting_ends={},
    )


@pytest.fixture(scope="session")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, World]]:
    """The world in a database of its own, made once."""
    with django_db_blocker.unblock():
        copy = copy_database(connections.settings["default"]["NAME"])
        with pointed_at(copy):
            world = build()
    yield copy, world
    with django_db_blocker.unblock():
        drop_database(copy)


@pytest.fixture(scope="module")
def world(built: tuple[str, World], django_db_blocker: Any) -> Iterator[World]:
    """The world, for one module: whatever the module writes is undone at its end."""
    copy, made = built
    with django_db_blocker.unblock(), pointed_at(copy), transaction.atomic():
        yield made
        transaction.set_rollback(True)

"""One CER's life: read from a meter, verified, issued, forwarded, offered, paid for, cancelled."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from cdm_portal.demonstration import audits
from cdm_portal.values import Actor
from offsets import actions as shop
from offsets import queries as shop_queries
from offsets.models import Certificate, Offer
from offsets.payments import actions as sandbox_book
from offsets.payments import sandbox, webhooks
from offsets.values import GUEST
from projects.board import actions as board
from projects.doe import actions as doe
from projects.lifecycle import Stage
from projects.models import MonitoringPeriod, Project
from projects.participant import actions as participant
from registry import actions as registry
from registry import queries as registry_queries
from registry.models import Cancellation, InstructionLine
from tests.cast import Cast
from tests.journeys import cdm9851
from tests.journeys.cdm9851 import REGISTERED_ESTIMATE, on
from tests.journeys.test_design_to_registration import (
    chinese_participant,
    passes_checks,
    registered,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance")]
KEY = UUID("01900000-0000-7000-8000-000000000001")


def monitored(project: Project, owner: Actor) -> MonitoringPeriod:
    """5 Monitoring: a year of hourly readings, reported."""
    period = participant.open_period(
        actor=owner, at=on(2015, 7, 1), project_id=project.pk, first=cdm9851.FIRST,
        last=cdm9851.LAST,
    )
    participant.upload_readings(
        actor=owner, at=on(2015, 7, 2), period_id=period.pk, filename="year.csv",
        data=cdm9851.readings(), resolution="hour",
    )
    participant.report_monitoring(actor=owner, at=on(2015, 7, 10), period_id=period.pk)
    period.refresh_from_db()
    return period


def verified(period: MonitoringPeriod, owner: Actor, auditor: Actor) -> None:
    """6 Verification: recomputed from the raw readings and certified."""
    engagement = doe.offer_engagement(
        actor=owner, at=on(2015, 7, 12), project_id=period.project_id, period_id=period.pk,
        organisation_id=auditor.organisation_id or 0,
    )
    doe.accept_engagement(
        actor=auditor, at=on(2015, 7, 14), engagement_id=engagement.pk, no_conflict=True,
    )
    doe.open_verification(actor=auditor, at=on(2015, 7, 15), period_id=period.pk)
    run = period.verification.runs.get()
    doe.recompute(at=on(2015, 7, 15), run_id=run.pk)
    audits.settle(auditor, on(2015, 8, 1), period)
    doe.certify(
        actor=auditor, at=on(2015, 9, 1), period_id=period.pk,
        tonnes_by_period={2: REGISTERED_ESTIMATE}, statement="I certify this amount.",
    )


def issued(cast: Cast, period: MonitoringPeriod) -> None:
    """7 CER issuance: window, instruction, payment, release by a second person, one booking."""
    request = board.request_issuance(
        actor=cast.other_doe, at=on(2015, 9, 2), period_id=period.pk
    )
    passes_checks(request, cast.secretariat, on(2015, 9, 5))
    board.close_windows(at=on(2015, 12, 1))
    board.instruct_issuance(
        actor=cast.board[0], at=on(2015, 12, 2), request_id=request.pk
    )
    share = Decimal("1402.30")  # 0.10 USD for each of 14,023 CERs
    payment = board.record_payment(
        actor=cast.secretariat, at=on(2015, 12, 3), request_id=request.pk, amount=share,
        currency="USD", payment_reference="BANK-1", received_on=on(2015, 12, 3).date(),
    )
    board.confirm_payment(
        actor=cast.second_secretariat, at=on(2015, 12, 3), request_id=request.pk,
        payment_id=payment.pk,
    )
    for line in InstructionLine.objects.all():
        registry.release_instruction(actor=cast.registry, at=on(2015, 12, 3), line_id=line.pk)
    board.issue_instructed(at=on(2015, 12, 3))
    board.issue_instructed(at=on(2015, 12, 3))


def offered(cast: Cast, project: Project, owner: Actor) -> Offer:
    """8 Offsetting: forwarded to the participant's account and offered."""
    account = registry.open_account(
        actor=cast.registry, at=on(2015, 12, 4), kind=121, party_code="CN",
        holder_id=owner.organisation_id, name="Balagong",
    )
    asked = participant.request_forwarding(
        actor=owner, at=on(2015, 12, 5), project_id=project.pk, to_account_id=account.pk,
        quantity=13_743, commitment_period=2,
    )
    registry.approve_proposal(
        actor=cast.registry_second, at=on(2015, 12, 6), proposal_id=asked.proposal_id or 0
    )
    return shop.list_offer(
        actor=owner, at=on(2015, 12, 7), project=project, account_id=account.pk, quantity=1_000,
        commitment_period=2, price=Decimal("2.40"),
    )


def bought(offer: Offer, tonnes: int) -> Certificate:
    """A guest pays in the sandbox; its signed message confirms; the units are cancelled."""
    at = on(2015, 12, 8)
    order = shop.start_order(
        at=at, offer_id=offer.pk, quantity=tonnes, price_version=offer.price_version,
        order_key=KEY, buyer="a-session", anonymous=True,
    )
    shop.give_details(
        at=at, order_id=order.pk, name="Amina Otieno", public=True, email="amina@example.org",
        reason="Our winter", on_behalf=False, reference="",
    )
    attempt = shop.begin_payment(at=at, order_id=order.pk, provider="sandbox")
    payment = sandbox_book.press(actor=GUEST, at=at, reference=attempt.uuid, button="pay")
    raw, headers = sandbox.message(payment, at)
    webhooks.receive("sandbox", raw, headers, at)
    webhooks.receive("sandbox", raw, headers, at)
    shop.fulfil_paid(at=at)
    shop.fulfil_paid(at=at)
    return Certificate.objects.get()


def test_a_year_of_hourly_readings_comes_out_to_the_tonne(cast: Cast) -> None:
    owner = chinese_participant()
    period = monitored(registered(cast, owner), owner)
    assert period.claimed_tonnes == REGISTERED_ESTIMATE
    assert period.stage == Stage.VERIFICATION


def test_one_tonne_from_the_meter_to_the_certificate(cast: Cast) -> None:
    owner = chinese_participant()
    project = registered(cast, owner)
    period = monitored(project, owner)
    verified(period, owner, cast.other_doe)
    issued(cast, period)
    period.refresh_from_db()
    assert (period.stage, period.issued_tonnes) == (Stage.OFFSETTING, REGISTERED_ESTIMATE)

    # 2 % of 14,023 is 280.46: 280 to the Adaptation Fund, the rest pending
    adaptation = registry_queries.adaptation_account()
    assert registry_queries.balance(adaptation.pk) == 280
    assert registry_queries.balance(registry_queries.pending_account().pk) == 13_743

    certificate = bought(offered(cast, project, owner), tonnes=1)
    cancelled = Cancellation.objects.get(kind="c")
    assert str(cancelled.serial) == f"CN-5-1-2-2-0-{project.number}"
    facts = shop_queries.certificate_facts(certificate.code)
    assert facts["tonnes"] == "1"
    assert facts["name"] == "Amina Otieno"
    assert facts["serials"] == [str(cancelled.serial)]
    assert registry_queries.cancelled_total() == 1

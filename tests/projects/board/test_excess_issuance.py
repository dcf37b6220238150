"""Excess issuance: an inquiry, a debt of the DOE that stops its work, the CERs that repay it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cdm_portal import clock, deadlines, formats
from cdm_portal.demonstration.portfolio import Until
from cdm_portal.journal.models import Entry
from cdm_portal.pages import desk
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from projects.board import actions as board
from projects.board.errors import ChairRules, TakesSides
from projects.doe import actions as doe
from projects.doe import queries, standing
from projects.doe.errors import NotInStanding
from projects.doe.models import Debt
from projects.doe.standing import Act
from projects.models import MonitoringPeriod
from registry import actions as registry
from registry.errors import NotPermitted, SamePerson
from registry.models import Account, Cancellation
from tests import factories
from tests.world import World, as_if

pytestmark = pytest.mark.django_db


def refused(kind: type[Exception], act: Callable[[], object], says: str = "") -> None:
    """The act is refused with these words and the journal says nothing."""
    before = Entry.objects.count()
    with as_if(), pytest.raises(kind) as caught:
        act()
    assert says in str(caught.value) + str(getattr(caught.value, "errors", ""))
    assert Entry.objects.count() == before


def suspended(world: World) -> None:
    """The verifier loses its standing in one scope: after a hearing, by the Board."""
    cast, now = world.cast, clock.now()
    made = doe.propose_proceeding(
        actor=cast.secretariat, at=now, kind="suspend", organisation_id=cast.other_doe.office,
        scopes=(13,), functions=("validation",), months=6, reasons="A spot-check.",
    )
    doe.answer_proceeding(actor=cast.other_doe, at=now, proceeding_id=made.pk, text="We train.")
    doe.decide_proceeding(
        actor=cast.board[1], at=now, proceeding_id=made.pk, grant=True, reasons="So."
    )


def asked(world: World, **changes: Any) -> Any:
    """The secretariat opens an inquiry into what was issued and is on offer."""
    period = world.project(Until.OFFERED).periods.get()
    given = {
        "actor": world.cast.secretariat, "at": clock.now(), "period_id": period.pk,
        "organisation_id": world.cast.other_doe.office, "tonnes": 6, "reasons": "Read twice.",
    }
    return board.open_inquiry(**given | changes)


def answered(world: World, **changes: Any) -> Any:
    """Such an inquiry, in which the DOE has answered."""
    made = asked(world, **changes)
    return board.answer_inquiry(
        actor=world.cast.other_doe, at=clock.now(), inquiry_id=made.pk, text="We read five twice."
    )


@pytest.fixture(scope="module")
def owing(world: World) -> World:
    """The world with the inquiry that waits there decided, and one about the verifier opened."""
    refused(Refused, lambda: asked(world), "before the Board already")
    board.answer_inquiry(
        actor=world.cast.unaccredited_doe, at=clock.now(), inquiry_id=world.inquiry_id,
        text="We read each once.",
    )
    board.decide_inquiry(
        actor=world.cast.board[0], at=clock.now(), inquiry_id=world.inquiry_id, excess=0,
        reasons="None.",
    )
    refused(Refused, lambda: asked(world), "No DOE of this case is suspended")
    suspended(world)
    return world


@pytest.fixture
def debt(owing: World) -> Any:
    """The verifier owes 5 CERs; undone afterwards."""
    with as_if():
        made = answered(owing)
        yield board.decide_inquiry(
            actor=owing.cast.board[0], at=clock.now(), inquiry_id=made.pk, excess=5,
            reasons="Five were.",
        ).debt


def free(world: World) -> dict[str, Any]:
    """CERs of the participant's that are not on offer."""
    return {
        "at": clock.now(), "project_number": world.project(Until.OFFERED).number,
        "from_account_id": factories.holding_account(world.cast, clock.now()),
    }


def test_what_an_inquiry_asks_and_who_decides(owing: World) -> None:
    cast, period = owing.cast, owing.project(Until.OFFERED).periods.get()
    for role in (cast.board[0], cast.other_doe, cast.auditor):
        refused(Forbidden, lambda role=role: asked(owing, actor=role))
    refused(Invalid, lambda: asked(owing, organisation_id=cast.doe.office), "withdrawn")
    left = period.issued_tonnes - 2  # what an earlier inquiry found
    refused(Invalid, lambda: asked(owing, tonnes=left + 1), f"0 to {formats.grouped(left)} CERs")
    refused(Invalid, lambda: asked(owing, reasons=" "))
    refused(Refused, lambda: asked(
        owing, period_id=owing.project(Until.VERIFYING).periods.get().pk
    ), "Nothing was issued")
    with as_if():
        made = answered(owing)
        decide = {"at": clock.now(), "inquiry_id": made.pk, "excess": 5, "reasons": "So."}
        refused(Forbidden, lambda: board.decide_inquiry(actor=cast.secretariat, **decide))
        refused(ChairRules, lambda: board.decide_inquiry(actor=cast.board[1], **decide), "Member 1")
        refused(Invalid, lambda: board.decide_inquiry(
            actor=cast.board[0], **decide | {"excess": left + 1}
        ))
        refused(NotFound, lambda: board.decide_inquiry(
            actor=cast.board[0], **decide | {"inquiry_id": 0}
        ))
        cleared = board.decide_inquiry(actor=cast.board[0], **decide | {"excess": 0})
        assert (cleared.state, cleared.debt) == ("cleared", None)
        refused(Refused, lambda: board.decide_inquiry(actor=cast.board[0], **decide), "no excess")


def test_the_doe_concerned_is_heard_before_the_board_decides(owing: World) -> None:
    cast, now = owing.cast, clock.now()
    with as_if():
        made = asked(owing)
        assert made.answer_until == deadlines.due_at(made.prepared_at, 30)
        answer = {"at": now, "inquiry_id": made.pk, "text": "We read five twice."}
        for actor in (cast.doe, cast.unaccredited_doe, cast.secretariat, cast.board[0]):
            refused(NotFound, lambda actor=actor: board.answer_inquiry(actor=actor, **answer))
        refused(NotFound, lambda: board.answer_inquiry(
            actor=cast.other_doe, **answer | {"inquiry_id": 0}
        ))
        refused(Invalid, lambda: board.answer_inquiry(
            actor=cast.other_doe, **answer | {"text": " "}
        ))
        decide = {"actor": cast.board[0], "inquiry_id": made.pk, "excess": 5, "reasons": "So."}
        last = made.answer_until - timedelta(microseconds=1)
        for at in (now, last):
            refused(
                Refused, lambda at=at: board.decide_inquiry(at=at, **decide), "may answer until"
            )
        with as_if():  # nobody answered in time
            refused(Refused, lambda: board.answer_inquiry(
                actor=cast.other_doe, **answer | {"at": made.answer_until}
            ), "The time to answer ended")
            assert waiting(owing, made.answer_until) == (None, ("The Chair", None, ""))
            board.decide_inquiry(at=made.answer_until, **decide)
        until = deadlines.last_moment(made.answer_until)
        (mine, theirs) = waiting(owing, now)
        assert mine == ("You (auditor)", until, "")
        others = [each["url"] for each in desk.waiting(cast.doe, now)]
        assert not [url for url in others if "/inquiries/" in url]
        assert theirs and theirs[:2] == (made.doe.name, until) and "may answer until" in theirs[2]
        found = board.answer_inquiry(actor=cast.other_doe, **answer | {"at": last})
        assert (found.answer, found.answered_by_id) == (answer["text"], cast.other_doe.person)
        assert waiting(owing, last) == (None, ("The Chair", None, ""))
        refused(Refused, lambda: board.answer_inquiry(actor=cast.other_doe, **answer), "was given")
        board.decide_inquiry(at=last, **decide)
        refused(Refused, lambda: board.answer_inquiry(actor=cast.other_doe, **answer), "decided")


def waiting(world: World, at: Any) -> tuple[Any, Any]:
    """On whom the inquiry waits, until when and why, on the desks of the DOE and of the Chair."""
    number = world.project(Until.OFFERED).name
    found = []
    for actor in (world.cast.other_doe, world.cast.board[0]):
        lines = [each for each in desk.waiting(actor, at) if "/inquiries/" in each["url"]]
        assert [each["reference"] for each in lines] == [number] * len(lines) and len(lines) < 2
        found += [(each["waiting_for"], each["until"], each["why_not"]) for each in lines] or [None]
    return found[0], found[1]


def test_a_debt_is_due_in_thirty_days_and_stops_what_counts(owing: World, debt: Debt) -> None:
    cast, now = owing.cast, clock.now()
    assert (debt.quantity, debt.ground, debt.doe_id) == (5, "issuance", cast.other_doe.office)
    assert debt.due_at == deadlines.due_at(debt.opened_at, 30)
    period = owing.project(Until.VERIFYING).periods.get()
    where = reverse("doe-public:debt", args=[debt.pk])
    refused(NotInStanding, lambda: doe.conclude_negative(
        actor=cast.other_doe, at=now, period_id=period.pk, conclusion="It cannot."
    ), where)
    barred = {
        act for act in Act
        if standing.why_no_act(act, period.project, now.date(), period=period)
    }
    assert barred == standing.BARRED_BY_DEBT
    assert any(where in said for said in queries.certification_obstacles(period, now.date()))
    (mine,) = [each for each in desk.waiting(cast.other_doe, now) if each["reference"] == debt.name]
    assert "5 of 5" in mine["what"] and mine["until"] == deadlines.last_moment(debt.due_at)
    later = now + timedelta(days=31)
    for actor in (cast.board[0], cast.secretariat, cast.registry):
        assert debt.name not in {each["reference"] for each in desk.waiting(actor, now)}
        assert debt.name in {each["reference"] for each in desk.waiting(actor, later)}


def test_cancellations_that_name_it_repay_it(owing: World, debt: Debt, client: Any) -> None:
    cast, given = owing.cast, free(owing)
    first = doe.propose_repayment(actor=cast.participant, debt_id=debt.pk, quantity=3, **given)
    refused(Invalid, lambda: doe.propose_repayment(
        actor=cast.registry, debt_id=debt.pk, quantity=3, **given
    ), "At most 2")
    registry.approve_proposal(
        actor=cast.registry, at=clock.now(), proposal_id=first.proposal_id
    )
    assert standing.owing.owed_by(debt.doe_id) == [debt.pk]
    assert doe.close_repaid(at=clock.now()) == 0
    second = doe.propose_repayment(actor=cast.registry, debt_id=debt.pk, quantity=2, **given)
    refused(SamePerson, lambda: registry.approve_proposal(
        actor=cast.registry, at=clock.now(), proposal_id=second.proposal_id
    ))
    registry.approve_proposal(
        actor=cast.registry_second, at=clock.now(), proposal_id=second.proposal_id
    )
    assert standing.owing.owed_by(debt.doe_id) == []
    excess = Account.objects.get(kind=240, pk__lt=1000)
    booked = Cancellation.objects.filter(tx__in=[
        each.proposal.tx_id for each in queries.repayments(debt)
    ])
    assert sum(each.quantity for each in booked) == 5
    assert {each.proposal.to_account_id for each in queries.repayments(debt)} == {excess.pk}
    assert doe.close_repaid(at=clock.now()) == 1
    refused(Refused, lambda: doe.propose_repayment(
        actor=cast.registry, debt_id=debt.pk, quantity=1, **given
    ), "is repaid")
    for name, pk in (("debt", debt.pk), ("entity", debt.doe_id)):
        shown = client.get(reverse(f"doe-public:{name}", args=[pk])).content.decode()
        assert "Repaid" in shown and debt.name in shown


def test_what_repays_nothing(owing: World, debt: Debt) -> None:
    cast, given = owing.cast, free(owing)
    for actor in (cast.other_doe, cast.secretariat, cast.buyer):
        refused(Forbidden, lambda actor=actor: doe.propose_repayment(
            actor=actor, debt_id=debt.pk, quantity=1, **given
        ))
    refused(NotFound, lambda: doe.propose_repayment(
        actor=cast.registry, debt_id=0, quantity=1, **given
    ))
    account = Account.objects.get(kind=240, pk__lt=1000).pk
    refused(NotPermitted, lambda: registry.propose_forwarding(
        actor=cast.participant, quantity=1, to_account_id=account, **given
    ))
    refused(NotPermitted, lambda: registry.propose_forwarding(
        actor=cast.other_doe, quantity=1, to_account_id=account, **given
    ))
    # A rejected one counts no more, and its units may be proposed again.
    made = doe.propose_repayment(actor=cast.participant, debt_id=debt.pk, quantity=5, **given)
    registry.reject_proposal(
        actor=cast.registry, at=clock.now(), proposal_id=made.proposal_id, reason="Wrong project."
    )
    doe.propose_repayment(actor=cast.registry, debt_id=debt.pk, quantity=5, **given)
    # What nobody named for the debt does not count.
    loose = registry.propose_forwarding(
        actor=cast.registry, quantity=5, to_account_id=account, **given
    )
    registry.approve_proposal(actor=cast.registry_second, at=clock.now(), proposal_id=loose.pk)
    assert standing.owing.owed_by(debt.doe_id) == [debt.pk]


def test_the_pages_from_the_inquiry_to_the_proposal(owing: World) -> None:
    cast, period = owing.cast, owing.project(Until.OFFERED).periods.get()
    with as_if():
        office, chair = owing.client(cast.secretariat), owing.client(cast.board[0])
        typed = {"period": period.pk, "organisation": cast.other_doe.office, "tonnes": "6",
                 "reasons": "Read twice."}
        answer = office.post(reverse("board:inquire"), typed | {"tonnes": "999999999"})
        assert answer.status_code == 422 and "Read twice." in answer.content.decode()
        page = office.post(reverse("board:inquire"), typed).headers["Location"]
        own = owing.client(cast.other_doe)
        waits = chair.post(page, {"excess": "5", "reasons": "Five."})
        assert waits.status_code == 422 and "may answer until" in waits.content.decode()
        assert own.post(page, {"text": " "}).status_code == 422
        assert own.post(page, {"text": "We <b>differ</b>."}).status_code == 302
        assert own.post(page, {"text": "Again."}).status_code == 422
        assert "We &lt;b&gt;differ" in chair.get(page).content.decode()
        assert chair.post(page, {"excess": "5", "reasons": "Five."}).status_code == 302
        debt = Debt.objects.get(doe_id=cast.other_doe.office)
        assert "We &lt;b&gt;differ" in owing.client(cast.doe).get(page).content.decode()
        assert debt.name in own.get(reverse("doe:accreditations")).content.decode()
        assert "makes no request" in own.get(
            reverse("doe-public:debt", args=[debt.pk])
        ).content.decode()
        holder = owing.client(cast.participant)
        address = reverse("doe:repay", args=[debt.pk])
        shown = holder.get(reverse("doe-public:debt", args=[debt.pk])).content.decode()
        assert f'href="{address}">Propose a cancellation' in shown
        given = {"from_account": free(owing)["from_account_id"], "quantity": "5",
                 "project": owing.project(Until.OFFERED).number, "understood": "on"}
        said = holder.post(address, given | {"quantity": "6"})
        assert said.status_code == 422 and "At most 5" in said.content.decode()
        assert "/proposals/" in holder.post(address, given).headers["Location"]


def test_who_belongs_to_the_doe_does_not_decide(owing: World) -> None:
    cast = owing.cast
    with as_if():
        made = answered(owing)
        other = cast.sign_ins[cast.other_doe][1]
        other.pk, other.person_id = None, cast.board[0].person_id
        other.save(force_insert=True)
        decide = {"at": clock.now(), "inquiry_id": made.pk, "excess": 1, "reasons": "So."}
        refused(TakesSides, lambda: board.decide_inquiry(actor=cast.board[0], **decide))
        board.decide_inquiry(actor=cast.board[1], **decide)  # the Vice-Chair presides
        assert MonitoringPeriod.objects.get(pk=made.period_id).debts.count() == 2

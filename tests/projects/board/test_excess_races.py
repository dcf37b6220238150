"""Three cancellations for one debt at once, on real connections."""

from __future__ import annotations

from typing import Any

import pytest

from cdm_portal import clock, deadlines
from cdm_portal.demonstration.portfolio import Until
from cdm_portal.refusals import Invalid
from projects.board import actions as board
from projects.board.models import Inquiry
from projects.doe import actions as doe
from projects.doe.models import Debt, Repayment
from tests import factories
from tests.cast import Cast
from tests.projects.board.test_races import together

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_three_at_once_never_cancel_more_than_is_owed(cast: Cast) -> None:
    now = clock.now()
    walk = factories.walk(cast, Until.ISSUED, now)
    period = walk.project.periods.get()
    opened = Inquiry.objects.create(
        period=period, doe_id=cast.other_doe.office, proposed=9, reasons="Read twice.",
        prepared_by_id=cast.secretariat.person, prepared_at=now,
        answer_until=deadlines.due_at(now, 30),
    )
    board.answer_inquiry(actor=cast.other_doe, at=now, inquiry_id=opened.pk, text="Once.")
    decide: dict[str, Any] = {
        "actor": cast.board[0], "at": now, "inquiry_id": opened.pk, "excess": 9, "reasons": "So.",
    }
    board.decide_inquiry(**decide)
    debt = Debt.objects.get()
    given: dict[str, Any] = {
        "at": now, "debt_id": debt.pk, "quantity": 5, "project_number": walk.project.number,
        "from_account_id": factories.holding_account(cast, now),
    }
    answers = together(
        lambda: doe.propose_repayment(actor=cast.registry, **given),
        lambda: doe.propose_repayment(actor=cast.participant, **given),
        lambda: doe.propose_repayment(actor=cast.registry_second, **given),
    )
    kinds = [type(each) for each in answers]
    assert (kinds.count(Repayment), kinds.count(Invalid)) == (1, 2)
    assert Repayment.objects.get().proposal.quantity == 5

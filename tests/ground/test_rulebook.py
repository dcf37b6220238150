"""Rule parameters changed by two persons: which number holds when, who may, and what is refused."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal import clock, parameters
from cdm_portal.journal import queries as journal
from cdm_portal.models import RuleChange
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.rulebook import actions, queries
from cdm_portal.rulebook.errors import AlreadyDecided, AlreadyProposed, SamePerson, TooLate
from cdm_portal.values import Actor
from projects.board import fees
from tests.cast import Cast
from tests.projects.board import story
from tests.questions import at_most

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]
AT = datetime(2024, 3, 4, 9, tzinfo=UTC)
TODAY, LATER = date(2024, 3, 4), date(2024, 4, 1)


def proposed(cast: Cast, name: str = "reply_days", value: str = "21", **changes: Any) -> RuleChange:
    given = {
        "actor": cast.secretariat, "at": AT, "name": name, "value": value, "valid_from": LATER,
        "source": "A decision of the Board, paragraph 7", "verified": False,
    }
    return actions.propose_change(**(given | changes))


def changed(cast: Cast, name: str = "reply_days", value: str = "21", **changes: Any) -> RuleChange:
    change = proposed(cast, name, value, **changes)
    return actions.approve_change(actor=cast.board[0], at=AT, change_id=change.pk)


def test_a_change_holds_from_its_first_day_once_a_second_person_approved_it(cast: Cast) -> None:
    change = proposed(cast)
    assert parameters.number("reply_days", LATER) == 28
    actions.approve_change(actor=cast.second_secretariat, at=AT, change_id=change.pk)
    days = [LATER - timedelta(days=1), LATER, LATER + timedelta(days=999), parameters.START]
    assert [parameters.number("reply_days", day) for day in days] == [28, 21, 21, 28]
    row = parameters.get("reply_days", LATER)
    assert (row.verified, row.source, row.unit) == (
        False, "A decision of the Board, paragraph 7", "days",
    )
    verbs = journal.of(change).values_list("verb", flat=True)
    assert sorted(verbs) == ["rulebook.approve_change", "rulebook.propose_change"]


def test_a_later_change_takes_the_place_of_an_earlier_one_and_the_history_is_kept(
    cast: Cast,
) -> None:
    changed(cast, value="21")
    changed(cast, value="14", valid_from=TODAY, verified=True)
    changed(cast, value="35", valid_from=date(2030, 1, 1))
    days = [date(2024, 3, 3), TODAY, LATER, date(2029, 12, 31), date(2030, 1, 1)]
    assert [parameters.number("reply_days", day) for day in days] == [28, 14, 21, 21, 35]
    held = [row for row in queries.history() if row.name == "reply_days"]
    assert [(row.value, row.valid_from, row.valid_to, row.verified) for row in held] == [
        (28, parameters.START, date(2024, 3, 3), False),
        (14, TODAY, date(2024, 3, 31), True),
        (21, LATER, date(2029, 12, 31), False),
        (35, date(2030, 1, 1), None, False),
    ]


def test_fees_and_deadlines_follow_the_change_and_cases_of_before_do_not(cast: Cast) -> None:
    changed(cast, "fee_low_rate", "0.12")
    changed(cast, "ruling_quorum", "3/5")
    before, after = fees.Rates.on(TODAY), fees.Rates.on(LATER)
    assert (before.low, after.low, after.high) == (Decimal("0.10"), Decimal("0.12"), Decimal("0.2"))
    assert parameters.share("ruling_quorum", LATER) == Fraction(3, 5)
    changed(cast, "registration_review_days", "30", valid_from=AT.date())
    request = story.published(cast)  # of 2013
    assert request.window_closes_at == story.CLOSES


def test_a_second_person_is_another_person_of_board_or_secretariat(
    cast: Cast, nothing_written: Nothing
) -> None:
    change = proposed(cast)
    step = {"at": AT, "change_id": change.pk}
    with nothing_written(), pytest.raises(SamePerson):
        actions.approve_change(actor=cast.secretariat, **step)
    strangers = (cast.participant, cast.dna, cast.doe, cast.registry, cast.auditor, cast.buyer)
    for stranger in strangers:
        with nothing_written(), pytest.raises(Forbidden):
            actions.approve_change(actor=stranger, **step)
        with nothing_written(), pytest.raises(Forbidden):
            actions.reject_change(actor=stranger, reason="No.", **step)
    for actor in (*strangers, cast.board[0]):
        with nothing_written(), pytest.raises(Forbidden):
            proposed(cast, "fee_cap", "1", actor=actor)
    with pytest.raises(DatabaseError, match="two_persons"), transaction.atomic():
        sql(
            f"UPDATE cdm_rulechange SET state = 'approved', decider = {change.proposer},"
            " decided_at = '2024-03-04Z'"
        )


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_is_decided_stays(cast: Cast, nothing_written: Nothing) -> None:
    change = changed(cast)
    step = {"at": AT, "change_id": change.pk}
    with nothing_written(), pytest.raises(AlreadyDecided):
        actions.approve_change(actor=cast.board[1], **step)
    with nothing_written(), pytest.raises(AlreadyDecided):
        actions.reject_change(actor=cast.board[1], reason="No.", **step)
    for statement in ("UPDATE cdm_rulechange SET value = '1'", "DELETE FROM cdm_rulechange"):
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            sql(statement)
    again = proposed(cast, valid_from=TODAY)
    with nothing_written(), pytest.raises(Invalid):
        actions.reject_change(actor=cast.secretariat, at=AT, change_id=again.pk, reason=" ")
    actions.reject_change(actor=cast.secretariat, at=AT, change_id=again.pk, reason="My slip.")
    assert parameters.number("reply_days", TODAY) == 28


def test_nothing_changes_backwards(cast: Cast, nothing_written: Nothing) -> None:
    with nothing_written(), pytest.raises(Invalid) as refused:
        proposed(cast, valid_from=TODAY - timedelta(days=1))
    assert list(refused.value.errors) == ["valid_from"]
    change = proposed(cast, valid_from=TODAY)
    with nothing_written(), pytest.raises(TooLate):
        actions.approve_change(
            actor=cast.board[0], at=AT + timedelta(days=1), change_id=change.pk
        )
    with pytest.raises(DatabaseError, match="backwards"), transaction.atomic():
        sql(
            "UPDATE cdm_rulechange SET state = 'approved', decider = 0,"
            " decided_at = '2024-03-05T00:00Z'"
        )


def test_wrong_values_and_parameters_are_refused_beside_their_field(
    cast: Cast, nothing_written: Nothing
) -> None:
    wrong = [
        ("reply_days", "0"), ("reply_days", "2.5"), ("reply_days", "-3"), ("reply_days", "ten"),
        ("reply_days", "1/2"), ("reply_days", ""), ("fee_cap", "1e9"), ("fee_cap", "1,000"),
        ("adaptation_share", "1.01"), ("adaptation_share", "0"), ("ruling_quorum", "4/3"),
        ("adaptation_share", "1/3"), ("completeness_days", "NaN"), ("review_members", "1.5"),
    ]
    for name, value in wrong:
        with nothing_written(), pytest.raises(Invalid) as refused:
            proposed(cast, name, value)
        assert list(refused.value.errors) == ["value"], (name, value)
    with nothing_written(), pytest.raises(Invalid) as refused:
        proposed(cast, source="  ")
    assert list(refused.value.errors) == ["source"]
    for name in ("gwp_ch4", "small_scale_mw", "last_reduction_date", "no_such_rule"):
        with nothing_written(), pytest.raises(NotFound):
            proposed(cast, name, "1")
    proposed(cast)
    with nothing_written(), pytest.raises(AlreadyProposed):
        proposed(cast, value="22", actor=cast.second_secretariat)


def test_one_value_begins_on_a_day(cast: Cast, nothing_written: Nothing) -> None:
    changed(cast)
    with nothing_written(), pytest.raises(Invalid) as refused:
        proposed(cast, value="22")
    assert list(refused.value.errors) == ["valid_from"]


def test_formulas_read_the_table_alone() -> None:
    """No number that two persons may change is read where the day is not known."""
    root = Path(parameters.__file__).parents[2]
    readers = r"parameters\.(?:constant|day|in_commitment_period)"
    pattern = re.compile(readers + r"\(\s*f?\"([a-z_{}.0-9]+)")
    read = {
        name
        for package in ("cdm_portal", "registry", "projects", "cobenefits", "offsets")
        for path in (root / package).rglob("*.py")
        for name in pattern.findall(path.read_text())
    }
    assert len(read) > 10
    assert read & parameters.AMENDABLE == set()
    assert {row.name for row in parameters.TABLE} >= parameters.AMENDABLE


def test_an_amendable_number_costs_one_question_and_another_none(cast: Cast) -> None:
    changed(cast)
    with at_most(1):
        parameters.number("reply_days", LATER)
    with at_most(0):
        parameters.number("upload_max_mb", LATER)
        parameters.constant("small_scale_mw")
        parameters.in_commitment_period("gwp_ch4", 2)


def test_the_time_of_an_act_comes_with_the_numbers_of_its_day(cast: Cast) -> None:
    today = clock.today()
    changed(cast, value="21", valid_from=today, at=AT)
    changed(cast, value="14", valid_from=date(2199, 1, 1))
    proposed(cast, name="hold_minutes", value="7", valid_from=today)
    with at_most(1), queries.moment() as at:
        assert parameters.number("reply_days", at.date()) == 21
        with parameters.one_moment():
            assert parameters.number("hold_minutes", at.date()) == 20
    assert at.date() == today
    with at_most(1):
        parameters.number("reply_days", today)


# The pages


def test_two_persons_change_a_number_on_their_pages_and_the_public_reads_the_history(
    cast: Cast, sign_in: SignIn
) -> None:
    first, second = sign_in(Client(), cast.secretariat), sign_in(Client(), cast.board[0])
    address = reverse("rule_change_new", args=["reply_days"])
    assert address in first.get(reverse("rule_changes")).content.decode()
    tomorrow = clock.today() + timedelta(days=1)
    typed = {"value": "twenty", "valid_from": tomorrow.isoformat(), "source": "EB 120"}
    refused = first.post(address, typed)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "Write a number with a point" in shown and 'value="twenty"' in shown
    assert first.post(address, typed | {"value": "21"}).status_code == 302
    page = reverse("rule_change", args=[RuleChange.objects.get().pk])
    assert "another person approves it" in first.get(page).content.decode()
    assert first.post(page, {"decision": "approve"}).status_code == 403
    assert "Approve the change" in second.get(reverse("desk")).content.decode()
    assert second.post(page, {"decision": "reject"}).status_code == 422
    assert second.post(page, {"decision": "approve"}).status_code == 302
    public = Client().get(reverse("parameters")).content.decode()
    assert public.count(">Reply of participants and DOE to a review</td>") == 2
    assert "EB 120" in public

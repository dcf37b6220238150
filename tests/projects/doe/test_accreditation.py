"""Accreditations: asked for, prepared, heard, decided by another person; public with reasons."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cdm_portal.identity import actions as people
from cdm_portal.identity import queries as identity
from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from cdm_portal.values import SYSTEM, Actor, Role
from projects.doe import actions, queries
from projects.doe.errors import SamePerson
from projects.doe.models import Accreditation, Proceeding
from tests.cast import Cast
from tests.projects.doe import story
from tests.projects.doe.story import Nothing

pytestmark = pytest.mark.django_db

DAY = date(2024, 3, 4)
BOTH = ("validation", "verification")


def entered(cast: Cast, at: datetime, **changes: Any) -> Any:
    given = {
        "actor": SYSTEM, "at": at, "scopes": (1, 13), "functions": ("validation",),
        "organisation_id": cast.unaccredited_doe.organisation_id, "valid_from": date(2024, 1, 1),
        "valid_to": date(2028, 12, 31),
    }
    return actions.accredit(**(given | changes))


def asked(cast: Cast, at: datetime, kind: str = "accredit", **changes: Any) -> Proceeding:
    given = {
        "actor": cast.unaccredited_doe, "at": at, "kind": kind, "scopes": (1,),
        "functions": BOTH, "statement": "Twelve auditors.",
    }
    return actions.ask_accreditation(**(given | changes))


def prepared(cast: Cast, at: datetime, **changes: Any) -> Proceeding:
    made = asked(cast, at, **changes)
    return actions.prepare_proceeding(
        actor=cast.secretariat, at=at, proceeding_id=made.pk, reasons="Assessed on site."
    )


def decide(cast: Cast, at: datetime, made: Proceeding, **changes: Any) -> Proceeding:
    given = {
        "actor": cast.board[0], "at": at, "proceeding_id": made.pk, "grant": True,
        "reasons": "Competent.",
    }
    return actions.decide_proceeding(**(given | changes))


def held(cast: Cast, who: Actor | None = None) -> list[tuple[Any, ...]]:
    rows = Accreditation.objects.filter(organisation_id=(who or cast.unaccredited_doe).office)
    return [(r.function, r.scope, r.valid_from, r.valid_to, r.state) for r in rows]


def test_a_doe_is_accredited_for_five_years_by_three_parties(cast: Cast, at: datetime) -> None:
    made = prepared(cast, at)
    assert held(cast) == []
    decide(cast, at + timedelta(days=1), made)
    first, last = date(2024, 3, 5), date(2029, 3, 4)
    assert held(cast) == [
        ("validation", 1, first, last, "active"), ("verification", 1, first, last, "active"),
    ]
    verbs = [entry.verb for entry in journal.of(made).order_by("pk")]
    assert verbs == ["doe.ask_accreditation", "doe.prepare_proceeding", "doe.decide_proceeding"]


def test_a_refusal_accredits_for_nothing_and_is_public(cast: Cast, at: datetime) -> None:
    made = decide(cast, at, prepared(cast, at), grant=False, reasons="Too few auditors.")
    assert (made.state, held(cast)) == ("refused", [])
    assert list(queries.proceedings(None)) == [made]


def test_a_scope_is_added_and_a_term_follows_a_term(cast: Cast, at: datetime) -> None:
    entered(cast, at, scopes=(1,), functions=("validation",))
    decide(cast, at, prepared(cast, at, kind="extend", scopes=(13,), functions=("validation",)))
    decide(cast, at, prepared(cast, at, kind="renew", functions=("validation",)))
    assert held(cast) == [
        ("validation", 1, date(2024, 1, 1), date(2028, 12, 31), "active"),
        ("validation", 1, date(2029, 1, 1), date(2033, 12, 31), "active"),
        ("validation", 13, DAY, date(2029, 3, 3), "active"),
    ]


@pytest.mark.parametrize(("changes", "field"), [
    ({"scopes": (16,)}, "scopes"), ({"scopes": ()}, "scopes"),
    ({"functions": ("certification",)}, "functions"), ({"kind": "suspend"}, "kind"),
    ({"statement": " "}, "statement"), ({"kind": "renew"}, "scopes"),
    ({"kind": "reinstate"}, "scopes"),
])
def test_what_cannot_be_asked_for_is_named(
    cast: Cast, at: datetime, nothing_written: Nothing, changes: dict[str, Any], field: str
) -> None:
    with nothing_written(), pytest.raises(Invalid) as refusal:
        asked(cast, at, **changes)
    assert list(refusal.value.errors) == [field]


def test_what_is_held_is_not_asked_for_again_nor_twice(
    cast: Cast, at: datetime, nothing_written: Nothing
) -> None:
    asked(cast, at)
    with nothing_written(), pytest.raises(Refused, match="under way"):
        asked(cast, at, scopes=(2,))
    with nothing_written(), pytest.raises(Invalid, match="Held already"):
        asked(cast, at, actor=cast.doe, kind="extend")
    with nothing_written(), pytest.raises(Invalid, match="no end"):
        asked(cast, at, actor=cast.doe, kind="renew")


def test_each_act_belongs_to_its_role(cast: Cast, at: datetime, nothing_written: Nothing) -> None:
    made = prepared(cast, at)
    others = (cast.participant, cast.secretariat, cast.doe, cast.registry, cast.auditor)
    for actor in others:
        with nothing_written(), pytest.raises(Forbidden):
            decide(cast, at, made, actor=actor)
    for actor in (cast.doe, cast.board[0], cast.participant):
        with nothing_written(), pytest.raises(Forbidden):
            actions.propose_proceeding(
                actor=actor, at=at, kind="suspend", organisation_id=cast.doe.office, reasons="x",
                scopes=(1,), functions=BOTH, months=3,
            )
        with nothing_written(), pytest.raises(Forbidden):
            actions.prepare_proceeding(actor=actor, at=at, proceeding_id=made.pk, reasons="x")
    for actor in (cast.secretariat, cast.unaccredited_doe):
        with nothing_written(), pytest.raises(Forbidden):
            entered(cast, at, actor=actor)
    with nothing_written(), pytest.raises(Forbidden):
        asked(cast, at, actor=cast.secretariat)


def on_the_board(person: Actor, cast: Cast, seat: int) -> Actor:
    """The same natural person as a member of the Board, of a year in which the seat was free."""
    membership = people.grant_role(
        actor=SYSTEM, at=datetime(2013, 1, 1, tzinfo=story.AFTER.tzinfo), role=Role.BOARD,
        person_id=person.person, organisation_id=cast.board[0].office, seat_number=seat,
        valid_from=date(1999, 1, 1), valid_to=date(1999, 12, 31),
    )
    return identity.actor(membership)


def test_who_prepared_it_does_not_decide_it(
    cast: Cast, at: datetime, nothing_written: Nothing
) -> None:
    made = prepared(cast, at)
    for actor in (
        on_the_board(cast.secretariat, cast, 9), on_the_board(cast.unaccredited_doe, cast, 10),
    ):
        with nothing_written(), pytest.raises(SamePerson):
            decide(cast, at, made, actor=actor)
    with pytest.raises(DatabaseError, match="proceeding_has_four_eyes"), transaction.atomic():
        Proceeding.objects.filter(pk=made.pk).update(
            state="granted", decided_at=at, decided_by_id=cast.secretariat.person_id
        )


def test_nobody_is_suspended_unheard(
    cast: Cast, at: datetime, nothing_written: Nothing
) -> None:
    made = story.proposed(cast, "suspend", at=at)
    last_moment = datetime(2024, 4, 3, 23, 59, 59, tzinfo=at.tzinfo)
    assert made.answer_until == last_moment + timedelta(seconds=1)
    with nothing_written(), pytest.raises(Refused, match="may answer until 3 April 2024"):
        decide(cast, last_moment, made)
    with (
        pytest.raises(DatabaseError, match="proceeding_hears_the_entity"), transaction.atomic(),
    ):
        Proceeding.objects.filter(pk=made.pk).update(
            state="granted", decided_at=at, decided_by_id=cast.board[0].person_id
        )
    decide(cast, last_moment + timedelta(seconds=1), made)
    row = Accreditation.objects.get(
        organisation_id=cast.doe.office, function="validation", scope=1
    )
    assert (row.state, row.correct_by) == ("suspended", date(2024, 10, 4))


def test_an_answer_is_given_once_and_in_time(
    cast: Cast, at: datetime, nothing_written: Nothing
) -> None:
    made = story.proposed(cast, "withdraw", at=at)
    given: dict[str, Any] = {"proceeding_id": made.pk, "text": "We put it right."}
    for actor in (cast.other_doe, cast.secretariat):
        with nothing_written(), pytest.raises(NotFound):
            actions.answer_proceeding(actor=actor, at=at, **given)
    with nothing_written(), pytest.raises(Refused, match="time to answer ended"):
        actions.answer_proceeding(actor=cast.doe, at=at + timedelta(days=40), **given)
    actions.answer_proceeding(actor=cast.doe, at=at, **given)
    with nothing_written(), pytest.raises(Refused, match="no hearing"):
        actions.answer_proceeding(actor=cast.doe, at=at, **given)


def test_a_suspension_has_a_term_of_at_most_twelve_months(
    cast: Cast, at: datetime, nothing_written: Nothing
) -> None:
    for months in (0, 13):
        with nothing_written(), pytest.raises(Invalid, match="1 to 12 months"):
            story.proposed(cast, "suspend", at=at, months=months)
    assert story.proposed(cast, "suspend", at=at, months=12).months == 12


def test_one_scope_is_suspended_reinstated_and_withdrawn(cast: Cast, at: datetime) -> None:
    def standing() -> tuple[str, list[str]]:
        entry = queries.entity(cast.doe.office, at.date())
        return entry.standing, list(entry.suspended)

    story.decided(cast, "suspend", at=at)
    assert standing() == ("Partly suspended", ["Validation in scope 1"])
    story.decided(cast, "suspend", at=at, scopes=(1, 13), functions=BOTH)
    assert standing()[0] == "Suspended"
    story.decided(cast, "reinstate", at=at, scopes=(1, 13), functions=BOTH)
    assert standing() == ("Accredited", [])
    story.decided(cast, "withdraw", at=at, scopes=(1, 13), functions=BOTH)
    assert standing() == ("Withdrawn", [])


def test_a_doe_gives_back_what_it_holds(
    cast: Cast, at: datetime, nothing_written: Nothing
) -> None:
    given: dict[str, Any] = {"at": at, "scopes": (1, 13), "functions": BOTH, "reason": "We close."}
    with nothing_written(), pytest.raises(Forbidden):
        actions.relinquish_accreditation(actor=cast.secretariat, **given)
    with nothing_written(), pytest.raises(Invalid, match="holds none"):
        actions.relinquish_accreditation(actor=cast.unaccredited_doe, **given)
    assert len(actions.relinquish_accreditation(actor=cast.doe, **given)) == 4
    assert queries.entity(cast.doe.office, at.date()).standing == "Voluntarily withdrawn"
    reasons = {past.reason for past in queries.history(cast.organisations[cast.doe.organisation])}
    assert reasons == {"", "We close."}


def test_a_decision_finds_what_it_would_change_or_changes_nothing(
    cast: Cast, at: datetime, nothing_written: Nothing
) -> None:
    made = story.proposed(cast, "withdraw", at=at)
    actions.relinquish_accreditation(
        actor=cast.doe, at=at, scopes=(1,), functions=("validation",), reason="We close."
    )
    with nothing_written(), pytest.raises(Refused, match="no longer holds"):
        decide(cast, at + timedelta(days=60), made)
    assert decide(cast, at + timedelta(days=60), made, grant=False).state == "refused"


def test_what_is_under_way_is_known_to_those_who_act_in_it(cast: Cast, at: datetime) -> None:
    made = story.proposed(cast, "suspend", at=at)
    readers = (cast.secretariat, cast.board[3], cast.auditor, cast.doe)
    assert [queries.proceeding(actor, made.pk) for actor in readers] == [made] * 4
    for actor in (None, cast.other_doe, cast.participant, cast.buyer):
        with pytest.raises(NotFound):
            queries.proceeding(actor, made.pk)


def test_a_decision_is_of_record(cast: Cast, at: datetime) -> None:
    made = story.decided(cast, "suspend", at=at)
    for change in (
        lambda: Proceeding.objects.filter(pk=made.pk).update(decision="Forged"),
        lambda: Proceeding.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="of record"), transaction.atomic():
            change()

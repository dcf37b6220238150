"""The procedure of a request: every event × every state × everybody, and the database's pairs."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from cdm_portal.refusals import Refused
from cdm_portal.values import Role
from projects import lifecycle
from projects.board.models import Assessment, Objection, Request
from projects.board.procedure import State
from projects.models import Project
from tests.cast import Cast
from tests.projects.board import story
from tests.projects.test_lifecycle import CAST

BEFORE_REVIEW = {
    "fee_due", "completeness_check", "information_check", "incomplete", "published",
    "review_requested", "corrections",
}
ENDED = {"approved", "rejected", "withdrawn"}
OFFICE, ASSESSORS = {"secretariat"}, {"secretariat", "rit"}

# Transcribed by hand from the state tables of the domain (sections 3.3 and 3.5).
EVENTS: dict[str, list[tuple[set[str], str, set[str]]]] = {
    "ask_fee": [({"submitted", "incomplete"}, "fee_due", {"doe"})],
    "return_unpaid": [({"fee_due"}, "incomplete", OFFICE)],  # the portal's own
    "begin_checks": [({"submitted", "incomplete"}, "completeness_check", {"doe"})],
    "receive_fee": [({"fee_due"}, "completeness_check", OFFICE)],
    "pass_completeness": [({"completeness_check"}, "information_check", OFFICE)],
    "return_incomplete": [
        ({"completeness_check", "information_check"}, "incomplete", OFFICE)
    ],
    "publish": [({"information_check"}, "published", OFFICE)],
    "start_review": [({"published"}, "review_requested", {"board", "dna"})],
    "open_review": [({"review_requested"}, "under_review", OFFICE)],
    "conclude_assessments": [({"under_review"}, "assessed", ASSESSORS)],
    "propose": [({"assessed"}, "proposed", ASSESSORS)],
    "put_to_vote": [({"proposed"}, "assessed", {"board"})],
    "grant": [({"assessed"}, "approved", {"board"}), ({"proposed"}, "approved", {"system"})],
    "require_corrections": [
        ({"assessed"}, "corrections", {"board"}), ({"proposed"}, "corrections", {"system"}),
    ],
    "turn_down": [({"assessed"}, "rejected", {"board"}), ({"proposed"}, "rejected", {"system"})],
    "submit_corrections": [({"corrections"}, "corrected", {"doe"})],
    "return_corrections": [({"corrected"}, "corrections", OFFICE)],
    "accept_corrections": [({"corrected"}, "approved", OFFICE)],
    "pass_window": [({"published"}, "approved", {"system"})],
    "withdraw": [(BEFORE_REVIEW, "withdrawn", {"doe"})],
    "withdraw_issuance": [],  # of a registration, which is the case below: see test_tables
    "lapse": [(set(State.values) - ENDED, "withdrawn", {"system"})],
}


BOTH = ("register", "register")


def case(
    state: str, recommended: tuple[str, ...] = BOTH, *, stage: str = "registration",
    objection: Objection | None = None,
) -> Request:
    """A request of which every fact is there, as the database would give it."""
    made = Request(
        pk=1, state=state, kind="registration", submitted_by_id=30, project=Project(stage=stage)
    )
    filed = [Assessment(recommendation=each) for each in recommended]
    made._prefetched_objects_cache = {"assessments": filed}  # type: ignore[attr-defined]
    made._state.fields_cache["objection"] = objection
    return made


def ways(event: str, state: str, who: str) -> str | None:
    """The state to which somebody may take a request in this state by this event, if any."""
    found = [target for sources, target, may in EVENTS[event] if state in sources and who in may]
    return found[0] if found else None


def test_who_may_take_a_request_which_way_from_where() -> None:
    wrong = []
    for event in EVENTS:
        for state in State.values:
            for who, actor in CAST.items():
                request = case(state)
                try:
                    lifecycle.ask(request, event, actor)
                    getattr(request, event)()
                    reached: str | None = request.state
                except Refused:
                    reached = None
                if reached != ways(event, state, who):
                    wrong.append((event, state, who, reached))
    assert wrong == []


def test_no_other_event_exists_and_the_cast_is_whole() -> None:
    assert {t.name for t in case("assessed").get_all_state_transitions()} == set(EVENTS)
    assert {actor.role for actor in CAST.values()} == set(Role)


@pytest.mark.parametrize(
    ("request_", "event", "missing"),
    [
        (case("under_review", ("register",)), "conclude_assessments", "Both"),
        (case("assessed", ("register", "reject")), "propose", "do not recommend"),
        (case("assessed", objection=Objection()), "propose", "has objected"),
        (case("proposed", objection=Objection()), "grant", "has objected"),
        (case("assessed", stage="withdrawn"), "turn_down", "left the stage"),
    ],
    ids=["one assessment", "two kinds", "objected", "objected late", "case is gone"],
)
def test_an_event_without_its_facts_names_what_is_missing(
    request_: Request, event: str, missing: str
) -> None:
    assert missing in " ".join(lifecycle.why_not(request_, event))


@pytest.mark.django_db
def test_the_database_knows_the_same_ways_between_states(cast: Cast) -> None:
    request = story.requested(cast)
    law = {
        (source, target)
        for rows in EVENTS.values() for sources, target, _ in rows for source in sources
    }
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "UPDATE board_request SET published_at = now(), decided_at = now(),"
            " window_closes_at = now() + interval '1 day', objection_closes_at = now()"
        )
        for source in State.values:
            cursor.execute("ALTER TABLE board_request DISABLE TRIGGER guard_state")
            cursor.execute("UPDATE board_request SET state = %s", [source])
            cursor.execute("ALTER TABLE board_request ENABLE TRIGGER guard_state")
            for target in set(State.values) - {source}:
                try:
                    with transaction.atomic():
                        cursor.execute("UPDATE board_request SET state = %s", [target])
                        found.add((source, target))
                        raise Undone
                except (DatabaseError, Undone):
                    pass
    assert found == law
    assert request.pk


class Undone(Exception):
    """The change was possible, and is taken back."""

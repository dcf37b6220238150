"""Components of a programme: what the actions refuse, and what they leave behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.demonstration.portfolio import Until
from cdm_portal.journal.models import Entry
from cdm_portal.pages import desk
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from projects.board import actions as board
from projects.board.models import Invoice
from projects.doe import actions as doe
from projects.doe.models import Debt
from projects.lifecycle import NotNow
from projects.models import MonitoringPeriod, Project
from projects.participant import actions as participant
from projects.programmes.models import Component
from tests import factories
from tests.cast import Cast
from tests.projects.programmes import story
from tests.uploads.files import pdf
from tests.world import as_if

pytestmark = pytest.mark.django_db


def refused(kind: type[Exception], act: Callable[[], object], says: str = "") -> None:
    """The act is refused with these words and the journal says nothing."""
    before = Entry.objects.count()
    with as_if(), pytest.raises(kind) as caught:
        act()
    assert says in str(caught.value) + str(getattr(caught.value, "errors", ""))
    assert Entry.objects.count() == before


def test_a_programme_from_its_design_to_an_exclusion(cast: Cast) -> None:
    walk = story.programme(cast)
    case, first = walk.project, Component.objects.get(title="First component")
    assert case.is_programme and case.stage == "monitoring"
    assert (first.state, first.name) == ("included", f"{case.number}-0001")
    assert first.criteria == list(story.CRITERIA) and first.design_version == 1
    assert first.statement is not None and first.statement.public
    assert Invoice.objects.get(request__project=case).quantity == first.estimated_annual_tonnes

    now, second = clock.now(), story.component(walk, "included")
    assert second.number == 2
    monitoring(cast, walk, first, second)
    renewing(cast, walk, second)
    story.excluded(walk, first, now)
    first.refresh_from_db()
    assert (first.state, first.debt_tonnes) == ("excluded", 0)
    days = {"first": walk.credited_from(), "last": walk.credited_from() + timedelta(days=30)}
    refused(Invalid, lambda: participant.open_period(
        actor=walk.owner, at=now, project_id=case.pk, component_ids=[first.pk], **days,
    ), "an excluded one is not")


def monitoring(cast: Cast, walk: Any, first: Component, second: Component) -> None:
    """A period of a programme names what it covers; that of an activity names nothing."""
    now, begin = clock.now(), walk.credited_from()
    last = begin + timedelta(days=30)
    given: dict[str, Any] = {"actor": walk.owner, "at": now, "project_id": walk.project.pk,
                             "first": begin, "last": last}
    refused(Invalid, lambda: participant.open_period(**given), "Choose the components")
    draft = story.component(walk, "draft", "Not yet")
    refused(Invalid, lambda: participant.open_period(**given, component_ids=[draft.pk]))
    with as_if():
        made = participant.open_period(**given, component_ids=[first.pk, second.pk])
        assert [each.component_id for each in made.covered.all()] == [first.pk, second.pk]


def renewing(cast: Cast, walk: Any, second: Component) -> None:
    """A component is renewed only after its programme, and not beyond it."""
    now = clock.now()
    last = walk.project.crediting_last_date
    ask: dict[str, Any] = {"actor": walk.owner, "at": now, "component_id": second.pk,
                           "organisation_id": cast.doe.office}
    refused(NotNow, lambda: doe.ask_component_renewal(
        **ask, last_date=last + timedelta(days=1)
    ), "has not been renewed since")
    with as_if():
        prolonged = story.prolonged(walk).crediting_last_date
        assert prolonged is not None
        refused(Invalid, lambda: doe.ask_component_renewal(
            **ask, last_date=prolonged + timedelta(days=1)
        ), "period ends on")
        refused(Invalid, lambda: doe.ask_component_renewal(**ask, last_date=last), "day after")
    with as_if():
        now = clock.now()
        story.renewed(walk, second, now)
        second.refresh_from_db()
        assert (second.state, second.renewals) == ("renewed", 1)
        assert second.crediting_last_date == last + timedelta(days=365)
        assert second.documents.count() == 2


def test_a_draft_is_submitted_when_everything_is_said(cast: Cast) -> None:
    walk = story.programme(cast)
    now, case = clock.now(), walk.project
    made = participant.draft_component(
        actor=walk.owner, at=now, project_id=case.pk, title="Western shore"
    )
    submit: dict[str, Any] = {"actor": walk.owner, "at": now, "component_id": made.pk,
                              "organisation_id": cast.doe.office, "checked": True}
    refused(Invalid, lambda: doe.submit_component(**submit), "Name the place.")
    given: dict[str, Any] = {
        "actor": walk.owner, "at": now, "component_id": made.pk, "title": "Western shore",
        "location": "Homa Bay", "start_date": now.date(),
        "crediting_first_date": case.crediting_first_date,
        "crediting_last_date": case.crediting_last_date, "estimated_annual_tonnes": 900,
    }
    beyond = given | {"crediting_last_date": case.crediting_last_date + timedelta(days=1)}
    refused(Invalid, lambda: participant.save_component(**beyond), "period runs from")
    before = given | {"crediting_first_date": case.crediting_first_date - timedelta(days=1)}
    refused(Invalid, lambda: participant.save_component(**before), "period runs from")
    participant.save_component(**given, answers=["It is new.", ""])
    refused(NotNow, lambda: doe.submit_component(**submit), "Answer every eligibility criterion")
    participant.save_component(**given, answers=["It is new.", "None does."])
    refused(Invalid, lambda: doe.submit_component(**submit | {"checked": False}), "you checked")
    for nobody in (cast.unaccredited_doe, cast.participant):
        refused(Invalid, lambda who=nobody: doe.submit_component(
            **submit | {"organisation_id": who.office}
        ), "it is not")
    assert doe.submit_component(**submit).state == "submitted"
    refused(NotNow, lambda: participant.save_component(**given), "no draft")


def test_a_doe_includes_while_it_is_accredited_and_without_conflict(cast: Cast) -> None:
    walk = story.programme(cast)
    found, now = story.component(walk, "submitted"), clock.now()
    include: dict[str, Any] = {"actor": cast.doe, "at": now, "component_id": found.pk,
                               "no_conflict": True, "filename": "a.pdf", "data": pdf()}
    refused(Invalid, lambda: doe.include_component(**include | {"no_conflict": False}), "conflict")
    refused(Invalid, lambda: doe.include_component(**include | {"data": b"no pdf"}))
    refused(Forbidden, lambda: doe.include_component(**include | {"actor": cast.other_doe}))
    with as_if():
        doe.relinquish_accreditation(
            actor=cast.doe, at=now, scopes=(1,), functions=("validation",), reason="We close."
        )
        refused(Invalid, lambda: doe.include_component(**include), "voluntarily withdrawn")
    assert doe.include_component(**include).number == 2


def test_a_programme_asks_for_registration_with_a_component(cast: Cast) -> None:
    walk = factories.walk(
        cast, Until.FINDINGS_OPEN, clock.now(), key="programme", criteria=story.CRITERIA
    )
    Project.objects.filter(pk=walk.project.pk).update(opinion="positive")
    ask: dict[str, Any] = {"actor": cast.doe, "at": clock.now(), "project_id": walk.project.pk}
    refused(NotNow, lambda: board.request_registration(**ask), "at least one real component")
    found = story.hands.submitted(walk, clock.now())
    refused(NotNow, lambda: doe.include_component(
        actor=cast.doe, at=clock.now(), component_id=found.pk, no_conflict=True,
        filename="a.pdf", data=pdf(),
    ), "not registered")
    board.request_registration(**ask)


def test_an_exclusion_is_prepared_and_decided_by_two(cast: Cast) -> None:
    walk = story.programme(cast)
    found, now = story.component(walk, "included"), clock.now()
    propose: dict[str, Any] = {"at": now, "component_id": found.pk, "reasons": "Elsewhere."}
    refused(Forbidden, lambda: board.propose_exclusion(
        actor=cast.board[0], tonnes=0, **propose
    ))
    refused(Invalid, lambda: board.propose_exclusion(
        actor=cast.secretariat, tonnes=1, **propose
    ), "0 to 0")
    made = board.propose_exclusion(actor=cast.secretariat, tonnes=0, **propose)
    refused(Refused, lambda: board.propose_exclusion(
        actor=cast.secretariat, tonnes=0, **propose
    ), "before the Board already")
    decide: dict[str, Any] = {"at": now, "exclusion_id": made.pk, "grant": True, "reasons": "So."}
    refused(Forbidden, lambda: board.decide_exclusion(actor=cast.secretariat, **decide))
    refused(NotFound, lambda: board.decide_exclusion(
        actor=cast.board[0], **decide | {"exclusion_id": 0}
    ))
    board.decide_exclusion(actor=cast.board[0], **decide)
    found.refresh_from_db()
    assert (found.state, found.debt_tonnes) == ("excluded", 0)
    refused(Refused, lambda: board.decide_exclusion(actor=cast.board[1], **decide))


def test_an_activity_has_no_components_and_no_criteria(cast: Cast) -> None:
    walk = factories.walk(cast, Until.DESIGN_SUBMITTED, clock.now())
    given: dict[str, Any] = {"actor": walk.owner, "at": clock.now(), "project_id": walk.project.pk}
    refused(NotNow, lambda: participant.draft_component(**given, title="X"), "Only a programme")
    refused(Invalid, lambda: participant.save_section(
        **given, section="eligibility", values={"criteria": "X"}
    ), "Only a programme")


def test_a_member_moves_an_exclusion_and_another_decides(cast: Cast) -> None:
    walk = story.programme(cast)
    found, now = story.component(walk, "included"), clock.now()
    given: dict[str, Any] = {"at": now, "component_id": found.pk}
    move = given | {"reasons": "The households are counted elsewhere."}
    for nobody in (cast.secretariat, cast.doe, cast.participant):
        refused(Forbidden, lambda who=nobody: board.move_exclusion(actor=who, **move))
    refused(Invalid, lambda: board.move_exclusion(
        actor=cast.board[0], **move | {"reasons": " "}
    ))
    moved = board.move_exclusion(actor=cast.board[0], **move)
    refused(Refused, lambda: board.move_exclusion(actor=cast.board[1], **move), "under way")
    decide: dict[str, Any] = {"at": now, "exclusion_id": moved.pk, "grant": True, "reasons": "So."}
    refused(Refused, lambda: board.decide_exclusion(actor=cast.board[1], **decide), "secretariat")
    waiting = [each["action_url"] for each in desk.waiting(cast.secretariat, now)]
    assert reverse("board:exclude", args=[found.pk]) in waiting
    made = board.propose_exclusion(
        actor=cast.secretariat, tonnes=0, reasons="So it is.", **given
    )
    assert (made.pk, made.state, made.moved_by_id) == (
        moved.pk, "proposed", cast.board[0].person_id
    )
    refused(Refused, lambda: board.decide_exclusion(actor=cast.board[0], **decide), "moved it")
    board.decide_exclusion(actor=cast.board[1], **decide)
    found.refresh_from_db()
    assert found.state == "excluded" and not Debt.objects.exists()


def test_an_exclusion_opens_the_debt_of_the_doe(cast: Cast) -> None:
    walk = story.programme(cast)
    found, now = story.component(walk, "included"), clock.now()
    other = story.component(walk, "submitted", "Another shore")
    begin = walk.credited_from()
    made = participant.open_period(
        actor=walk.owner, at=now, project_id=walk.project.pk, first=begin,
        last=begin + timedelta(days=30), component_ids=[found.pk],
    )
    MonitoringPeriod.objects.filter(pk=made.pk).update(issued_tonnes=9)  # the rest is a walk
    proposed = story.before_the_board(walk, found, now, tonnes=7)
    board.decide_exclusion(
        actor=cast.board[0], at=now, exclusion_id=proposed.pk, grant=True, reasons="So."
    )
    debt = Debt.objects.get()
    assert (debt.ground, debt.component_id, debt.quantity, debt.doe_id) == (
        "inclusion", found.pk, 7, cast.doe.office
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused(Invalid, lambda: doe.include_component(
        actor=cast.doe, at=now, component_id=other.pk, no_conflict=True, filename="a.pdf",
        data=pdf(),
    ), debt.name)

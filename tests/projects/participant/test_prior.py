"""Prior consideration: in time to the microsecond, asked for at freezing and at publishing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal import clock, queues
from cdm_portal.pages import desk
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.values import Actor
from projects.doe import actions as doe
from projects.doe.errors import NotYet
from projects.lifecycle import NotNow
from projects.models import Project
from projects.participant import actions, prior
from projects.participant.actions import Incomplete
from projects.participant.models import PriorNotice
from tests.cast import Cast
from tests.projects.participant.designs import AT, filled

pytestmark = pytest.mark.django_db
Nothing = Callable[[], AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]

START = date(2023, 11, 20)
EDGE = datetime(2024, 5, 19, tzinfo=UTC)  # 180 days after the start date: 18 May 2024, 24:00
TICK = timedelta(microseconds=1)


def notify(
    cast: Cast, project: Project, at: datetime = AT, start: date = START, **changes: Any
) -> PriorNotice:
    given = {
        "actor": cast.participant, "location": "Nakuru County", "latitude": Decimal("-0.3"),
        "longitude": Decimal(36), "description": "Sun instead of oil.",
    }
    return actions.notify_prior_consideration(
        at=at, project_id=project.pk, start_date=start, **(given | changes)
    )


def begun(cast: Cast, start: date = START) -> Project:
    """A complete draft of a project that started before it was frozen."""
    return filled(cast, crediting={"start_date": start})


def freeze(cast: Cast, project: Project, at: datetime = AT) -> Project:
    actions.submit_design(actor=cast.participant, at=at, project_id=project.pk)
    return Project.objects.get(pk=project.pk)


def publish(cast: Cast, project: Project, at: datetime) -> None:
    made = doe.offer_engagement(
        actor=cast.participant, at=at, project_id=project.pk, organisation_id=cast.doe.office
    )
    doe.accept_engagement(actor=cast.doe, at=at, engagement_id=made.pk, no_conflict=True)
    doe.publish_design(actor=cast.doe, at=at, project_id=project.pk)


def test_a_notice_is_in_time_to_the_last_microsecond(cast: Cast, nothing_written: Nothing) -> None:
    project = begun(cast)
    with nothing_written(), pytest.raises(Invalid) as refusal:
        notify(cast, project, EDGE)
    assert refusal.value.errors == {"start_date": [
        "This start date was to be notified by 24:00 UTC on 18 May 2024: the notice is late."
    ]}
    made = notify(cast, project, EDGE - TICK)
    assert (made.due_at, made.published_at) == (EDGE, None)


def test_the_database_takes_no_late_notice_and_keeps_those_it_has(cast: Cast) -> None:
    made = notify(cast, begun(cast))
    late = PriorNotice.objects.filter(pk=made.pk).values().get() | {"id": None, "filed_at": EDGE}
    with pytest.raises(IntegrityError, match="prior_notice_in_time"), transaction.atomic():
        PriorNotice.objects.create(**late)
    for change in ({"start_date": date(2020, 1, 1)}, {"description": "x"}):
        with pytest.raises(IntegrityError, match="of record"), transaction.atomic():
            PriorNotice.objects.filter(pk=made.pk).update(**change)


def test_without_a_notice_a_project_that_started_is_not_frozen(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = begun(cast)
    with nothing_written(), pytest.raises(Incomplete) as refusal:
        freeze(cast, project)
    assert refusal.value.lacking == {"crediting": [
        "The start date, 20 November 2023, lies before the publication for comments: notify prior "
        "consideration, at the latest on 18 May 2024, 24:00 UTC."
    ]}
    with nothing_written(), pytest.raises(Incomplete, match="cannot be validated"):
        freeze(cast, project, EDGE)
    notify(cast, project)
    assert freeze(cast, project).start_date == START


def test_a_notice_of_a_later_start_does_not_count_for_an_earlier_one(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = begun(cast)
    notify(cast, project, start=START + timedelta(days=1))
    with nothing_written(), pytest.raises(Incomplete):
        freeze(cast, project)


@pytest.mark.parametrize("start", [date(2008, 8, 1), AT.date(), AT.date() + timedelta(days=9)])
def test_no_notice_is_asked_for_before_the_rule_or_of_what_has_not_begun(
    cast: Cast, start: date
) -> None:
    assert freeze(cast, begun(cast, start)).stage == "national_approval"


def test_the_rule_begins_on_its_first_day(cast: Cast, nothing_written: Nothing) -> None:
    project = begun(cast, date(2008, 8, 2))
    with nothing_written(), pytest.raises(Incomplete, match="cannot be validated"):
        freeze(cast, project)


def test_the_doe_does_not_publish_what_began_since_it_was_frozen(cast: Cast) -> None:
    start = AT.date() + timedelta(days=1)
    project = freeze(cast, begun(cast, start))
    later = AT + timedelta(days=2)
    with pytest.raises(NotYet, match="notify prior consideration"), transaction.atomic():
        publish(cast, project, later)
    assert Project.objects.get(pk=project.pk).validation_began_at is None
    notify(cast, project, later, start)
    publish(cast, project, later)
    assert Project.objects.get(pk=project.pk).stage == "validation"


def test_what_begins_on_the_day_of_publication_needs_no_notice(cast: Cast) -> None:
    project = freeze(cast, begun(cast, AT.date() + timedelta(days=1)))
    publish(cast, project, AT + timedelta(days=1))


def test_the_database_publishes_nothing_that_began_without_notice(cast: Cast) -> None:
    project = freeze(cast, begun(cast, AT.date() + timedelta(days=1)))
    with (
        pytest.raises(IntegrityError, match="without notice of it"), transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE projects_project SET stage = 'validation', validation_began_at = %s"
            " WHERE id = %s", [AT + timedelta(days=2), project.pk],
        )


def test_a_notice_is_filed_by_the_owner_once_and_before_publication(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = begun(cast)
    for actor in (cast.rival_participant, cast.dna, cast.doe, cast.secretariat):
        with nothing_written(), pytest.raises(NotFound):
            notify(cast, project, actor=actor)
    notify(cast, project)
    with nothing_written(), pytest.raises(Invalid, match="notified already"):
        notify(cast, project)
    with nothing_written(), pytest.raises(Invalid) as refusal:
        notify(cast, project, start=AT.date(), location=" ", latitude=Decimal("NaN"))
    assert set(refusal.value.errors) == {"location", "latitude"}
    project = freeze(cast, project)
    publish(cast, project, AT)
    with nothing_written(), pytest.raises(NotNow, match="before the design document is published"):
        notify(cast, project, start=AT.date())


def test_the_secretariat_publishes_a_notice_once(cast: Cast, nothing_written: Nothing) -> None:
    made = notify(cast, begun(cast))
    (waits,) = queues.items(desk.participant_waiting.queue(cast.secretariat, AT))
    assert waits["url"] == reverse("prior:notice", args=[made.pk])
    for actor in (cast.participant, cast.dna, cast.board[0]):
        with nothing_written(), pytest.raises(Forbidden):
            actions.publish_prior_notice(actor=actor, at=AT, notice_id=made.pk)
    assert not prior.published().exists()
    actions.publish_prior_notice(actor=cast.secretariat, at=AT, notice_id=made.pk)
    with nothing_written(), pytest.raises(NotNow):
        actions.publish_prior_notice(actor=cast.secretariat, at=AT, notice_id=made.pk)
    assert queues.items(desk.participant_waiting.queue(cast.secretariat, AT)) == []


def test_who_reads_a_notice_and_how_the_public_list_is_searched(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    made = notify(cast, begun(cast))
    page, listed = reverse("prior:notice", args=[made.pk]), reverse("prior:notices")
    reads = {
        "dna": 200, "secretariat": 200, "auditor": 200, "foreign_dna": 404, "participant": 404,
        "rival_participant": 404, "doe": 404, "buyer": 404,
    }
    for who, status in reads.items():
        assert sign_in(Client(), getattr(cast, who)).get(page).status_code == status, who
    assert made.title not in client.get(listed).content.decode()
    office = sign_in(Client(), cast.secretariat)
    assert office.post(page, {"publish": ""}).status_code == 302
    assert "published already" in office.post(page, {"publish": ""}).content.decode()
    for query, found in (
        ("", True), ("ziwa nakuru", True), ("wind", False), ("?party=KE", True), ("Ziwa Sun", True)
    ):
        address = f"{listed}{query}" if query.startswith("?") else f"{listed}?q={query}"
        shown = client.get(address).content.decode()
        assert ('dir="auto">Ziwa solar park' in shown) is found, query


def test_the_participant_reads_what_is_asked_for_where_it_works(
    cast: Cast, sign_in: SignIn
) -> None:
    today = clock.today()
    project = begun(cast, today - timedelta(days=10))
    browser = sign_in(Client(), cast.participant)
    said = "notify prior consideration, at the latest on"
    for name, args in (("design", ()), ("section", ("crediting",)), ("prior", ())):
        page = reverse(f"participant:{name}", args=[project.name, *args])
        assert said in browser.get(page).content.decode(), name
    answer = browser.post(reverse("participant:submit", args=[project.name]))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    sent = {
        "start_date": today - timedelta(days=200), "location": "Nakuru", "latitude": "1",
        "longitude": "36", "description": "Sun.",
    }
    answer = browser.post(reverse("participant:prior", args=[project.name]), sent)
    assert answer.status_code == 422
    assert "the notice is late" in answer.content.decode()
    assert 'value="Nakuru"' in answer.content.decode()

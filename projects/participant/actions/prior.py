"""Prior consideration: the participant notifies it, the secretariat publishes it (domain, 2.1)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from cdm_portal import deadlines
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.values import Actor, Role
from projects import access
from projects import locks as landing
from projects.lifecycle import NotNow
from projects.participant import locks, prior, sections
from projects.participant.models import PriorNotice

DEGREES = {"latitude": "90", "longitude": "180"}


def notify_prior_consideration(
    *, actor: Actor, at: datetime, project_id: int, start_date: date, location: str,
    latitude: Decimal, longitude: Decimal, description: str,
) -> PriorNotice:
    """Tell the host Party's DNA and the secretariat when a project starts or started.

    In time until 24:00 UTC of the last day (parameter `prior_consideration_days` after the start
    date). Raises NotFound for another's project, NotNow once the design is published, Invalid by
    box: late at `start_date`, or notified already.
    """
    place = sections.words("location", location, longest=200)
    said = sections.words("description", description)
    with transaction.atomic():
        case = landing.project(project_id)
        if not access.owns(actor, case):
            raise NotFound("There is no such project.")
        if reason := prior.why_no_notice(case):
            raise NotNow(reason)
        _check(place, said, latitude=latitude, longitude=longitude)
        if case.prior_notices.filter(start_date=start_date).exists():
            raise Invalid.of("start_date", f"{start_date:%-d %B %Y} is notified already.")
        due = _due(start_date, at)
        made = PriorNotice.objects.create(
            project=case, title=case.title, start_date=start_date, location=place,
            latitude=latitude, longitude=longitude, description=said, filed_by=actor.name,
            filed_at=at, due_at=due,
        )
        record(
            "participant.notify_prior_consideration", actor=actor, subject=made, at=at,
            project=case.reference, facts={"start_date": start_date.isoformat()},
        )
    return made


def publish_prior_notice(*, actor: Actor, at: datetime, notice_id: int) -> PriorNotice:
    """The secretariat puts a notice on the public list. Raises Forbidden, NotFound, NotNow."""
    if actor.role != Role.SECRETARIAT:
        raise Forbidden("The secretariat publishes notices of prior consideration.")
    with transaction.atomic():
        found = locks.prior_notice(notice_id)
        if found.published_at is not None:
            raise NotNow("The notice is published already.")
        found.published_at, found.published_by = at, actor.name
        found.save(update_fields=["published_at", "published_by"])
        record(
            "participant.publish_prior_notice", actor=actor, subject=found, at=at,
            project=found.project.reference, facts={"notice": found.pk},
        )
    return found


def _check(place: str, said: str, **position: Decimal) -> None:
    errors: dict[str, list[str]] = {}
    if not place:
        errors["location"] = ["Name the place."]
    if not said:
        errors["description"] = ["Describe the project briefly."]
    for box, most in DEGREES.items():
        if not position[box].is_finite() or abs(position[box]) > Decimal(most):
            errors[box] = [f"Enter degrees from -{most} to {most}."]
    if errors:
        raise Invalid(errors)


def _due(start: date, at: datetime) -> datetime | None:
    due = prior.due_at(start)
    if due is not None and not deadlines.in_time(at, due):
        last = f"{deadlines.last_day(due):%-d %B %Y}"
        said = f"This start date was to be notified by 24:00 UTC on {last}: the notice is late."
        raise Invalid.of("start_date", said)
    return due

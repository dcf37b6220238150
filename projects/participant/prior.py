"""Prior consideration: whether the CDM was considered before a project began (domain, 2.1).

A project that starts before its design document is published for comments must have notified that,
to the host Party's DNA and the secretariat, within a number of days of its start date. The notice
can be asked for twice: when the design is frozen, of a start date that lies in the past already,
and when the DOE publishes it, of one that has passed since. What was published once is what counts
for every later attempt.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from cdm_portal import deadlines, formats, parameters
from cdm_portal.queues import Line
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects import access
from projects.lifecycle import BEFORE_PUBLISHED, EIGHT, Stage
from projects.models import Project
from projects.participant import design
from projects.participant.models import PriorNotice
from registry.models import Party

Notified = Callable[[date], bool]
READERS = (Role.DNA, Role.SECRETARIAT, Role.AUDITOR)


def due_at(start: date) -> datetime | None:
    """The first moment at which a notice of this start date is late; None where none is asked for.
    """
    if start < parameters.day("prior_consideration_from"):
        return None
    days = parameters.number("prior_consideration_days", start)
    return deadlines.due_at(datetime.combine(start, time.min, tzinfo=UTC), days)


def last_day(start: date) -> date | None:
    """The day until whose end a start date can be notified."""
    due = due_at(start)
    return deadlines.last_day(due) if due else None


def is_notified(project: Project, start: date) -> bool:
    """Whether a notice of this start date, or of an earlier one, was filed. None is late."""
    return project.prior_notices.filter(start_date__lte=start).exists()


def obstacle(
    project: Project, start: date | None, at: datetime, notified: Notified | None = None
) -> str:
    """Why a project with this start date cannot be published for comments now; empty if it can.

    `notified` answers `is_notified` from what was read already.
    """
    published = (project.validation_began_at or at).date()
    due = due_at(start) if start else None
    if start is None or due is None or start >= published:
        return ""
    if notified(start) if notified else is_notified(project, start):
        return ""
    said = f"The start date, {start:%-d %B %Y}, lies before the publication for comments"
    last = f"{deadlines.last_day(due):%-d %B %Y}"
    if deadlines.in_time(at, due):
        return f"{said}: notify prior consideration, at the latest on {last}, 24:00 UTC."
    return (
        f"{said}, and prior consideration was not notified by 24:00 UTC on {last}. "
        "The project cannot be validated."
    )


def stated(content: design.Content) -> date | None:
    """The start date that a draft or a version states."""
    written = design.part(content, "crediting").get("start_date")
    return date.fromisoformat(written) if written else None


def problems(
    project: Project, content: design.Content, at: datetime, days: Sequence[date],
    notified: Notified | None = None,
) -> dict[str, list[str]]:
    """What each section lacks before the document can be frozen, prior consideration included; the
    methodology's version is to be valid on one of `days`.
    """
    found = design.problems(content, days=days)
    if reason := obstacle(project, stated(content), at, notified):
        found["crediting"].append(reason)
    return found


def why_no_notice(project: Project) -> str:
    """Why prior consideration cannot be notified for a project now; empty if it can."""
    if project.stage in BEFORE_PUBLISHED and project.validation_began_at is None:
        return ""
    return "Prior consideration is notified before the design document is published for comments."


# Who reads what


def notices(actor: Actor) -> QuerySet[PriorNotice]:
    """The notices that reach an actor: its own Party's a DNA, all of them the secretariat."""
    found = PriorNotice.objects.select_related("project", "project__owner")
    if actor.role in {Role.SECRETARIAT, Role.AUDITOR}:
        return found
    if actor.role == Role.DNA and actor.party:
        return found.filter(project__party_code=actor.party)
    return found.none()


def notice(actor: Actor, pk: int) -> PriorNotice:
    """One notice that reaches the actor. Raises NotFound."""
    found = notices(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such notice.")
    return found


def published(words: str = "", party_code: str = "") -> QuerySet[PriorNotice]:
    """The public list, last published first; `words` are looked for in title, place, participant
    and Party.
    """
    found = PriorNotice.objects.exclude(published_at=None).select_related("project__owner")
    if party_code:
        found = found.filter(project__party_code=party_code)
    for word in words.split()[:10]:
        parties = Party.objects.filter(name__icontains=word).values("code")
        found = found.filter(
            Q(title__icontains=word) | Q(location__icontains=word)
            | Q(project__owner__name__icontains=word) | Q(project__party_code__in=parties)
        )
    return found.order_by("-published_at", "-id")


def rows(found: Sequence[PriorNotice]) -> list[dict[str, Any]]:
    """Notices as a list shows them, with the name of the Party and the project's page if public."""
    names = dict(Party.objects.values_list("code", "name"))
    open_ = set(access.visible(None).filter(prior_notices__in=found).values_list("pk", flat=True))
    return [
        {
            "notice": each, "party": names.get(each.project.party_code, each.project.party_code),
            "url": reverse("project", args=[each.project.name]) if each.project_id in open_ else "",
        }
        for each in found
    ]


def parties_named() -> list[tuple[str, str]]:
    """The Parties of the public list, by name."""
    codes = PriorNotice.objects.exclude(published_at=None).values("project__party_code")
    return list(Party.objects.filter(code__in=codes).order_by("name").values_list("code", "name"))


def public_facts(project: Project) -> list[dict[str, str]]:
    """The published notices of a project, as rows of a list of terms."""
    return [
        {"term": "Prior consideration",
         "value": f"Notified on {formats.day(each.filed_at.date())}, start date "
                  f"{formats.day(each.start_date)}",
         "url": reverse("prior:notices")}
        for each in project.prior_notices.exclude(published_at=None)
    ]


def state(project: Project, content: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What the participant reads about prior consideration: start date, last day, what is missing.
    """
    start = stated(content)
    return {
        "start": start,
        "last_day": last_day(start) if start else None,
        "obstacle": obstacle(project, start, at),
        "notices": project.prior_notices.all(),
        "why_not": why_no_notice(project),
    }


def queue(actor: Actor) -> Iterator[Line]:
    """The notices that wait for the secretariat, which publishes them."""
    if actor.role == Role.SECRETARIAT:
        yield Line(
            "participant.prior", notices(actor).filter(published_at=None),
            lambda each, _: _to_publish(each), related=("project",),
        )


def _to_publish(each: PriorNotice) -> dict[str, Any]:
    return {
            "reference": each.project.name, "project": each.title, "title": each.title,
            "stage": EIGHT.index(Stage.DESIGN) + 1, "stage_label": Stage.DESIGN.label,
            "what": "Prior consideration is notified: publish it on the public list.",
            "waiting_for": "You (secretariat)", "until": None, "why_not": "",
            "url": reverse("prior:notice", args=[each.pk]), "action_label": "Publish",
            "action_url": reverse("prior:notice", args=[each.pk]),
            "tag": each.project.get_rules_display() if each.project.is_demonstration else "",
            "tag_kind": "plum",
    }

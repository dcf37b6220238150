"""What is due when: a page for each desk, and a calendar that other programmes subscribe to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from cdm_portal import clock, edges
from cdm_portal.identity import queries as people
from cdm_portal.identity.access import actor_of
from cdm_portal.notices import actions, queries
from cdm_portal.pages import desk
from cdm_portal.values import Actor

Item = Mapping[str, Any]
HOURS = timedelta(hours=6)


@never_cache
@login_required
def agenda(request: HttpRequest) -> HttpResponse:
    """What is due on the actor's desk, day by day; a post gives the calendar a new address."""
    actor, at = actor_of(request), clock.now()
    if request.method == "POST":
        actions.renew_calendar(actor=actor, at=at)
        messages.success(request, _("Your calendar has a new address; the former one is gone."))
        return redirect("agenda")
    own = queries.calendar_of(actor)
    path = own and reverse("calendar", args=[own.secret])
    return edges.page(request, "notices/agenda.html", {
        "days": [
            {"day": day, "late": day < at.date(), "items": list(items)}
            for day, items in groupby(due(actor, at), key=day_of)
        ],
        "address": path and settings.SITE_URL + path, "at": at,
    })


def due(actor: Actor, at: datetime) -> list[Item]:
    """What stands on the actor's desk and has an end, the earliest first."""
    return sorted(
        (each for each in desk.waiting(actor, at) if each.get("until")),
        key=lambda each: each["until"],
    )


def day_of(item: Item) -> date:
    """The day at whose end an item is due."""
    until: datetime = item["until"]
    return until.date()


@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """The deadlines of every role of the person whose calendar has this address (RFC 5545)."""
    found, at = queries.calendar(secret), clock.now()
    held = people.memberships(found.person_id, at.date())
    made = Calendar()
    made.add("prodid", f"-//{settings.SITE_NAME}//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", _("%(site)s: deadlines") % {"site": settings.SITE_NAME})
    made.add("refresh-interval", HOURS, parameters={"VALUE": "DURATION"})
    for actor in map(people.actor, held):
        for event in _events(actor, due(actor, at), at):
            made.add_component(event)
    return HttpResponse(
        made.to_ical(), content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="deadlines.ics"',
            "Cache-Control": "private, no-store", "X-Robots-Tag": "noindex",
        },
    )


def _events(actor: Actor, items: Iterable[Item], at: datetime) -> Iterator[Event]:
    """Each deadline as an event of its last day, in UTC days as the rules count them."""
    for item in items:
        event, day = Event(), day_of(item)
        event.add("uid", f"{queries.mark(actor, item)}-{day:%Y%m%d}@{settings.SITE_URL}")
        event.add("dtstamp", at)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", f"{item['title']}: {item['what']}")
        event.add("description", _("%(role)s, until 24:00 UTC") % {"role": actor.role.label})
        event.add("url", settings.SITE_URL + item["url"])
        event.add("transp", "TRANSPARENT")
        yield event

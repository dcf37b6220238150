"""The Board's meetings: the public calendar with agendas, and the secretariat's own pages."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, desk
from cdm_portal.values import Role
from projects import access
from projects.board import actions, forms, queries
from projects.board.models import Meeting

CANCEL = "cancel"


def calendar(request: HttpRequest) -> HttpResponse:
    """The meetings of the Board, the latest first."""
    return render(request, "board/meetings.html", {
        "meetings": queries.every_meeting(), "today": clock.today(),
    })


def meeting(request: HttpRequest, number: int) -> HttpResponse:
    """One meeting: the requests before it, and what it decided. Drafts are not named."""
    at, found = clock.now(), queries.meeting(number)
    known = set(access.visible(None).values_list("pk", flat=True))
    return render(request, "board/meeting.html", {
        "meeting": found, "at": at,
        "agenda": [
            row for row in queries.agenda(found, at) if row["request"].project_id in known
        ],
        "rulings": queries.rulings_at(found),
        "over": found.last_date < at.date(),
    })


@desk(Role.SECRETARIAT)
def plan(request: HttpRequest) -> HttpResponse:
    """The secretariat's calendar, and planning a meeting."""
    form = forms.MeetingForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and edges.attempt(
        form, actions.plan_meeting, actor=actor_of(request), at=clock.now(), **form.cleaned_data
    ) is not None:
        messages.success(request, _("The meeting is in the calendar."))
        return redirect("board:meetings")
    return edges.page(request, "board/plan.html", {
        "form": form, "meetings": queries.every_meeting(), "today": clock.today(),
    })


@desk(Role.SECRETARIAT)
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Move a meeting that has not begun, or cancel it."""
    found = queries.meeting(number)
    moving, cancelling = _forms(request, found)
    acts: tuple[tuple[forms.RequestForm, Callable[..., object], str], ...] = (
        (moving, actions.move_meeting, _("The meeting is moved.")),
        (cancelling, actions.cancel_meeting, _("The meeting is cancelled.")),
    )
    for form, action, done in acts:
        if form.is_bound and form.is_valid() and edges.attempt(
            form, action, actor=actor_of(request), at=clock.now(), meeting_id=found.pk,
            **form.cleaned_data,
        ) is not None:
            messages.success(request, done)
            return redirect("board:meetings")
    return edges.page(request, "board/change_meeting.html", {
        "meeting": found, "form": moving, "cancelling": cancelling,
    })


def _forms(
    request: HttpRequest, found: Meeting
) -> tuple[forms.MoveMeetingForm, forms.RequestForm]:
    """The two forms of the page; of one that was sent, the other stays as it was."""
    sent = request.POST if request.method == "POST" else None
    cancels = sent is not None and CANCEL in sent
    now = {"first_date": found.first_date, "last_date": found.last_date, "place": found.place}
    return (
        forms.MoveMeetingForm(None if cancels else sent, initial=now),
        forms.ReasonForm(sent if cancels else None, prefix=CANCEL),
    )

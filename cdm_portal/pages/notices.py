"""What a person has been told, one notice, and how they wish to be told."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of
from cdm_portal.notices import actions, forms, queries

A_PAGE = 25


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice of the person, newest first; a post marks all of them as read."""
    actor = actor_of(request)
    if request.method == "POST":
        actions.read(actor=actor, at=clock.now())
        messages.success(request, _("All notices are marked as read."))
        return redirect("notices")
    page = Paginator(queries.notices(actor), A_PAGE).get_page(request.GET.get("page"))
    return edges.page(request, "notices/notices.html", {
        "page": page, "any_unread": queries.unread(actor.person) > 0,
    })


@login_required
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice, as a mail links to it; a post marks it as read and leads to its case."""
    actor = actor_of(request)
    found = queries.notice(actor, pk)
    if request.method == "POST":
        actions.read(actor=actor, at=clock.now(), notice_id=pk)
        return redirect(found.url)
    return edges.page(request, "notices/notice.html", {"notice": found})


@login_required
def choices(request: HttpRequest) -> HttpResponse:
    """How the person wishes to be told, topic by topic."""
    actor = actor_of(request)
    sent = request.POST if request.method == "POST" else None
    form = forms.ChoicesForm(sent, initial=queries.chosen(actor))
    if form.is_bound and form.is_valid():
        actions.choose(actor=actor, at=clock.now(), ways=form.cleaned_data)
        messages.success(request, _("You will be told as you chose."))
        return redirect("notice_choices")
    return edges.page(request, "notices/choices.html", {
        "form": form, "address": queries.address_of(actor.person),
    })

"""The pages of inquiries after an issuance: the secretariat opens one, the DOE answers, the Board
decides.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import BigIntegerField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cdm_portal import clock, edges
from cdm_portal.forms import Area
from cdm_portal.identity.access import actor_of, may
from cdm_portal.identity.models import Organisation
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Forbidden
from cdm_portal.values import Actor, Role
from projects.board import actions, queries
from projects.board.models import Inquiry
from projects.models import MonitoringPeriod


def _missing(said: Any) -> dict[str, Any]:
    return {"required": said}


def _cers(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        error_messages=_missing(gettext_lazy("Enter how many CERs, 0 for none.")),
        label=label, min_value=0, max_value=BigIntegerField.MAX_BIGINT,
        widget=forms.TextInput({"inputmode": "numeric", "data-unit": "CERs"}), **more,
    )


class OpenForm(forms.Form):
    """Into which issuance, of which DOE, and what the secretariat found."""

    period = forms.ModelChoiceField(
        label=gettext_lazy("Monitoring period"), queryset=MonitoringPeriod.objects.none(),
        empty_label=gettext_lazy("Choose"),
        error_messages=_missing(gettext_lazy("Choose a monitoring period.")),
        help_text=gettext_lazy("One for which CERs were issued, of a DOE that has since lost an "
                               "accreditation."),
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("DOE that answers for it"), queryset=Organisation.objects.none(),
        empty_label=gettext_lazy("Choose"),
        error_messages=_missing(gettext_lazy("Choose a DOE.")),
    )
    tonnes = _cers(gettext_lazy("CERs in excess, as the secretariat counts them"))
    reasons = forms.CharField(
        label=gettext_lazy("Significant deficiencies, and how the excess is counted"),
        error_messages=_missing(gettext_lazy("Enter what was found, and how it is counted.")),
        widget=Area(rows=6), max_length=10_000,
        help_text=gettext_lazy("The DOE reads them at once, the public with the decision."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["period"].queryset = queries.issued_periods()  # type: ignore[attr-defined] # a model choice
        self.fields["organisation"].queryset = queries.without_standing()  # type: ignore[attr-defined] # the same


class AnswerForm(forms.Form):
    """The answer of the DOE concerned."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"), widget=Area(rows=6), max_length=10_000,
        error_messages=_missing(gettext_lazy("Enter your answer.")),
        help_text=gettext_lazy("Given once. The Board reads it now, the public with the decision."),
    )


class DecideForm(forms.Form):
    """The decision of the Board."""

    excess = _cers(
        gettext_lazy("CERs issued in excess"),
        help_text=gettext_lazy("0 if there were none. The DOE has to cancel as many."),
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), widget=Area(rows=6), max_length=10_000,
        error_messages=_missing(gettext_lazy("Enter the public reasons.")),
        help_text=gettext_lazy("Public."),
    )


@may((Row.ACCREDITATION, Right.READ))
def inquiries(request: HttpRequest) -> HttpResponse:
    """What is under way and what was decided."""
    actor = actor_of(request)
    found = queries.inquiries_for(actor)
    return edges.page(request, "board/inquiries.html", {
        "live": found.filter(decided_at=None), "decided": found.exclude(decided_at=None)[:50],
        "opens": actor.role == Role.SECRETARIAT, "at": clock.now(),
    })


@may((Row.ACCREDITATION, Right.PREPARE))
def inquire(request: HttpRequest) -> HttpResponse:
    """The secretariat opens an inquiry."""
    form = OpenForm(request.POST or None)
    if form.is_valid():
        given = dict(form.cleaned_data)
        made = edges.attempt(
            form, actions.open_inquiry, actor=actor_of(request), at=clock.now(),
            period_id=given.pop("period").pk, organisation_id=given.pop("organisation").pk, **given,
        )
        if made is not None:
            messages.success(request, _("The Board has it."))
            return redirect("board:inquiry", pk=made.pk)
    return edges.page(request, "board/inquire.html", {"form": form})


@may(
    (Row.ACCREDITATION, Right.READ),
    post=[(Row.ACCREDITATION, Right.APPROVE), (Row.ACCREDITATION, Right.ANSWER)],
)
def inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """One inquiry, the answer of its DOE, and the decision of who presides over the Board."""
    actor, at = actor_of(request), clock.now()
    found = queries.inquiry(actor, pk)
    form = _turn(request, actor, found)
    if request.method == "POST" and form is None:
        raise Forbidden(_("The DOE concerned answers, and the Executive Board decides."))
    if form is not None and form.is_valid():
        act, done = _ACTS[type(form)]
        given = {"actor": actor, "at": at, "inquiry_id": pk, **form.cleaned_data}
        if edges.attempt(form, act, **given) is not None:
            messages.success(request, done)
            return redirect("board:inquiry", pk=pk)
    decides = isinstance(form, DecideForm)
    return edges.page(request, "board/inquiry.html", {
        "form": form, "found": found, "project": found.period.project,
        "most": queries.not_in_excess(found.period), "decides": decides,
        "turn": form is not None and found.decided_at is None,
        "why_not": queries.why_no_decision(found, actor, at) if decides
        else queries.why_no_answer(found, at),
        "runs": found.is_heard(at),
    })


_ACTS: dict[type[forms.Form], tuple[Callable[..., object], Any]] = {
    AnswerForm: (actions.answer_inquiry, gettext_lazy("The Board reads your answer.")),
    DecideForm: (actions.decide_inquiry, gettext_lazy("The decision is public.")),
}


def _turn(request: HttpRequest, actor: Actor, found: Inquiry) -> forms.Form | None:
    """The form of who has a part in an inquiry: the DOE concerned, or a member of the Board."""
    concerned = actor.role == Role.DOE and actor.office == found.doe_id
    if not concerned and actor.role != Role.BOARD:
        return None
    kind = AnswerForm if concerned else DecideForm
    return kind(request.POST if request.method == "POST" else None)

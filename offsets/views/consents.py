"""A seller asks the focal points for forwarding to consent to an offer; they answer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cdm_portal import clock
from cdm_portal.edges import attempt, page
from cdm_portal.forms import Area, RadioTiles
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Actor
from offsets import actions, consenting
from offsets.forms import PriceField, TonnesField
from offsets.models import OfferConsent
from projects import access


class AskForm(forms.Form):
    """How much is to be offered, and how cheaply at most."""

    commitment_period = forms.TypedChoiceField(
        label=gettext_lazy("Commitment period"), coerce=int, initial=2,
        choices=[(1, gettext_lazy("First (2008–2012)")), (2, gettext_lazy("Second (2013–2020)"))],
    )
    quantity = TonnesField(label=gettext_lazy("CERs to be offered, at most"))
    lowest_price = PriceField(label=gettext_lazy("Lowest price"))


class AnswerForm(forms.Form):
    """What a focal point says."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"), widget=RadioTiles(),
        choices=[("give", gettext_lazy("Consent")), ("refuse", gettext_lazy("Refuse"))],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=Area(rows=3), max_length=2000, required=False,
        help_text=gettext_lazy("For a refusal."),
    )


@may((Row.OFFER, Right.CREATE))
def consent_new(request: HttpRequest, reference: str) -> HttpResponse:
    """The seller asks for consent."""
    actor = actor_of(request)
    project = access.own_project(actor, reference)
    form = AskForm(request.POST or None)
    if form.is_valid():
        made = attempt(
            form, actions.ask_consent, actor=actor, at=clock.now(), project=project,
            **form.cleaned_data,
        )
        if made is not None:
            messages.success(request, _("The focal points have it."))
            return redirect("offsets:consent", made.pk)
    return page(request, "offsets/consent_new.html", {
        "form": form, "project": project,
        "named": consenting.who_consents(project, actor.office),
        "asked": consenting.consents_of(project, actor.office),
    })


@may((Row.OFFER, Right.CREATE), (Row.OFFER, Right.CONSENT))
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """One consent: the focal points answer, the seller may take its question back."""
    actor, at = actor_of(request), clock.now()
    found = consenting.consent(actor, pk)
    seller = actor.organisation_id == found.seller_id
    sent = request.POST if request.method == "POST" else None
    form: forms.Form = forms.Form(sent) if seller else AnswerForm(sent)
    if form.is_valid() and attempt(
        form, _answered, actor, pk, form.cleaned_data, seller=seller
    ) is not None:
        messages.success(request, _("Your answer is recorded."))
        return redirect("offsets:consent", pk)
    return page(request, "offsets/consent.html", {
        "form": form, "found": found, "project": found.project, "seller": seller,
        "open": found.state == found.State.ASKED, "missing": consenting.missing(found),
        "signatures": found.signatures.select_related("organisation", "person"),
        "why_not": "" if seller else consenting.why_not_sign(found, actor, at),
    })


def _answered(actor: Actor, pk: int, said: dict[str, Any], *, seller: bool) -> OfferConsent:
    given: dict[str, Any] = {"actor": actor, "at": clock.now(), "consent_id": pk}
    if seller:
        return actions.take_back_consent(**given)
    if said["answer"] == "give":
        return actions.give_consent(**given)
    return actions.refuse_consent(**given, reason=said["reason"])

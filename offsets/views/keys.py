"""Keys of one's own organisation: made, shown once, revoked."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cdm_portal import clock
from cdm_portal.edges import attempt, listed, page
from cdm_portal.forms import RadioTiles
from cdm_portal.identity.access import actor_of, desk
from cdm_portal.values import Actor
from offsets import actions, keys

PAGE = 25
YES_NO = {"test": True, "live": False, "order": True, "read": False}
LIVES = (30, 90, 365)


class KeyForm(forms.Form):
    """A new key."""

    label = forms.CharField(
        label=gettext_lazy("What is it for?"), max_length=60,
        help_text=gettext_lazy("The program that will use it, to tell keys apart."),
        error_messages={"required": gettext_lazy("Name the program that will use the key.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), initial="test",
        choices=[("test", gettext_lazy("Test key")), ("live", gettext_lazy("Live key"))],
        widget=RadioTiles(columns=True, hints={
            "test": "Buys demonstration CERs by the sandbox. No money moves.",
            "live": "Buys what is on offer; somebody pays at the address that it is given.",
        }),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What it may do"), initial="order",
        choices=[("order", gettext_lazy("Read and order")), ("read", gettext_lazy("Read only"))],
        widget=RadioTiles(columns=True, hints={
            "order": "Offers, quotes, orders and certificates.",
            "read": "Offers, quotes, and how your orders stand.",
        }),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Runs out after"), coerce=int, initial=90,
        choices=[(days, gettext_lazy("%s days") % days) for days in LIVES],
    )

    def asked(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        return {
            "label": given["label"], "days": given["days"], "test": YES_NO[given["kind"]],
            "may_order": YES_NO[given["scope"]],
        }


@desk(*keys.BUYERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys_of_ours(request: HttpRequest) -> HttpResponse:
    """The organisation's keys, and a form for another. A new key is in this one answer alone."""
    actor = actor_of(request)
    if "revoke" in request.POST:
        return _revoke(request, actor)
    form = KeyForm(request.POST if request.method == "POST" else None)
    made = None
    if form.is_valid():
        made = attempt(form, actions.make_key, actor=actor, at=clock.now(), **form.asked())
    return page(request, "offsets/keys.html", {
        "form": KeyForm() if made else form, "made": made,
        "found": listed(request, keys.of_organisation(actor), ["-pk"], size=PAGE),
        "at": clock.now(), "organisation": actor.organisation,
        "api": f"{settings.SITE_URL}/api/v1",
    })


def _revoke(request: HttpRequest, actor: Actor) -> HttpResponse:
    text = request.POST["revoke"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    key = actions.revoke_key(actor=actor, at=clock.now(), key_id=number)
    messages.success(request, _("%(key)s is revoked.") % {"key": key.label})
    return redirect("offsets:keys")

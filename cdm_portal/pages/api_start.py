"""The quick start of the API: from a key to a certificate in four calls, as they are typed."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cdm_portal import clock, parameters

HEADER = '-H "Authorization: Bearer $KEY"'
JSON = '-H "Content-Type: application/json"'


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what for, the command, and which part of its answer the next one needs."""

    title: str | Promise
    command: str
    then: str | Promise
    takes: tuple[str, ...] = ()
    """Where in the answer the value stands."""
    name: str = ""
    """Under which name the shell keeps it."""

    def typed(self, api: str) -> str:
        """The command for this portal."""
        return self.command.replace("{api}", api)


CALLS = (
    Call(_("Find an offer"),
         f'curl -s "{{api}}/offers/?limit=1" \\\n  {HEADER}',
         _("With a test key these are test offers. Keep the id of one:"),
         ("data", "0", "id"), "OFFER"),
    Call(_("Ask what 2 tonnes cost"),
         f'curl -s "{{api}}/quotes/" \\\n  {HEADER} \\\n  {JSON} \\\n'
         '  -d \'{"lines": [{"offer": "\'$OFFER\'", "tonnes": 2}]}\'',
         _("Or send total_cents instead of tonnes, and learn what it buys. Keep the quote:"),
         ("quote",), "QUOTE"),
    Call(_("Order"),
         f'curl -s "{{api}}/orders/" \\\n  {HEADER} \\\n  {JSON} \\\n'
         '  -H "Idempotency-Key: order-1001" \\\n'
         '  -d \'{"quote": "\'$QUOTE\'", "beneficiary": {"name": "Amina Otieno"},\n'
         '       "email": "amina@example.org", "sandbox": "pay"}\'',
         _("The sandbox pays, the registry cancels. Keep the certificate’s code:"),
         ("certificate",), "CERTIFICATE"),
    Call(_("Fetch the certificate"),
         f'curl -s "{{api}}/certificates/$CERTIFICATE/" \\\n  {HEADER}',
         _("Serial numbers, proofs, and in pdf the address of the print once it is made.")),
)  # fmt: skip


def api_start(request: HttpRequest) -> HttpResponse:
    """Four calls, and what differs for live keys."""
    api, today = f"{settings.SITE_URL}/api/v1", clock.today()
    return render(request, "pages/api_start.html", {
        "calls": [(call, call.typed(api), ".".join(call.takes)) for call in CALLS],
        "api": api, "sandbox": settings.ALLOW_SANDBOX,
        "hold_minutes": parameters.number("hold_minutes", today),
        "quote_minutes": parameters.number("quote_minutes", today),
        "per_minute": parameters.number("api_requests_per_minute", today),
        "open_orders": parameters.number("api_open_orders", today),
    })

"""Which pages a search engine may keep, each with the sentence that it shows for it.

Everything else says `noindex`: a basket, an order or a certificate is for whoever has its address,
a desk for who signs in. A new page is not findable until it stands here.
"""

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _

DESCRIPTIONS = {
    "home": _(
        "Pay for emission reductions of projects under the Clean Development Mechanism and cancel "
        "them for good, on a public registry that anyone can check."
    ),
    "catalogue": _(
        "Projects under the Clean Development Mechanism with reductions on offer: by type, host "
        "country, price, year and reported co-benefits."
    ),
    "project": _("Where the project stands, what it reduces, who checked it, and its units."),
    "components": _("The component activities of a programme, each with where it stands."),
    "component": _("A component activity of a programme: what it does and who included it."),
    "tonne": _("How the tonnes of a monitoring period were made, step by step from its readings."),
    "stage_times": _("How long each stage of the project cycle takes, from all projects here."),
    "activities": _("Activities of the Clean Development Mechanism as the UNFCCC published them."),
    "activity": _("An activity of the Clean Development Mechanism as the UNFCCC published it."),
    "how-it-works": _("The eight stages from design document to cancelled tonne, and who acts."),
    "accessibility": _("What was done so that everybody can use this portal, and what is missing."),
    "data": _("Where the figures of this portal come from, and what was not verified."),
    "privacy": _("What this portal keeps about people, why and for how long."),
    "terms": _("Terms of paying for and cancelling reductions here, and how to complain."),
    "methodologies": _("Methodologies and tools that can be calculated here, with their versions."),
    "methodology": _("Versions, inputs and formulas of a methodology, and a calculation to try."),
    "parameters": _("Every number of the rules: its value, since when, and its source."),
    "permissions": _("Who may do what in the project cycle and the registry, in one table."),
    "reference": _("Reference data for calculations: grid factors, potentials, published lists."),
    "grid_factors": _("Emission factors of electricity grids by country, with source and vintage."),
    "potentials": _("Global warming potentials by commitment period, with their source."),
    "reference_list": _("A published reference list, as calculations here use it."),
    "registry:overview": _(
        "Every certified emission reduction issued, forwarded and cancelled here, down to the "
        "single serial number."
    ),
    "registry:issuances": _("Every issuance of certified emission reductions, by project."),
    "registry:cancellations": _("Every cancellation in the registry, with its serial numbers."),
    "registry:totals": _("Units issued, held and cancelled: totals by year, country and type."),
    "registry:checks": _("The checks every transaction of the registry passes before it counts."),
    "transparency:integrity": _("Whether the registry's books agree, checked by plain SQL."),
    "transparency:log": _("The public, append-only log of the registry with signed tree heads."),
    "prior:notices": _("Notices of prior consideration of the Clean Development Mechanism."),
    "participant-public:design_version": _("A published version of a project's design document."),
    "participant-public:communication": _("Who speaks for a project: its focal points over time."),
    "doe-public:comments": _("Public comments on a project's design document, with the answers."),
    "doe-public:directory": _("Designated Operational Entities and what they are accredited for."),
    "doe-public:entity": _("A Designated Operational Entity: its accreditations and its work."),
    "doe-public:debts": _("What entities owe for reductions that were issued in excess."),
    "board-public:calendar": _("Meetings of the Executive Board and their agendas."),
    "board-public:meeting": _("A meeting of the Executive Board: its agenda and its decisions."),
    "cobenefits:public": _("The co-benefits that a project's participant reports of it."),
    "cobenefits:compare": _("Projects side by side by the co-benefits that they report."),
    "offsets:footprint": _(
        "Work out the greenhouse gases of a household, a journey or a firm, step by step and with "
        "the source of every figure."
    ),
    "offsets:cancellations": _("Every tonne cancelled through this portal, and for what."),
    "offsets:organisation": _("What was cancelled in the name of an organisation, year by year."),
    "offsets:verify_form": _("Check by its code or its PDF that a certificate is genuine."),
    "api_start": _("From a key to a certificate in four calls: the API for developers."),
}
OTHERWISE = _("An independent portal for the Clean Development Mechanism, on a public registry.")


def _route(request: HttpRequest) -> str:
    """The name of the route asked for; empty where there is none."""
    return request.resolver_match.view_name if request.resolver_match else ""


def is_findable(request: HttpRequest) -> bool:
    """Whether a search engine may keep what is asked for, if it is there."""
    return _route(request) in DESCRIPTIONS


def description(request: HttpRequest) -> str:
    """What it shows for the page, not translated yet."""
    return DESCRIPTIONS.get(_route(request), OTHERWISE)

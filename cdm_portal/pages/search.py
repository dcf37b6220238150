"""One search box: a serial, a part of one, a project, a certificate, a name on a certificate.

The registry knows serials, the shop knows codes and names, so the box is on the roof. One match
shows its page; several give a list; none says what was understood and what is wrong with it.
"""

import re
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from cdm_portal.identity.access import may
from cdm_portal.permissions import Right, Row
from offsets import codes
from offsets import queries as offsets_queries
from offsets.models import Certificate, OrderLine
from projects import access
from projects.activities import queries as activities
from projects.models import Project
from registry import queries, told, typed
from registry.models import Issuance
from registry.parts import MOST_BLOCKS
from registry.queries import Share, Whereabouts
from registry.serials import PROJECT_NUMBER, SerialNumber
from registry.typed import Misread, Typed
from registry.views import public

LONGEST = 200
"""Characters that the box reads: no number and no name is longer."""
NAMES, ISSUANCES = 50, 50
CERTIFICATE_NUMBER = re.compile(r"VC-[0-9]{4}-[0-9]{7}")
"""Read before serials: VC is a Party too, but no block of its is written with leading zeros."""


@dataclass(slots=True)
class Found:
    """What a search found. `leads_to` is the one thing it can only mean."""

    leads_to: SerialNumber | None = None
    problem: str = ""
    instead: str = ""
    understood: str = ""
    number: SerialNumber | None = None
    project_number: str = ""
    project: Project | None = None
    record: str = ""
    """The activity of the historic record that has the number, where no project of ours has."""
    shares: list[Share] = field(default_factory=list)
    issuances: list[Issuance] = field(default_factory=list)
    units: list[Whereabouts] = field(default_factory=list)
    certificate: Certificate | None = None
    lines: list[OrderLine] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether there is something to show."""
        return bool(self.issuances or self.units or self.lines or self.certificate)


@may((Row.BALANCE, Right.SEE))
def search(request: HttpRequest) -> HttpResponseBase:
    """The page behind the box."""
    asked = request.GET.get("q", "").strip()
    if (whole := _whole(asked)) is not None and (page := _page(request, whole)) is not None:
        return page
    found = find(asked) if asked else Found()
    if found.leads_to is not None and (page := _page(request, found.leads_to)) is not None:
        return page
    context = {"asked": asked[:LONGEST], "found": found, "blank": not asked}
    status = 200 if found.anything or not asked else 404
    return render(request, "pages/search.html", context, status=status)


def _whole(asked: str) -> SerialNumber | None:
    """A whole number needs no search: its page says whether it is one."""
    try:
        return SerialNumber.parse(asked)
    except ValueError:
        return None


def _page(request: HttpRequest, number: SerialNumber) -> HttpResponseBase | None:
    """The page of the units, under the address of the search; None if no issuance made them."""
    try:
        page = public.serial(request, str(number))
    except Http404:
        return None
    page["Content-Location"] = reverse("registry:serial", args=[str(number)])
    return page


def find(asked: str) -> Found:
    """What a text may mean, the narrowest reading first."""
    if len(asked) > LONGEST:
        return Found(problem=f"This is longer than {LONGEST} characters: no number or name is.")
    text = typed.plain(asked)
    if (quoted := typed.REFERENCE.fullmatch(text)) is not None:
        return _quoted(quoted["kind"], int(quoted["pk"]))
    if typed.ACCOUNT.fullmatch(text):
        return Found(problem="This is the number of an account. What lies in an account is known "
                             "to its holder and to the registry.")  # fmt: skip
    if CERTIFICATE_NUMBER.fullmatch(text) and (named := _by_certificate(asked, text)) is not None:
        return named
    try:
        serials = typed.serials(asked)
    except Misread as error:
        return Found(problem=str(error), instead=error.instead)
    found = Found() if serials is None else _of_party(serials) if serials.party else _bare(serials)
    if PROJECT_NUMBER.fullmatch(text) and not found.project_number:
        _add_project(found, text, queries.issuances_of_project(text, ISSUANCES))
    if found.anything or found.leads_to:
        return found
    return _by_certificate(asked, text) or (found if found.problem else _by_name(asked))


def _quoted(kind: str, pk: int) -> Found:
    """A reference as certificates and statements quote it."""
    if kind == "TX":
        serial = queries.posted_by(pk)
    else:
        booked = queries.cancellation_quoted(pk)
        serial = booked.serial if booked else None
    if serial is None:
        return Found(problem="No issuance and no cancellation has this reference.")
    return Found(leads_to=serial)


def _bare(asked: Typed) -> Found:
    """A serial without its Party: every Party counts from 1."""
    block = asked.block
    units = queries.with_serials(block.first, block.last)
    if units:
        return Found(units=units, understood=f"Serial {_words(asked)} of every Party")
    return Found(problem=f"No Party has issued serial {_words(asked)} in one issuance.")


def _of_party(asked: Typed) -> Found:
    """A Party's serials; `BR-2569` may also be its project of that number."""
    first, projects = asked.block.first, list[Issuance]()
    if asked.unit_type is None and asked.block.quantity == 1:
        made, projects = queries.unit_or_project(asked.party, first)
    else:
        made = queries.issuance_at(asked.party, first)
    found = _units(asked, made)
    if projects:
        found.number, found.leads_to = found.leads_to, None
        _add_project(found, projects[0].project_number, projects)
    return found


def _units(asked: Typed, made: Issuance | None) -> Found:
    """Serials of a Party, of which the first was made by an issuance, or by none."""
    if made is None:
        return Found(problem=_never_issued(asked))
    if asked.block.last > made.hi:
        return _over_several(asked)
    number = made.number(asked.block.first, asked.block.last)
    if wrong := _differences(asked, number):
        said = f"{made.party.name}’s serial {_words(asked)} {wrong}."
        return Found(problem=said, instead=str(number))
    return Found(leads_to=number)


def _words(asked: Typed) -> str:
    first, last = asked.block.first, asked.block.last
    return str(first) if first == last else f"{first} to {last}"


def _never_issued(asked: Typed) -> str:
    party = queries.party(asked.party)
    if party is None:
        return f"{asked.party} is not the code of a Party. Kenya’s units, for one, begin with KE."
    if party.next_serial == 1:
        return f"No unit of {party.name} ({party.code}) has been issued."
    return (
        f"The units of {party.name} ({party.code}) end at serial {party.next_serial - 1}: "
        f"{asked.block.first} was never issued."
    )


def _over_several(asked: Typed) -> Found:
    made = queries.issuances_between(asked.party, asked.block.first, asked.block.last)
    if made[-1].hi < asked.block.last:
        ends = f"serial {made[-1].hi} is the last of its issuance"
        if len(made) < MOST_BLOCKS:
            ends = f"serial {made[-1].hi} is the last that was issued"
        return Found(
            problem=f"{_words(asked)} goes beyond what there is: {ends}.",
            instead=f"{asked.party}-{asked.block.first}-{made[-1].hi}",
        )
    return Found(
        issuances=made,
        understood=f"{_words(asked)} of {asked.party} lies in {len(made)} issuances; a block "
        "lies in one.",
    )


def _differences(asked: Typed, number: SerialNumber) -> str:
    """What was typed of a number and is not so."""
    wrong = []
    if asked.project and asked.project != number.project_number:
        wrong.append(f"is of project {number.project_number}, not of {asked.project}")
    if asked.unit_type not in (None, number.unit_type):
        wrong.append(f"is a {number.unit}")
    if asked.periods not in (None, (number.original_cp, number.applicable_cp)):
        wrong.append(f"is of commitment period {number.applicable_cp}")
    return " and ".join(wrong)


def _add_project(found: Found, number: str, issuances: list[Issuance]) -> None:
    """What the registry has of a project, beside whatever else a number may mean."""
    found.issuances = issuances
    if not issuances:
        if found.problem:
            found.problem += f" No unit of a project {number} has been issued either."
        return
    found.problem = found.understood = ""
    found.project_number = number
    found.project = access.visible(None).filter(number=number).first()
    found.record = "" if found.project else activities.reference_of(number)
    found.shares = queries.standing_of_project(number)


def _by_certificate(asked: str, text: str) -> Found | None:
    """By the code printed on a certificate, or by its number; None if it is neither."""
    certificate = None
    try:
        certificate = offsets_queries.certificate(codes.parse(asked))
    except codes.Mistyped:
        if CERTIFICATE_NUMBER.fullmatch(text):
            rows = Certificate.objects.select_related("order").defer("pdf")
            certificate = rows.filter(number=text).first()
    if certificate is None:
        return None
    lines = offsets_queries.lines(certificate.order).filter(cancellation__isnull=False)
    found = Found(certificate=certificate, lines=list(lines))
    if len(found.lines) == 1:
        found.leads_to = SerialNumber.parse(offsets_queries.serial(found.lines[0]))
    return found


def _by_name(asked: str) -> Found:
    """By a name that its owner chose to make public."""
    lines = list(offsets_queries.cancelled_public(asked)[:NAMES])
    if lines:
        return Found(lines=lines, understood=f"“{asked}” in names on certificates")
    return Found(
        problem="This is no number of the registry, and nobody who chose to be named on a "
        "certificate is called so."
    )


def teller(cancellation_id: int) -> told.Told | None:
    """What the shop may tell of a cancellation: name and reason only if the buyer chose so."""
    rows = OrderLine.objects.select_related("order__certificate").defer("order__certificate__pdf")
    line = rows.filter(cancellation_id=cancellation_id).first()
    if line is None:
        return None
    order = line.order
    certificate = getattr(order, "certificate", None)
    return told.Told(
        order.public_name, order.public_reason, certificate.number if certificate else "",
        offsets_queries.verify_url(certificate.code) if certificate else "",
        bool(certificate and certificate.sandbox),
    )  # fmt: skip


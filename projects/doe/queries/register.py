"""The public register of DOEs: what each may do on a day, its terms, and how they came about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from cdm_portal.identity.models import Organisation
from cdm_portal.journal.models import Entry
from cdm_portal.refusals import NotFound
from projects.doe.models import Accreditation, Function

ENDED = {Accreditation.State.WITHDRAWN, Accreditation.State.RELINQUISHED}


@dataclass(frozen=True, slots=True)
class Listed:
    """A DOE in the public register with what it is accredited for on a day."""

    organisation: Organisation
    functions: Sequence[tuple[str, str]]
    suspended: Sequence[str]
    standing: str
    kind: str


def accreditations() -> QuerySet[Accreditation]:
    """Every accreditation that was ever given, by DOE."""
    rows: QuerySet[Accreditation] = Accreditation.objects.select_related("organisation")
    return rows.order_by("organisation__name", "function", "scope", "valid_from")


def registered() -> QuerySet[Organisation]:
    """Every DOE, by name."""
    return Organisation.objects.filter(kind=Organisation.Kind.DOE)


def directory(on: date, does: Iterable[Organisation]) -> list[Listed]:
    """Some DOEs with the scopes of each function, and what is suspended. One statement."""
    shown = list(does)
    held: dict[int, list[Accreditation]] = {}
    for row in accreditations().filter(organisation__in=shown):
        held.setdefault(row.organisation_id, []).append(row)
    return [_listed(doe, held.get(doe.pk, []), on) for doe in shown]


def _listed(doe: Organisation, rows: Iterable[Accreditation], on: date) -> Listed:
    ever = list(rows)
    held = [row for row in ever if row.runs_on(on) and row.state not in ENDED]
    active = [row for row in held if row.state == Accreditation.State.ACTIVE]
    functions = [
        (each.label, ", ".join(str(row.scope) for row in active if row.function == each))
        for each in Function
    ]
    suspended = [
        f"{row.get_function_display()} in scope {row.scope}" for row in held if row not in active
    ]
    return Listed(
        doe, [(name, text) for name, text in functions if text], suspended,
        *_standing(ever, held, active),
    )


def _standing(
    ever: list[Accreditation], held: list[Accreditation], active: list[Accreditation]
) -> tuple[str, str]:
    """How the DOE as a whole stands (domain, 3.8), and the kind of the tag that says so."""
    if held:
        if len(active) == len(held):
            return "Accredited", "ok"
        return ("Partly suspended", "warn") if active else ("Suspended", "bad")
    if not ever:
        return "Not accredited", ""
    states = {Accreditation.State(row.state) for row in ever}
    for state in (Accreditation.State.WITHDRAWN, Accreditation.State.RELINQUISHED):
        if state in states:
            return str(state.label), "bad"
    return "Term ended", ""


def entity(pk: int, on: date) -> Listed:
    """One DOE of the register. Raises NotFound."""
    doe = Organisation.objects.filter(pk=pk, kind=Organisation.Kind.DOE).first()
    if doe is None:
        raise NotFound("There is no such entity.")
    return _listed(doe, accreditations().filter(organisation=doe), on)


@dataclass(frozen=True, slots=True)
class Past:
    """One event of an accreditation: what, for which function and scope, and why if it says."""

    at: datetime
    text: str
    what: str
    reason: str


EVENTS = {
    "doe.accredit": "Accredited", "doe.relinquish_accreditation": "Voluntarily withdrawn",
}


def history(doe: Organisation) -> list[Past]:
    """What was entered or given back outside of a proceeding, newest first."""
    rows = Accreditation.objects.filter(organisation=doe)
    entries = Entry.objects.filter(
        subject_type=Accreditation._meta.label_lower, verb__in=EVENTS,
        subject_id__in=[str(row.pk) for row in rows],
    )
    return [
        Past(
            entry.effective_at, EVENTS[entry.verb],
            f"{Function(entry.facts['function']).label} in scope {entry.facts['scope']}",
            entry.facts.get("reason", ""),
        )
        for entry in entries.order_by("-effective_at", "-id")
    ]

"""The public register of DOEs and their accreditations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cdm_portal.identity.models import Organisation
from projects.doe.models import Accreditation, Function


@dataclass(frozen=True, slots=True)
class Listed:
    """A DOE in the public register with what it is accredited for on a day."""

    organisation: Organisation
    functions: Sequence[tuple[str, str]]
    suspended: Sequence[str]


def accreditations() -> QuerySet[Accreditation]:
    """Every accreditation that was ever given, by DOE."""
    rows: QuerySet[Accreditation] = Accreditation.objects.select_related("organisation")
    return rows.order_by("organisation__name", "function", "scope", "valid_from")


def directory(on: date) -> list[Listed]:
    """Every DOE with the scopes of each function, and what is suspended."""
    rows = Accreditation.objects.exclude(state=Accreditation.State.WITHDRAWN)
    found = []
    for doe in Organisation.objects.filter(kind=Organisation.Kind.DOE):
        held = [row for row in rows.filter(organisation=doe) if row.runs_on(on)]
        active = [row for row in held if row.state == Accreditation.State.ACTIVE]
        functions = [
            (each.label, ", ".join(str(row.scope) for row in active if row.function == each))
            for each in Function
        ]
        suspended = [
            f"{row.get_function_display()} in scope {row.scope}"
            for row in held
            if row not in active
        ]
        found.append(Listed(doe, [(name, text) for name, text in functions if text], suspended))
    return found


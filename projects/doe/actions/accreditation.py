"""The register of accreditations: entered by the portal itself, given back by the DOE; everything
else follows from a proceeding (domain, 3.8).
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.identity.models import Organisation
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor, Role
from projects.doe import entries, locks
from projects.doe.models import Accreditation, Function

REASON_LIMIT = 5000
HELD = {Accreditation.State.ACTIVE, Accreditation.State.SUSPENDED}


def accredit(
    *,
    actor: Actor,
    at: datetime,
    organisation_id: int,
    scopes: Sequence[int],
    functions: Sequence[str],
    valid_from: date,
    valid_to: date | None,
) -> list[Accreditation]:
    """Enter accreditations that stand already, one for each pair of function and scope: the portal
    does when it is set up. A new one follows from a proceeding.

    Raises Forbidden for a person, Invalid for what is no DOE, scope or function, or for a term that
    runs backwards or overlaps one that the DOE holds.
    """
    if actor.role != Role.SYSTEM:
        raise Forbidden("An accreditation follows from a decision of the Executive Board.")
    with transaction.atomic():
        doe = locks.organisation(organisation_id)
        if doe is None or doe.kind != Organisation.Kind.DOE:
            raise Invalid.of("organisation", "This is not a Designated Operational Entity.")
        made = enter(doe, scopes, functions, valid_from, valid_to)
        for row in made:
            facts = {"scope": row.scope, "function": row.function}
            record("doe.accredit", actor=actor, subject=row, at=at, facts=facts)
    return made


def enter(
    doe: Organisation, scopes: Sequence[int], functions: Sequence[str], valid_from: date,
    valid_to: date | None,
) -> list[Accreditation]:
    """New accreditations of a DOE already locked. Raises Invalid as `accredit` does."""
    check_choice(scopes, functions)
    _check_term(doe, scopes, functions, valid_from, valid_to)
    return [
        Accreditation.objects.create(
            organisation=doe, scope=scope, function=function,
            valid_from=valid_from, valid_to=valid_to,
        )
        for function in functions
        for scope in scopes
    ]


def check_choice(scopes: Sequence[int], functions: Sequence[str]) -> None:
    """Pass for known scopes and functions, one of each at least. Raises Invalid by box."""
    most = int(parameters.constant("sectoral_scopes"))
    if not scopes or not all(1 <= scope <= most for scope in scopes):
        raise Invalid.of("scopes", f"Choose sectoral scopes from 1 to {most}.")
    if not functions or any(function not in Function.values for function in functions):
        raise Invalid.of("functions", "Choose validation, verification or both.")


def _check_term(
    doe: Organisation,
    scopes: Sequence[int],
    functions: Sequence[str],
    valid_from: date,
    valid_to: date | None,
) -> None:
    if valid_to is not None and valid_to < valid_from:
        raise Invalid.of("valid_to", "An accreditation cannot end before it begins.")
    held = Accreditation.objects.filter(
        organisation=doe, scope__in=scopes, function__in=functions, state__in=HELD
    )
    for row in held:
        begins_after = row.valid_to is not None and valid_from > row.valid_to
        ends_before = valid_to is not None and valid_to < row.valid_from
        if not (begins_after or ends_before):
            raise Invalid.of("valid_from", f"The term overlaps one that it holds: {row}.")


def relinquish_accreditation(
    *, actor: Actor, at: datetime, scopes: Sequence[int], functions: Sequence[str], reason: str
) -> list[Accreditation]:
    """The DOE gives accreditations back, for good and at once; the reason is public (domain, 3.8).

    Raises Forbidden for anybody but a DOE, Invalid for a choice of which it holds nothing or
    without a reason.
    """
    _only_does(actor)
    said = entries.words("reason", reason, longest=REASON_LIMIT, what="the reason; it is public")
    check_choice(scopes, functions)
    with transaction.atomic():
        doe = locks.organisation(actor.office)
        held = locks.accreditations(doe, scopes, functions, at.date()) if doe else []
        rows = [row for row in held if row.state in HELD]
        if not rows:
            raise Invalid.of("scopes", "Your organisation holds none of these accreditations.")
        for row in rows:
            row.relinquish()
            row.save(update_fields=["state"])
            facts = {"scope": row.scope, "function": row.function, "reason": said}
            record("doe.relinquish_accreditation", actor=actor, subject=row, at=at, facts=facts)
    return rows


def _only_does(actor: Actor) -> None:
    if actor.role != Role.DOE:
        raise Forbidden("A DOE gives back its own accreditations.")

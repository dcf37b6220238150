"""Accreditation: the register of what each DOE may do (domain, 3.8)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.identity.models import Organisation
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, Refused
from cdm_portal.values import Actor, Role
from projects.doe import locks
from projects.doe.models import Accreditation, Function

KEEPERS = {Role.SECRETARIAT, Role.SYSTEM}


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
    """Accredit a DOE for functions in sectoral scopes, one row for each pair.

    Raises Forbidden unless the secretariat acts, Invalid for what is no DOE, scope or function, or
    for a term that runs backwards or overlaps one that the DOE holds.
    """
    _only_keepers(actor)
    with transaction.atomic():
        doe = locks.organisation(organisation_id)
        if doe is None or doe.kind != Organisation.Kind.DOE:
            raise Invalid.of("organisation", "This is not a Designated Operational Entity.")
        _check_term(doe, scopes, functions, valid_from, valid_to)
        made = [
            Accreditation.objects.create(
                organisation=doe, scope=scope, function=function,
                valid_from=valid_from, valid_to=valid_to,
            )
            for function in functions
            for scope in scopes
        ]
        for row in made:
            facts = {"scope": row.scope, "function": row.function}
            record("doe.accredit", actor=actor, subject=row, at=at, facts=facts)
    return made


def _check_term(
    doe: Organisation,
    scopes: Sequence[int],
    functions: Sequence[str],
    valid_from: date,
    valid_to: date | None,
) -> None:
    most = int(parameters.constant("sectoral_scopes"))
    if not scopes or not all(1 <= scope <= most for scope in scopes):
        raise Invalid.of("scopes", f"Choose sectoral scopes from 1 to {most}.")
    if not functions or any(function not in Function.values for function in functions):
        raise Invalid.of("functions", "Choose validation, verification or both.")
    if valid_to is not None and valid_to < valid_from:
        raise Invalid.of("valid_to", "An accreditation cannot end before it begins.")
    held = Accreditation.objects.filter(
        organisation=doe, scope__in=scopes, function__in=functions
    ).exclude(state=Accreditation.State.WITHDRAWN)
    for row in held:
        begins_after = row.valid_to is not None and valid_from > row.valid_to
        ends_before = valid_to is not None and valid_to < row.valid_from
        if not (begins_after or ends_before):
            raise Invalid.of("valid_from", f"The term overlaps one that it holds: {row}.")


def suspend_accreditation(
    *, actor: Actor, at: datetime, accreditation_id: int, reason: str
) -> Accreditation:
    """Suspend: no new contracts; running work may go on. Raises Forbidden, NotFound, Refused."""
    return _change(actor, at, accreditation_id, reason, "suspend")


def reinstate_accreditation(
    *, actor: Actor, at: datetime, accreditation_id: int, reason: str
) -> Accreditation:
    """Lift a suspension. Raises Forbidden, NotFound, Refused."""
    return _change(actor, at, accreditation_id, reason, "reinstate")


def withdraw_accreditation(
    *, actor: Actor, at: datetime, accreditation_id: int, reason: str
) -> Accreditation:
    """Take an accreditation away for good. Raises Forbidden, NotFound, Refused."""
    return _change(actor, at, accreditation_id, reason, "withdraw")


def _change(
    actor: Actor, at: datetime, accreditation_id: int, reason: str, verb: str
) -> Accreditation:
    _only_keepers(actor)
    if not reason.strip():
        raise Invalid.of("reason", "Enter the reason; it is public.")
    with transaction.atomic():
        row = locks.accreditation(accreditation_id)
        possible = {t.name for t in row.get_available_state_transitions()}  # type: ignore[attr-defined]
        if verb not in possible:
            raise Refused(f"This accreditation is {row.get_state_display().lower()}.")
        getattr(row, verb)()
        row.save(update_fields=["state"])
        facts = {"reason": reason.strip()}
        record(f"doe.{verb}_accreditation", actor=actor, subject=row, at=at, facts=facts)
    return row


def _only_keepers(actor: Actor) -> None:
    if actor.role not in KEEPERS:
        raise Forbidden("The secretariat keeps the register of accreditations.")

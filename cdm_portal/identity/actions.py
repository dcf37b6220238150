"""Registering organisations and people, and granting roles."""

from datetime import date, datetime

from django.db import transaction

from cdm_portal.identity import locks
from cdm_portal.identity.models import Membership, Organisation, Person, User
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor, Role

KINDS_OF_ROLE = {
    Role.PARTICIPANT: Organisation.Kind.PARTICIPANT,
    Role.DNA: Organisation.Kind.DNA,
    Role.DOE: Organisation.Kind.DOE,
    Role.BOARD: Organisation.Kind.BOARD,
    Role.SECRETARIAT: Organisation.Kind.SECRETARIAT,
    Role.REGISTRY: Organisation.Kind.REGISTRY,
    Role.BUYER: Organisation.Kind.BUYER,
    Role.AUDITOR: Organisation.Kind.AUDITOR,
}
GRANTORS = {Role.SECRETARIAT, Role.SYSTEM}


def register_organisation(
    *, actor: Actor, at: datetime, name: str, kind: str, party_code: str = "", fictional: bool
) -> Organisation:
    """Enter an organisation. Raises Forbidden unless the secretariat acts, Invalid on a taken name.
    """
    _only_grantors(actor)
    if Organisation.objects.filter(name__iexact=name.strip()).exists():
        raise Invalid.of("name", "An organisation of this name is registered already.")
    with transaction.atomic():
        made = Organisation.objects.create(
            name=name.strip(), kind=kind, party_code=party_code, fictional=fictional
        )
        record("identity.register_organisation", actor=actor, subject=made, at=at)
    return made


def register_person(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    email: str,
    password: str | None,
    staff: bool = False,
) -> User:
    """Enter a person with a sign-in; `staff` opens the read-only admin to an auditor.

    Raises Forbidden, or Invalid when the address is taken.
    """
    _only_grantors(actor)
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise Invalid.of("email", "Somebody signs in with this address already.")
    with transaction.atomic():
        person = Person.objects.create(name=name.strip())
        user = User.objects.create_user(
            email.strip(), password, person=person, is_staff=staff
        )
        record("identity.register_person", actor=actor, subject=person, at=at)
    return user


def grant_role(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    organisation_id: int,
    role: Role,
    valid_from: date,
    valid_to: date | None = None,
    seat: str = "",
) -> Membership:
    """Give a person a role in an organisation of the kind that the role belongs to.

    Raises Forbidden unless the secretariat acts, or when somebody grants a role to themselves;
    Invalid when organisation and role do not fit.
    """
    _only_grantors(actor)
    if actor.person_id is not None and actor.person_id == person_id:
        raise Forbidden("Nobody grants a role to themselves.", code="own_role")
    with transaction.atomic():
        organisation = locks.organisation(organisation_id)
        if KINDS_OF_ROLE.get(role) != organisation.kind:
            raise Invalid.of("role", f"{role.label} is not a role in {organisation.name}.")
        membership = Membership.objects.create(
            person_id=person_id, organisation=organisation, role=role.value,
            valid_from=valid_from, valid_to=valid_to, seat=seat,
        )
        record("identity.grant_role", actor=actor, subject=membership, at=at)
    return membership


def _only_grantors(actor: Actor) -> None:
    if actor.role not in GRANTORS:
        raise Forbidden("The secretariat keeps the register of people and organisations.")

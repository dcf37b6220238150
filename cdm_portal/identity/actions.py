"""Registering organisations and people, and granting roles."""

from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Greatest

from cdm_portal import parameters
from cdm_portal.identity import locks, queries
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
    Role.RIT: Organisation.Kind.RIT,
    Role.REGISTRY: Organisation.Kind.REGISTRY,
    Role.BUYER: Organisation.Kind.BUYER,
    Role.AUDITOR: Organisation.Kind.AUDITOR,
}
ERASED = "Name erased"
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
    seat_number: int | None = None,
    alternate: bool = False,
    office: str = "",
) -> Membership:
    """Give a person a role in an organisation of the kind that the role belongs to. On the Board it
    is a numbered seat, as its member (perhaps Chair or Vice-Chair) or as that member's alternate.

    Raises Forbidden unless the secretariat acts, or when somebody grants a role to themselves;
    Invalid when organisation, role and seat do not fit.
    """
    _only_grantors(actor)
    if actor.person_id is not None and actor.person_id == person_id:
        raise Forbidden("Nobody grants a role to themselves.", code="own_role")
    with transaction.atomic():
        organisation = locks.organisation(organisation_id)
        if KINDS_OF_ROLE.get(role) != organisation.kind:
            raise Invalid.of("role", f"{role.label} is not a role in {organisation.name}.")
        _seat_fits(role, seat_number)
        _seat_is_free(seat_number, valid_from, valid_to, alternate=alternate)
        membership = Membership.objects.create(
            person_id=person_id, organisation=organisation, role=role.value,
            valid_from=valid_from, valid_to=valid_to, seat=seat, seat_number=seat_number,
            alternate=alternate, office=office,
        )
        record("identity.grant_role", actor=actor, subject=membership, at=at)
    return membership


def erase_person(*, actor: Actor, at: datetime, person_id: int) -> None:
    """Erase the name and the sign-ins of a person who was never anything but a buyer, at their own
    wish: nobody signs in with them again, and their roles end.

    Raises Forbidden for anybody else's data, and for a person whose acts are of record.
    """
    if actor.person_id != person_id:
        raise Forbidden("Everybody erases their own data, nobody another's.")
    with transaction.atomic():
        person = locks.person(person_id)
        if not queries.buys_only(person):
            raise Forbidden("Your acts in the cases are of record, and your name stands with them.",
                            code="of_record")
        person.name = ERASED
        person.save(update_fields=["name"])
        for user in person.sign_ins.all():
            EmailAddress.objects.filter(user=user).delete()
            user.email, user.is_active = f"erased-{user.pk}@erased.invalid", False
            user.set_unusable_password()
            user.save(update_fields=["email", "is_active", "password"])
        person.memberships.filter(Q(valid_to=None) | Q(valid_to__gt=at.date())).update(
            valid_to=Greatest("valid_from", Value(at.date()))
        )
        record("identity.erase_person", actor=actor, subject=person, at=at)


def _only_grantors(actor: Actor) -> None:
    if actor.role not in GRANTORS:
        raise Forbidden("The secretariat keeps the register of people and organisations.")


def _seat_fits(role: Role, number: int | None) -> None:
    """Whether the role has a seat, and the seat is one of the Board's. Raises Invalid."""
    if role != Role.BOARD:
        if number is not None:
            raise Invalid.of("seat_number", f"A {role.label} has no seat on the Board.")
        return
    most = int(parameters.constant("board_seats"))
    if number is None or not 1 <= number <= most:
        raise Invalid.of("seat_number", f"The Board's seats have the numbers 1 to {most}.")


def _seat_is_free(number: int | None, first: date, last: date | None, *, alternate: bool) -> None:
    """Whether nobody holds the seat, in this capacity, on any of the days. Raises Invalid."""
    held = Membership.objects.filter(seat_number=number, alternate=alternate)
    held = held.filter(Q(valid_to=None) | Q(valid_to__gte=first))
    if last is not None:
        held = held.filter(valid_from__lte=last)
    if number is not None and held.exists():
        raise Invalid.of("seat_number", f"Seat {number} is taken on these days.")

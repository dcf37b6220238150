"""Questions about people and organisations."""

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from cdm_portal.identity.models import Membership, Organisation, Person, User
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role


def memberships(person_id: int, on: date) -> QuerySet[Membership]:
    """The roles that a person holds on a day, oldest first."""
    return (
        Membership.objects.filter(person_id=person_id, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .select_related("person", "organisation")
        .order_by("id")
    )


def actor(membership: Membership) -> Actor:
    """The membership as the value that actions take."""
    return Actor(
        person_id=membership.person_id,
        name=membership.person.name,
        role=Role(membership.role),
        organisation_id=membership.organisation_id,
        organisation=membership.organisation.name,
        party=membership.organisation.party_code,
    )


def organisation(pk: int) -> Organisation:
    """One organisation. Raises NotFound."""
    found = Organisation.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such organisation.")
    return found


def organisations(kind: str) -> QuerySet[Organisation]:
    """All organisations of a kind, by name."""
    return Organisation.objects.filter(kind=kind)


def people_in(organisation_id: int, role: Role, on: date) -> QuerySet[Membership]:
    """Who holds a role in an organisation on a day."""
    return (
        Membership.objects.filter(
            organisation_id=organisation_id, role=role.value, valid_from__lte=on
        )
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .select_related("person", "organisation")
        .order_by("id")
    )


def verified_addresses(user: User) -> list[str]:
    """The e-mail addresses that a person has shown to be theirs, by a link that was mailed there.
    """
    found = EmailAddress.objects.filter(user=user, verified=True)
    return sorted(found.values_list("email", flat=True))


def told(person: Person) -> dict[str, Any]:
    """All that is kept about a person as somebody who signs in: names, addresses, roles."""
    return {
        "name": person.name,
        "sign_ins": [
            {"email": user.email, "since": user.date_joined.isoformat(),
             "last_used": user.last_login.isoformat() if user.last_login else None,
             "verified_addresses": verified_addresses(user)}
            for user in person.sign_ins.all()
        ],
        "roles": [
            {"role": Role(each.role).label, "organisation": each.organisation.name,
             "from": each.valid_from.isoformat(),
             "to": each.valid_to.isoformat() if each.valid_to else None}
            for each in person.memberships.select_related("organisation").order_by("id")
        ],
    }  # fmt: skip


def buys_only(person: Person) -> bool:
    """Whether a person was never anything but a buyer: then nothing of record names them."""
    return not person.memberships.exclude(role=Role.BUYER.value).exists()


def seats(on: date) -> QuerySet[Membership]:
    """The Executive Board's members and alternates on a day, seat by seat, members first."""
    return (
        Membership.objects.filter(role=Role.BOARD.value, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .select_related("person", "organisation")
        .order_by("seat_number", "alternate")
    )

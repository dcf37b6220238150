"""Who may do what in the registry. Units belong to accounts, accounts to organisations."""

from django.db.models import QuerySet

from cdm_portal import permissions
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Actor, Role
from registry.errors import NotPermitted, UnknownAccount, refusal
from registry.governance.models import Representative
from registry.models import Account, Lot

ADMINISTRATION = (Role.REGISTRY, Role.SECRETARIAT)
"""Read the registry, and release what the Board instructed (decisions, 6)."""

EXECUTES = (Role.REGISTRY,)
"""Opens and freezes accounts and moves units (permission matrix of the domain, section 4)."""

READ_ALL = permissions.roles((Row.BALANCE, Right.READ_ALL))
"""Read the balance of every account (the same matrix)."""


READ_PROPOSALS = permissions.roles((Row.FORWARDING, Right.READ_ALL))
"""Read every proposal and measure without a part in it (the same matrix)."""


def only(actor: Actor, *roles: Role) -> None:
    """Raise NotPermitted unless the actor acts in one of these roles."""
    if actor.role not in roles:
        raise NotPermitted(f"{actor.role.label}: this is not for your role in the registry.")


def person(actor: Actor) -> int:
    """The person's number, 0 for the portal itself: four eyes compare persons, never logins."""
    return actor.person_id or 0


def holds(actor: Actor, account: Account) -> bool:
    """Whether the account belongs to the organisation for which the actor acts."""
    return actor.organisation_id is not None and account.holder_id == actor.organisation_id


def sees(actor: Actor, account: Account) -> bool:
    """Whether an account's holdings and statement are this actor's to see (reliability, E12)."""
    return actor.role in READ_ALL or holds(actor, account)


def visible(actor: Actor) -> QuerySet[Account]:
    """The accounts that an actor `sees`."""
    accounts: QuerySet[Account] = Account.objects.select_related("party")
    if actor.role in READ_ALL:
        return accounts
    return accounts.filter(holder_id__isnull=False, holder_id=actor.organisation_id)


def disposes(actor: Actor, account_id: int) -> None:
    """Raise UnknownAccount or NotPermitted unless the actor may dispose of an account's units.

    A participant disposes of its own accounts; of others it does not even learn that they exist.
    Once an account has representatives, nobody else acts for its holder.
    """
    if actor.role != Role.PARTICIPANT:
        return
    account = Account.objects.filter(pk=account_id).first()
    if account is None or not holds(actor, account):
        raise UnknownAccount("There is no such account.")
    if not represents(actor, account_id):
        raise refusal("R218")


def represents(actor: Actor, account_id: int) -> bool:
    """Whether a person of the holder acts for the account: anybody, until somebody is named."""
    named = Representative.objects.filter(account_id=account_id, until=None)
    people = list(named.values_list("person_id", flat=True))
    return not people or actor.person_id in people


def disposes_of_lot(actor: Actor, lot_id: int) -> None:
    """The same for the account in which a lot's block lies."""
    lot = Lot.objects.filter(pk=lot_id).select_related("block").first()
    if lot is not None and lot.block is not None:
        disposes(actor, lot.block.account_id)

"""Who may know which units are where (reliability, E12).

Everybody: cancelled units, units on offer, and what lies in the registry's own accounts. Of units
in somebody's account: that somebody, and who reads every balance (domain, 4).
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cdm_portal.values import Actor
from registry import access, parts
from registry.lives import Life
from registry.models import Account, Block, Lot

HELD = (Account.Kind.PARTY_HOLDING, Account.Kind.FORMER_HOLDING, Account.Kind.HOLDING)


def may_know(actor: Actor | None, life: Life) -> bool:
    """Whether the actor may know more of a life than everybody: who reads every balance, and who
    holds whatever of its units somebody holds."""
    if actor is None:
        return False
    held = [part for part in life.parts if not part.is_public]
    own = bool(held) and all(access.holds(actor, part.account) for part in held)
    return own or actor.role in access.READ_ALL


def visible_blocks(actor: Actor | None) -> QuerySet[Block]:
    """The blocks of which the actor may know where they are."""
    rows = parts.standing_blocks()
    if actor is not None and actor.role in access.READ_ALL:
        return rows
    offered = Exists(Lot.objects.filter(block_id=OuterRef("pk")))
    known = ~Q(account__kind__in=HELD) | Q(account__adaptation_fund=True) | Q(offered)
    if actor is not None and actor.organisation_id is not None:
        known |= Q(account__holder_id=actor.organisation_id)
    return rows.filter(known)

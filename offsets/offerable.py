"""Units that a participant holds and has not offered, by account, project and commitment period.

A kind of units is many blocks, and an account holds many kinds. So that a page of them costs the
same however many there are, a kind is found by its first block: the accounts' index of movable
blocks is read in its order, and a block behind another one of its kind is passed over.
"""

from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from projects.models import Project
from registry.governance.standing import GIVING
from registry.models import Account, Block, Issuance, Lot

SIZE_OF_ALL = Sum(F("hi") - F("lo") + 1, output_field=BigIntegerField())


def holding_accounts(organisation_id: int) -> list[int]:
    """The holding accounts of an organisation from which units could move; few by nature."""
    found = Account.objects.filter(
        holder_id=organisation_id, kind=Account.Kind.HOLDING, frozen=False,
        standing__in=GIVING,
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


def free_blocks(**where: Any) -> QuerySet[Block]:
    """Blocks that could be offered: neither on offer, nor frozen, nor reserved for a proposal."""
    return Block.objects.filter(
        ~Exists(Lot.objects.filter(block_id=OuterRef("pk"))),
        frozen=False, reserved_for=None, **where,
    ).order_by()


def first_blocks(accounts: list[int], owner_id: int) -> QuerySet[Block]:
    """The first free block of every kind of units of the owner's own projects, unsorted.

    Of one account they stand in an index in the order of their keys.
    """
    one = len(accounts) == 1
    held: dict[str, Any] = {"account_id": accounts[0]} if one else {"account_id__in": accounts}
    own = Project.objects.filter(number=_own("project_number"), owner_id=owner_id)
    before = _same_kind().filter(pk__lt=OuterRef("pk"))
    # Within CASE, and joined to nothing, a block is looked at alone and in its turn: the planner
    # would else join and sort all of them before it takes the first.
    first = Case(When(Exists(own) & ~Exists(before), then=Value(True)), default=Value(False))
    return free_blocks(**held).alias(first=first).filter(first=True)


def free_of_project(accounts: list[int]) -> QuerySet[Block]:
    """The free blocks in some accounts of the project of an outer query."""
    return free_blocks(account_id__in=accounts, issuance__project_number=OuterRef("number"))


def all_free() -> QuerySet[Block]:
    """How many units are free of the kind of a block of an outer query: one row, `found`."""
    same: Any = _same_kind().annotate(one=Value(1)).values("one")
    found: QuerySet[Block] = same.annotate(found=SIZE_OF_ALL).values("found")
    return found


def _same_kind() -> QuerySet[Block]:
    """The free blocks of the kind of an outer query's block."""
    return free_blocks(account_id=OuterRef("account_id")).filter(
        issuance__project_number=_own("project_number"),
        issuance__applicable_cp=_own("applicable_cp"),
    )


def _own(name: str) -> Subquery:
    """What the issuance says of which an outer query's block is a part."""
    return Subquery(Issuance.objects.filter(pk=OuterRef(OuterRef("issuance_id"))).values(name))

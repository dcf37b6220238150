"""Questions about accounts: whose they are, what lies in them, what of it could move."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from registry.governance.standing import GIVING
from registry.models import Account, Block, Hold, Lot, Party
from registry.queries.sums import NOTHING, UNITS, total

SOURCE, VOLUNTARY, PENDING, ADAPTATION = 1, 2, 3, 4
"""Ids of the registry's own accounts, made by migration; the verbs know them too."""
OWN = 1000
"""Below this number are the registry's own accounts (registry/sql/account.sql)."""


# Parties and accounts ----------------------------------------------------------------------------


def host_parties() -> QuerySet[Party]:
    """Parties that can host projects: those outside Annex I, by name."""
    return Party.objects.filter(annex_i=False)


def party(code: str) -> Party | None:
    """The Party of a two-letter code."""
    return Party.objects.filter(code=code).first()


def pending_account() -> Account:
    """The Executive Board's pending account, where issued units arrive."""
    return Account.objects.get(pk=PENDING)


def excess_account() -> Account:
    """The account in which a DOE's repayments of excess issuance are cancelled."""
    return Account.objects.get(kind=Account.Kind.EXCESS, pk__lt=OWN)


def adaptation_account() -> Account:
    """The Adaptation Fund's account for the share of proceeds."""
    return Account.objects.get(pk=ADAPTATION)


def voluntary_account() -> Account:
    """The voluntary cancellation account, where every cancelled unit ends."""
    return Account.objects.get(pk=VOLUNTARY)


def account_for(holder_id: int, party_code: str) -> Account | None:
    """A holder's open holding account with a Party."""
    return Account.objects.filter(
        holder_id=holder_id, party_id=party_code, kind=Account.Kind.HOLDING, external=False,
        closed_at=None,
    ).first()


def accounts_of(holder_id: int) -> QuerySet[Account]:
    """All accounts of a holder."""
    return Account.objects.filter(holder_id=holder_id)


# What is where -----------------------------------------------------------------------------------


def balance(account_id: int) -> int:
    """Units in an account now: its blocks, without what was cancelled of lots still in it.

    Those were posted to the voluntary cancellation account and count there, though their block
    moves only when the lot has ended.
    """
    in_blocks = total(Block.objects.filter(account_id=account_id), UNITS)
    sold = F("next_serial") - F("lo")
    standing = Lot.objects.filter(end_key=None, block__isnull=False)
    if account_id == VOLUNTARY:
        return in_blocks + total(standing, sold)
    return in_blocks - total(standing.filter(block__account_id=account_id), sold)


def available(lot_id: int, at: datetime) -> int:
    """Units of a lot that a buyer could hold at `at`: neither cancelled, held nor frozen, nor of a
    suspended account."""
    return available_of([lot_id], at).get(lot_id, 0)


def available_of(lot_ids: Iterable[int], at: datetime) -> dict[int, int]:
    """The same for several lots at once."""
    lots = moving_lots(Lot.objects.filter(pk__in=list(lot_ids)), at)
    return {lot.pk: max(0, lot.left) for lot in lots}


def moving_lots(lots: QuerySet[Lot], at: datetime) -> QuerySet[Any]:
    """Those of some lots that are neither ended nor frozen nor of a suspended account, with the
    units `left` to hold at `at`."""
    held = (
        Hold.objects.filter(lot_id=OuterRef("pk"), expires_at__gt=at)
        .order_by().values("lot_id").annotate(n=Sum("quantity")).values("n")
    )  # fmt: skip
    still = Block.objects.filter(
        pk=OuterRef("block_id"), frozen=False, account__frozen=False,
        account__standing__in=GIVING,
    )  # fmt: skip
    return (
        lots.filter(end_key=None)
        .annotate(
            moves=Exists(still), left=F("hi") + 1 - F("next_serial") - Coalesce(held, NOTHING)
        )
        .filter(moves=True)
    )

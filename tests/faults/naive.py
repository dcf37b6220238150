"""The web server of the negative control: a shop that counts what is left, thinks, and then holds.

No offer is locked while its free tonnes are counted. Loaded by name (`naive:application`) in that
web server's process alone.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from datetime import datetime
from types import SimpleNamespace

from cdm_portal.wsgi import application as application
from offsets import locks, stock
from offsets.actions import holding
from offsets.models import Offer

THINKS = 2.0  # seconds between the count and the hold: all who come meanwhile count the same


def _slowly(offer_ids: Collection[int], at: datetime) -> list[stock.FreeLot]:
    found = stock.free_lots(offer_ids, at)
    time.sleep(THINKS)
    return found


def _unlocked(pks: Iterable[int]) -> list[Offer]:
    found = Offer.objects.select_related("project", "seller").filter(pk__in=set(pks))
    return list(found.order_by("pk"))


locks.offers = _unlocked
holding.stock = SimpleNamespace(free_lots=_slowly)  # type: ignore[assignment]

"""Sums over rows of the ledger: whole units, never a fraction."""

from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

UNITS = F("hi") - F("lo") + 1
CANCELLED = F("e") - F("s") + 1
NOTHING = Value(0, output_field=BigIntegerField())


def total(rows: QuerySet[Any], what: Combinable) -> int:
    """The sum of an expression over rows; 0 if there is none."""
    summed = Sum(what, output_field=BigIntegerField())
    return int(rows.aggregate(n=Coalesce(summed, NOTHING))["n"])

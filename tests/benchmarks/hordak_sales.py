"""A sale in django-hordak, as its documentation makes one: a transfer between two accounts.

It allocates no serials, keeps no key and looks at no remainder: it does less than a sale needs.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable

from django.db import transaction


def prepare() -> None:
    """Make its tables and the two accounts."""
    django = importlib.import_module("django")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.hordak_settings"
    django.setup()
    importlib.import_module("django.core.management").call_command("migrate", verbosity=0)
    account = importlib.import_module("hordak.models").Account
    for name, code in (("Stock", "1"), ("Cancelled", "2")):
        account.objects.create(name=name, code=code, type="AS", currencies=["EUR"])


def transfer(lots: list[int]) -> Callable[[], object]:
    """One hot account to one hot account."""
    del lots
    account = importlib.import_module("hordak.models").Account
    money = importlib.import_module("moneyed").Money
    stock, gone = account.objects.get(code="1"), account.objects.get(code="2")
    one = money(1, "EUR")

    def sale() -> object:
        with transaction.atomic():
            return stock.transfer_to(gone, one)

    return sale


if __name__ == "__main__":
    prepare()

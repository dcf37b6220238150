"""What an order costs, to the cent."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cdm_portal.values import usd
from offsets import pricing

PRICES = st.decimals(Decimal("0.01"), Decimal("10000"), places=2)


def test_the_sample_order_of_the_screens() -> None:
    bill = pricing.bill([(Decimal("4.80"), 12), (Decimal("3.10"), 5)])
    assert (bill.participants, bill.total) == (usd("73.10"), usd("73.10"))
    assert (bill.payment_fee, bill.platform_fee) == (usd(0), usd(0))


@given(lines=st.lists(st.tuples(PRICES, st.integers(1, 10_000_000)), min_size=1, max_size=8))
def test_the_lines_add_up_to_the_total(lines: list[tuple[Decimal, int]]) -> None:
    total = sum((price * quantity for price, quantity in lines), Decimal(0))
    assert pricing.bill(lines).total == usd(total)


@given(price=PRICES, parts=st.lists(st.integers(1, 1000), min_size=1, max_size=6))
def test_lots_of_one_price_cost_the_same_together(price: Decimal, parts: list[int]) -> None:
    apart = pricing.bill((price, part) for part in parts)
    assert apart.total == pricing.line_total(price, sum(parts))

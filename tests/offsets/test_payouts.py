"""Payouts to sellers: one person records a transfer, another one confirms it, and no seller is paid
more than is due for a project, however it is tried.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cdm_portal.journal.models import Entry
from cdm_portal.notices import actions as notice_actions
from cdm_portal.notices import queries as notice_queries
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from cdm_portal.values import Actor
from offsets import actions, invariants, payouts
from offsets.errors import AlreadyDecided, SamePerson
from offsets.models import MoneyEntry, Offer, Payout
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Nothing = Callable[[], AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]


def send(shop: Shop, amount: str = "24.00", reference: str = "OUT-1", **changes: Any) -> Payout:
    """A transfer, as the first person of the secretariat records it."""
    given: dict[str, Any] = {
        "actor": shop.cast.secretariat, "seller_id": shop.account.holder_id,
        "amounts": {shop.project.pk: Decimal(amount)}, "bank_reference": reference,
        "sent_on": shop.at.date(),
    }
    return actions.propose_payout(at=shop.at, **(given | changes))


def confirm(shop: Shop, payout: Payout) -> Payout:
    """The second person confirms it."""
    return actions.confirm_payout(
        actor=shop.cast.second_secretariat, at=shop.at, payout_id=payout.pk
    )


def test_two_persons_pay_and_the_books_say_for_which_project(shop: Shop, offer: Offer) -> None:
    shop.buy(offer, 5)
    made = send(shop, "20.00")
    assert MoneyEntry.objects.filter(debit="participant").count() == 0, "nothing is booked yet"
    (before,) = payouts.balances(shop.account.holder_id or 0)
    assert (before.paid, before.due, before.open) == (0, Decimal("24.00"), Decimal("4.00"))
    confirm(shop, made)
    entry = MoneyEntry.objects.get(debit="participant")
    assert (entry.credit, entry.amount, entry.participant_id) == (
        "paid_out", Decimal("20.00"), shop.account.holder_id,
    )
    (after,) = payouts.balances(shop.account.holder_id or 0)
    assert (after.paid, after.due, after.waiting) == (Decimal("20.00"), Decimal("4.00"), 0)
    assert invariants.balance_of_account("participant").amount == Decimal("4.00")
    told = Entry.objects.filter(verb__endswith="_payout").order_by("pk")
    assert [(e.verb, e.facts["amount_usd"]) for e in told] == [
        ("offsets.propose_payout", "20.00"), ("offsets.confirm_payout", "20.00"),
    ]


def test_the_seller_is_told_of_a_confirmed_payout_and_of_no_other(
    shop: Shop, offer: Offer
) -> None:
    shop.buy(offer, 5)
    notice_actions.tell_waiting(at=shop.at)
    known = len(notice_queries.notices(shop.seller))
    made = send(shop, "20.00")
    notice_actions.tell_waiting(at=shop.at)
    assert len(notice_queries.notices(shop.seller)) == known, "nobody has looked at it yet"
    confirm(shop, made)
    notice_actions.tell_waiting(at=shop.at)
    told = notice_queries.notices(shop.seller)[0]
    assert (told.title, told.url) == (
        "The money for your sales was sent to you.", "/desk/offers/sales/",
    )
    assert told.text.startswith("20.00 USD to Ziwa Sun Limited")
    assert list(notice_queries.notices(shop.cast.rival_participant)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "24.01"}, "amount"), ({"amount": "0"}, "amount"),
        ({"amount": "1.005"}, "amount"), ({"amount": "NaN"}, "amount"),
        ({"reference": "  "}, "bank_reference"),
        ({"reference": "X" * 81}, "bank_reference"), ({"amounts": {}}, ""),
        ({"amounts": {10**9: Decimal(1)}}, "amount"),
    ],
)
def test_a_wrong_transfer_is_explained_and_leaves_nothing(
    shop: Shop, offer: Offer, nothing_written: Nothing, changes: dict[str, Any], field: str
) -> None:
    shop.buy(offer, 5)
    with nothing_written(), pytest.raises(Invalid) as refused:
        send(shop, **changes)
    assert [name.split("_")[0] for name in refused.value.errors] == [field.split("_")[0]]


def test_who_may_not_and_what_was_not_yet(
    shop: Shop, offer: Offer, nothing_written: Nothing
) -> None:
    shop.buy(offer, 5)
    tomorrow = shop.at.date() + timedelta(days=1)
    wrong: tuple[tuple[dict[str, Any], type[Refused]], ...] = (
        ({"actor": shop.seller}, Forbidden), ({"actor": shop.cast.registry}, Forbidden),
        ({"seller_id": 10**9}, NotFound), ({"sent_on": tomorrow}, Invalid),
    )
    for changes, refusal in wrong:
        with nothing_written(), pytest.raises(refusal):
            send(shop, **changes)
    made = send(shop)
    with nothing_written(), pytest.raises(SamePerson):
        actions.confirm_payout(actor=shop.cast.secretariat, at=shop.at, payout_id=made.pk)
    with nothing_written(), pytest.raises(Forbidden):
        actions.confirm_payout(actor=shop.seller, at=shop.at, payout_id=made.pk)
    with nothing_written(), pytest.raises(Invalid):
        send(shop, "0.01", "OUT-2"), "all of it waits in the first"


def test_set_aside_it_is_due_again_and_the_reference_is_free(
    shop: Shop, offer: Offer, nothing_written: Nothing
) -> None:
    shop.buy(offer, 5)
    made = send(shop, "10.00")
    with nothing_written(), pytest.raises(Invalid):
        send(shop, "1.00")
    actions.refuse_payout(
        actor=shop.cast.secretariat, at=shop.at, payout_id=made.pk, reason="The bank returned it."
    )
    with nothing_written(), pytest.raises(AlreadyDecided):
        confirm(shop, made)
    confirm(shop, send(shop, "24.00"))
    assert [each.state for each in Payout.objects.order_by("pk")] == ["refused", "paid"]


def test_the_desk_records_confirms_and_the_seller_sees_it_paid(
    client: Client, shop: Shop, offer: Offer, sign_in: SignIn
) -> None:
    shop.buy(offer, 5)
    first = sign_in(client, shop.cast.secretariat)
    second = sign_in(Client(), shop.cast.second_secretariat)
    assert "US$24.00" in first.get("/desk/payouts/").content.decode()
    url, field = f"/desk/payouts/to/{shop.account.holder_id}/", f"amount_{shop.project.pk}"
    sent = {"bank_reference": "=OUT-1", "sent_on": "2020-01-01", field: "25"}
    wrong = first.post(url, sent)
    assert wrong.status_code == 422 and 'value="25"' in wrong.content.decode()
    assert "At most US$24.00 can be sent" in wrong.content.decode()
    assert first.post(url, sent | {field: "24"}).status_code == 302
    made = Payout.objects.get()
    own = first.get(f"/desk/payouts/{made.pk}/").content.decode()
    assert "You sent this payout; another person confirms it." in own
    assert first.post(f"/desk/payouts/{made.pk}/confirm/").status_code == 403
    assert second.post(f"/desk/payouts/{made.pk}/aside/", {"reason": " "}).status_code == 422
    second.post(f"/desk/payouts/{made.pk}/confirm/")
    again = second.post(f"/desk/payouts/{made.pk}/confirm/", follow=True).content.decode()
    assert "This payout is decided: paid." in again
    seller = sign_in(Client(), shop.seller)
    body = seller.get("/desk/offers/sales/").content.decode()
    assert "=OUT-1" in body and "Paid to you" in body and "US$0.00" in body
    lines = b"".join(seller.get("/desk/offers/payouts.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "2020-01-01,'=OUT-1,99204" in lines.replace("CDM-", "") and "24.00" in lines
    revenue = b"".join(seller.get("/desk/offers/revenue.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert ",1,5,4.80,24.00,24.00,0.00," in revenue
    rival = sign_in(Client(), shop.cast.rival_participant)
    assert "OUT-1" not in rival.get("/desk/offers/sales/").content.decode()
    assert rival.get(f"/desk/payouts/{made.pk}/").status_code == 404

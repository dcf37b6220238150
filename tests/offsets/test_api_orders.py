"""Programs buy by `/api/v1/`: what is read, what is refused, and who may know of what."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from cdm_portal import clock, parameters
from cdm_portal.identity.models import Membership
from cdm_portal.pages import api_orders
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from offsets import actions, quoting
from offsets.actions import ordering
from offsets.asked import Reading
from offsets.keys import digest
from offsets.models import (
    ApiKey,
    ApiOrder,
    Certificate,
    Offer,
    Order,
    PaymentAttempt,
    SandboxPayment,
)
from projects.models import Project
from registry.models import Cancellation
from tests.offsets.conftest import Shop
from tests.offsets.prints import print_all
from tests.offsets.programs import BODY, Program

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")


@pytest.fixture
def program(shop: Shop, offer: Offer) -> Program:
    """The buyer's, with a test key that may order."""
    return Program(shop)


def refused(answer: Any, status: int, code: str, *fields: str) -> None:
    """It is a problem of these fields."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    said = answer.json()
    assert (said["status"], said["code"]) == (status, code), said
    assert set(said.get("errors", {})) == set(fields), said


def test_from_a_quote_to_the_certificate(program: Program, offer: Offer) -> None:
    listed = program.get("offers/").json()["data"]
    assert [(o["id"], o["price_cents"], o["available"], o["test"]) for o in listed] == [
        (f"off_{offer.pk}", 480, "100", True)
    ]
    sent = {"lines": [{"offer": listed[0]["id"], "tonnes": "17"}]}
    quote = program.post("quotes/", sent).json()
    assert (quote["total_cents"], quote["tonnes"], quote["holds_units"]) == (8160, "17", False)
    order = program.post("orders/", BODY | {"quote": quote["quote"], "sandbox": "pay"},
                         **{"Idempotency-Key": "a"}).json()  # fmt: skip
    assert (order["state"], order["total_cents"], order["next"]) == ("fulfilled", 8160, None)
    assert order["lines"][0]["serials"] == [str(Cancellation.objects.get(kind="c").serial)]
    certificate = program.get(f"certificates/{order['certificate']}/").json()
    assert (certificate["tonnes"], certificate["name"], certificate["sandbox"]) == (
        "17", "Amina Otieno", True,
    )
    assert certificate["pdf"] is None
    print_all(clock.now())
    own = program.get(f"certificates/{order['certificate']}/").json()["pdf"]
    print_ = Client().get(own.removeprefix("http://127.0.0.1:8000"))
    assert (print_.status_code, print_["Content-Type"]) == (200, "application/pdf")
    others = Client().get(f"/api/v1/certificates/{order['certificate']}/").json()
    assert (others["name"], others["reason"], others["pdf"]) == (None, None, None)


def test_a_sum_buys_whole_tonnes_and_leaves_a_rest(program: Program, offer: Offer) -> None:
    for cents, tonnes, rest in ((480, 1, 0), (959, 1, 479), (48000, 100, 0)):
        line = {"offer": f"off_{offer.pk}", "total_cents": cents}
        answer = program.post("quotes/", {"lines": [line]}).json()
        told = answer["lines"][0]
        assert (told["tonnes"], told["rest_cents"]) == (str(tonnes), rest)
        assert answer["total_cents"] == told["total_cents"] == cents - rest
    refused(program.post("quotes/", {"lines": [line | {"total_cents": 479}]}), 422, "invalid",
            "lines.0.total_cents")  # fmt: skip
    assert Order.objects.count() == 0


def test_several_offers_are_one_order_or_none(program: Program, shop: Shop, offer: Offer) -> None:
    second = shop.offer(50, "3.50")
    lines = [{"offer": f"off_{offer.pk}", "tonnes": 3}, {"offer": f"off_{second.pk}", "tonnes": 50}]
    quote = program.post("quotes/", {"lines": lines}).json()
    assert (quote["tonnes"], quote["total_cents"]) == ("53", 3 * 480 + 50 * 350)
    sent = BODY | {"quote": quote["quote"], "sandbox": "pay"}
    order = program.post("orders/", sent, **{"Idempotency-Key": "a"}).json()
    assert (order["state"], order["total_cents"]) == ("fulfilled", quote["total_cents"])
    assert [(x["offer"], x["tonnes"], len(x["serials"])) for x in order["lines"]] == [
        (lines[0]["offer"], "3", 1), (lines[1]["offer"], "50", 1),
    ]
    third = shop.offer(10, "2.00")
    both = [{"offer": f"off_{pk}", "tonnes": 20, "price_version": 1} for pk in (offer.pk, third.pk)]
    answer = program.post("orders/", BODY | {"lines": both}, **{"Idempotency-Key": "b"})
    refused(answer, 422, "too_few_left", "lines.1.tonnes")
    twice = program.post("quotes/", {"lines": [lines[0], lines[0]]})
    refused(twice, 422, "invalid", "lines")
    assert Order.objects.count() == 1


@pytest.mark.parametrize("begun", [False, True])
def test_a_request_that_was_cut_off_is_taken_up_by_its_repetition(
    program: Program, offer: Offer, *, begun: bool
) -> None:
    """The state that a process leaves that dies before it begins the payment, or before the
    provider is told."""
    at = clock.now()
    holder = actions.use_key(at=at, token=program.token)
    line = {"offer": f"off_{offer.pk}", "tonnes": 2, "price_version": 1}
    body = BODY | {"lines": [line], "sandbox": "pay"}
    asked = api_orders._order(Reading(body), holder, "order-1", at)
    ordering._place(holder.actor, at, holder, asked, uuid4())
    assert ApiOrder.objects.get().answer == "" and Order.objects.get().state == "checkout"
    if begun:
        actions.begin_payment(at=at, order_id=Order.objects.get().pk, provider="sandbox")
        PaymentAttempt.objects.update(page_url="")
        SandboxPayment.objects.all().delete()
    refused(program.order(offer, 3), 422, "idempotency_key_reused", "Idempotency-Key")
    taken_up, again = (program.order(offer, 2, sandbox="pay") for _ in range(2))
    assert (taken_up.status_code, taken_up.json()["state"]) == (201, "fulfilled")
    assert taken_up.content == again.content and again["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == Certificate.objects.count() == 1


WRONG = [
    5.0, 1.5, 1e308, float("1e15"), True, None, [], {}, -1, 0, "0", "", "1_0", "1e3", "+5", " 5",
    "5 ", "٣", "５", "5.0", "NaN", "Infinity", "05", 10**18, 10_000_001, "9" * 400,
]  # fmt: skip


def test_no_bad_number_passes(program: Program, offer: Offer, nothing_written: Any) -> None:
    program.get("offers/")  # the key's own counters are set
    ApiKey.objects.update(minute=None, requests=0, last_used_at=None)
    for value in WRONG:
        line = {"offer": f"off_{offer.pk}", "price_version": 1}
        refused(program.post("quotes/", {"lines": [
            {"offer": line["offer"], "tonnes": value}]}), 422, "invalid", "lines.0.tonnes")
        refused(program.order(offer, value), 422, "invalid", "lines.0.tonnes")
    for raw in ('{"lines": [{"tonnes": NaN}]}', '{"lines": [{"tonnes": 1e999}]', "[1", "nothing"):
        assert program.ask("post", "quotes/", raw).status_code == 400, raw
    half = '{"quote": "\\ud800", "\\udfff": 1, "beneficiary": {"name": "\\ud83d"}}'
    for raw, status in ((half, 422), ("[" * 60_000, 422), (" " * 70_000, 413)):
        for path in ("quotes/", "orders/"):
            answer = program.ask("post", path, raw, **{"Idempotency-Key": "a"})
            assert (answer.status_code, path) == (status, path), raw[:20]
    assert Order.objects.count() == ApiOrder.objects.count() == 0


UNUSABLE: list[tuple[dict[str, Any], set[str]]] = [
    ({"price": "0.01"}, {"price"}),
    ({"lines": []}, {"lines"}),
    ({"lines": [5]}, {"lines.0"}),
    ({"lines": [{"offer": 1, "tonnes": 1, "price_version": 1}]}, {"lines.0.offer"}),
    ({"lines": [{"offer": "off_999999", "tonnes": 1, "price_version": 1}]}, {"lines.0.offer"}),
    ({"lines": [{"offer": "off_1", "tonnes": 1, "total": 1, "price_version": 1}]},
     {"lines.0.total"}),
    ({"beneficiary": "Amina"}, {"beneficiary", "beneficiary.name"}),
    ({"beneficiary": {"name": "A\u202eB"}}, {"beneficiary.name"}),
    ({"beneficiary": {"name": "A", "public": "yes"}}, {"beneficiary.public"}),
    ({"email": "amina"}, {"email"}),
    ({"payment": "invoice"}, {"payment"}),
    ({"sandbox": "steal"}, {"sandbox"}),
    ({"quote": "x:y"}, {"lines"}),
    ({"card": "4242 4242 4242 4242"}, {"card"}),
]  # fmt: skip


def test_what_cannot_be_used_is_named_by_field(program: Program, offer: Offer) -> None:
    for change, fields in UNUSABLE:
        answer = program.order(offer, **change)
        refused(answer, 422, "invalid", *fields)
        assert "4242" not in answer.content.decode()
    assert Order.objects.count() == ApiOrder.objects.count() == 0


def test_more_than_is_left_is_refused_beside_the_tonnes(program: Program, offer: Offer) -> None:
    refused(program.order(offer, 101), 422, "too_few_left", "lines.0.tonnes")
    line = {"offer": f"off_{offer.pk}", "tonnes": 101}
    refused(program.post("quotes/", {"lines": [line]}), 422, "invalid", "lines.0.tonnes")


def test_a_quote_ends_by_time_by_price_and_is_its_owners(
    program: Program, shop: Shop, offer: Offer
) -> None:
    given = program.post("quotes/", {"lines": [{"offer": f"off_{offer.pk}", "tonnes": 1}]}).json()
    rival = Program(shop, shop.cast.rival_participant)
    refused(rival.post("orders/", BODY | {"quote": given["quote"]}, **{"Idempotency-Key": "a"}),
            422, "invalid", "quote")
    for forged in (given["quote"][:-1], "A" + given["quote"], "x" * 9000):
        answer = program.post("orders/", BODY | {"quote": forged}, **{"Idempotency-Key": "a"})
        refused(answer, 422, "invalid", "quote")
    later = clock.now() + timedelta(minutes=parameters.number("quote_minutes", clock.today()))
    holder = actions.use_key(at=clock.now(), token=program.token)
    with pytest.raises(Exception, match="time of this quote is over"):
        quoting.read(given["quote"], holder, later)
    actions.change_price(
        actor=shop.seller, at=clock.now(), offer_id=offer.pk, price=Decimal("5.00")
    )
    answer = program.post("orders/", BODY | {"quote": given["quote"]}, **{"Idempotency-Key": "a"})
    refused(answer, 409, "price_changed")
    assert Order.objects.count() == 0


def test_the_same_key_answers_the_same_and_another_body_is_refused(
    program: Program, shop: Shop, offer: Offer
) -> None:
    first = program.order(offer)
    assert first.status_code == 201 and "Idempotent-Replayed" not in first
    again = Program(shop).order(offer)  # another key of the same organisation
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotent-Replayed"] == "true"
    refused(program.order(offer, 3), 422, "idempotency_key_reused", "Idempotency-Key")
    line = {"offer": f"off_{offer.pk}", "tonnes": 2, "price_version": 1}
    refused(program.post("orders/", BODY | {"lines": [line]}), 400, "idempotency_key_missing")
    for bad in ("", "x" * 256, "é"):
        answer = program.order(offer, key=bad)
        assert answer.status_code == 422 and "Idempotency-Key" in answer.json()["errors"]
    assert Order.objects.count() == 1
    refused(program.order(offer, 101, key="b"), 422, "too_few_left", "lines.0.tonnes")
    assert program.order(offer, 3, key="b").status_code == 201  # what was refused left no trace
    kept = " ".join(ApiOrder.objects.values_list("answer", flat=True))
    assert "Amina" not in kept and "@" not in kept


def test_an_order_waits_for_payment_and_is_given_up(program: Program, offer: Offer) -> None:
    order = program.order(offer, sandbox="wait").json()
    assert order["state"] == "payment_pending"
    assert order["next"]["url"].startswith("http://127.0.0.1:8000/pay/sandbox/")
    whole = program.get(f"orders/{order['code']}/").json()
    assert whole["beneficiary"]["name"] == "Amina Otieno"
    assert program.get("offers/").json()["data"][0]["available"] == "98"
    ended = [program.post(f"orders/{order['code']}/cancel/") for _ in range(2)]
    assert [(e.status_code, e.json()["state"], e.json()["next"]) for e in ended] == [
        (200, "expired", None)
    ] * 2
    assert program.get("offers/").json()["data"][0]["available"] == "100"
    paid = program.order(offer, key="b", sandbox="pay").json()
    refused(program.post(f"orders/{paid['code']}/cancel/"), 409, "order_not_open")


def test_the_sandbox_ends_as_it_is_asked(program: Program, offer: Offer) -> None:
    ends = {"pay": "fulfilled", "twice": "fulfilled", "decline": "failed", "wrong_amount": "failed"}
    for outcome, state in ends.items():
        order = program.order(offer, key=outcome, sandbox=outcome).json()
        assert order["state"] == state, outcome
    assert [c.quantity for c in Cancellation.objects.filter(kind="c")] == [2, 2]
    assert [c.sandbox for c in Certificate.objects.all()] == [True, True]


def test_another_organisation_and_the_other_kind_of_key_see_404(
    program: Program, shop: Shop, offer: Offer
) -> None:
    order = program.order(offer, sandbox="pay").json()
    for other in (Program(shop, shop.cast.rival_participant), Program(shop, test=False)):
        for method, path in (("get", ""), ("post", "cancel/")):
            answer = other.ask(method, f"orders/{order['code']}/{path}")
            refused(answer, 404, "unknown_order")
        told = other.get(f"certificates/{order['certificate']}/").json()
        assert (told["name"], told["reason"]) == (None, None)
    assert Program(shop).get(f"orders/{order['code']}/").status_code == 200


def test_a_key_that_may_read_reads_only(program: Program, shop: Shop, offer: Offer) -> None:
    order = program.order(offer).json()
    reader = Program(shop, may_order=False)
    assert reader.get(f"orders/{order['code']}/").status_code == 200
    line = {"offer": f"off_{offer.pk}", "tonnes": 1}
    assert reader.post("quotes/", {"lines": [line]}).status_code == 200
    refused(reader.order(offer, key="b"), 403, "out_of_scope")
    refused(reader.post(f"orders/{order['code']}/cancel/"), 403, "out_of_scope")
    assert Order.objects.get().state == "payment_pending"


def test_a_key_ends_at_once(program: Program, shop: Shop, offer: Offer) -> None:
    def answers() -> list[int]:
        return [program.get("offers/").status_code, program.order(offer).status_code]

    def bad(token: str) -> int:
        shown = {"Authorization": token}
        return Client().get("/api/v1/offers/", headers=shown).status_code

    shown = ("", "Bearer", "Basic x", "Bearer ol_test_x", f"Bearer {program.token}x", program.token)
    assert {bad(each) for each in shown} == {401}
    answer = Client().post("/api/v1/orders/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answers() == [200, 201]
    with pytest.raises(Exception, match="run out"):
        actions.use_key(at=program.key.expires_at, token=program.token)
    held = Membership.objects.get(person_id=program.key.person_id)
    Membership.objects.filter(pk=held.pk).update(valid_to=clock.today() - timedelta(days=1))
    assert answers() == [401, 401]
    Membership.objects.filter(pk=held.pk).update(valid_to=None)
    assert answers() == [200, 201]
    actions.revoke_key(actor=shop.cast.buyer, at=clock.now(), key_id=program.key.pk)
    assert answers() == [401, 401]


def test_a_test_key_touches_no_live_units_and_no_money(
    program: Program, shop: Shop, offer: Offer, settings: Any
) -> None:
    settings.ALLOW_SANDBOX = False
    refused(program.order(offer), 409, "provider_off")
    settings.ALLOW_SANDBOX = True
    Project.objects.update(rules=Project.Rules.HISTORIC)
    assert program.get("offers/").json()["data"] == []
    refused(program.order(offer), 422, "invalid", "lines.0.offer")
    line = {"offer": f"off_{offer.pk}", "tonnes": 1}
    refused(program.post("quotes/", {"lines": [line]}), 422, "invalid", "lines.0.offer")
    live = Program(shop, test=False)
    refused(live.order(offer, sandbox="pay"), 422, "invalid", "sandbox")
    bought = live.order(offer).json()
    assert (bought["test"], bought["next"]["payment"]) == (False, "sandbox")


def test_an_organisation_holds_units_for_so_many_unpaid_orders(
    program: Program, shop: Shop, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = parameters.number("api_open_orders", clock.today())
    for number in range(most):
        assert program.order(offer, 1, key=f"order-{number}").status_code == 201
    refused(Program(shop).order(offer, 1, key="one more"), 409, "too_many_open")
    assert Program(shop, shop.cast.rival_participant).order(offer, 1).status_code == 201


def test_a_key_asks_so_often_in_a_minute(program: Program) -> None:
    most = parameters.number("api_requests_per_minute", clock.today())
    at = clock.now().replace(second=20)
    ApiKey.objects.update(minute=at.replace(second=0, microsecond=0), requests=most - 1)
    assert actions.use_key(at=at, token=program.token).key_id == program.key.pk
    with pytest.raises(Exception, match="times a minute") as refusal:
        actions.use_key(at=at, token=program.token)
    assert refusal.value.wait == 40  # type: ignore[attr-defined]
    assert actions.use_key(at=at + timedelta(minutes=1), token=program.token)


def test_keys_are_made_and_revoked_on_their_page(
    shop: Shop, client: Client, sign_in: Any, cast: Any
) -> None:
    shop.at = clock.now()
    browser, page = sign_in(client, cast.buyer), "/desk/api-keys/"
    sent = {"label": "Bookkeeping", "kind": "live", "scope": "read", "days": "30"}
    shown = browser.post(page, sent)
    assert shown.status_code == 200 and "no-store" in shown["Cache-Control"]
    made = ApiKey.objects.get()
    token = shown.context["made"][1]
    assert token in shown.content.decode() and token.startswith("ol_live_")
    assert made.digest == digest(token) and token not in str(made.__dict__)
    assert (made.test, made.may_order, made.organisation_id) == (False, False, cast.buyer.office)
    assert token not in browser.get(page).content.decode()
    wrong = browser.post(page, sent | {"label": "", "days": "9999"})
    assert wrong.status_code == 422 and ApiKey.objects.count() == 1
    rival = sign_in(Client(), cast.rival_participant)
    assert "Bookkeeping" not in rival.get(page).content.decode()
    assert rival.post(page, {"revoke": made.pk}).status_code == 404
    assert rival.post(page, {"revoke": "½"}).status_code == 404
    assert browser.post(page, {"revoke": made.pk}).status_code == 302
    assert ApiKey.objects.get().revoked_at is not None
    with pytest.raises(NotFound):
        actions.revoke_key(actor=cast.rival_participant, at=shop.at, key_id=made.pk)
    given = {"at": shop.at, "test": True, "may_order": True}
    with pytest.raises(Forbidden):
        actions.make_key(actor=cast.auditor, label="x", days=1, **given)
    with pytest.raises(Invalid):
        actions.make_key(actor=cast.buyer, label="x\u202e", days=1, **given)

"""The registry's desk: what only holders and the registry see, what two persons do."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal import queues
from cdm_portal.values import Role
from registry import actions, queries
from registry.governance.models import Measure
from registry.models import Account, Proposal
from tests.cast import Cast
from tests.registry.ledger import SELLER, Ledger


@pytest.fixture
def shop(ledger: Ledger) -> Ledger:
    """One project issued, forwarded, on offer and partly cancelled."""
    ledger.issued(1000, 20)
    ledger.forwarded(600)
    (lot,) = ledger.lots(300)
    ledger.cancelled(lot, 12)
    ledger.cancelled(lot, 5)
    ledger.issued(50, 0, project_number="95002", party_code="UG", commitment_period=1)
    return ledger


# The desk ----------------------------------------------------------------------------------------


def test_strangers_sign_in_and_other_roles_find_nothing(
    client: Client, cast: Cast, sign_in: Any, shop: Ledger
) -> None:
    account = Account.objects.get(holder_id=77).pk
    proposal = shop.proposal(10).pk
    line = shop.line(10, 0).pk
    urls = [
        reverse("registry:desk"), reverse("registry:forward"), reverse("registry:account_new"),
        reverse("registry:proposal", args=[proposal]), reverse("registry:release", args=[line]),
        reverse("registry:reject", args=[proposal]), reverse("registry:freeze", args=[account]),
    ]  # fmt: skip
    for url in urls:
        assert client.get(url).status_code == 302
    for actor in (cast.participant, cast.doe, cast.board[0], cast.buyer):
        sign_in(client, actor)
        for url in urls:
            assert client.get(url).status_code == 404, (actor, url)
    sign_in(client, cast.auditor)  # who reads proposals, and does nothing to them
    read = (urls[0], urls[3])
    assert [client.get(url).status_code for url in urls] == [
        200 if url in read else 404 for url in urls
    ]
    desk, page = (client.get(url).content.decode() for url in read)
    assert urls[3] in desk and "csrfmiddlewaretoken" not in desk.partition("<main")[2]
    assert 'name="seen_sha256"' not in page and "waits for a second person" in page
    assert client.post(urls[3], {"seen_sha256": shop.proposal(1).sha256_hex}).status_code == 403
    assert client.get(reverse("api:proposal", args=[proposal])).status_code == 200
    sign_in(client, cast.registry)
    for url in urls:
        assert client.get(url).status_code == 200, url


def test_an_instruction_is_released_by_a_second_person_in_the_browser(
    client: Client, cast: Cast, sign_in: Any, ledger: Ledger
) -> None:
    line = actions.instruct(
        actor=cast.board[0],
        at=ledger.at,
        project_number="95001",
        party_code="KE",
        commitment_period=2,
        quantity=100,
        share_of_proceeds=2,
        reference="ISS-1",
    )
    sign_in(client, cast.registry)
    url = reverse("registry:release", args=[line.pk])
    assert "Release for issuance" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    line.refresh_from_db()
    assert line.releaser == cast.registry.person_id
    actions.issue(at=ledger.at, line_id=line.pk)
    assert "KE-5-1-100-2-2-0-95001" in client.get(url).content.decode()


def test_a_forwarding_is_proposed_by_one_and_approved_by_another(
    client: Client, cast: Cast, sign_in: Any, ledger: Ledger
) -> None:
    ledger.issued(1000, 20)
    account = ledger.account()
    ledger.authorised()
    sign_in(client, cast.registry)
    form = {"project": "95001", "quantity": "300", "period": "2", "to_account": account.pk,
            "authorised": "on"}  # fmt: skip
    assert client.post(reverse("registry:forward"), form).status_code == 302
    proposal = Proposal.objects.get()
    url = reverse("registry:proposal", args=[proposal.pk])
    own = client.get(url).content.decode()
    assert "You proposed it: a second person approves it." in own
    assert 'aria-disabled="true"' in own
    sha256 = bytes(proposal.sha256).hex()
    refusal = client.post(url, {"seen_sha256": sha256})
    assert refusal.status_code == 403
    sign_in(client, cast.registry_second)
    assert "Approve as second person" in client.get(url).content.decode()
    assert client.post(url, {"seen_sha256": "0" * 64}).status_code == 422
    assert queries.balance(account.pk) == 0
    assert client.post(url, {"seen_sha256": sha256}).status_code == 302
    assert queries.balance(account.pk) == 300


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": "0"}, "quantity"), ({"quantity": "-1"}, "quantity"),
        ({"quantity": "1.5"}, "quantity"), ({"quantity": "1000000000000"}, "quantity"),
        ({"quantity": "981"}, "quantity"), ({"quantity": ""}, "quantity"),
        ({"project": "x; y"}, "project"), ({"to_account": "2"}, "to_account"),
        ({"to_account": "999999"}, "to_account"), ({"authorised": ""}, "authorised"),
        ({"period": "9"}, "period"), ({"project": "95009"}, "to_account"),
    ],
)  # fmt: skip
def test_a_wrong_forwarding_is_said_beside_its_field_and_nothing_typed_is_lost(
    wrong: Any,
    field: Any,
    client: Client,
    cast: Cast,
    sign_in: Any,
    ledger: Ledger,
    nothing_written: Any,
) -> None:
    ledger.issued(1000, 20)
    account = ledger.account()
    ledger.authorised()
    sign_in(client, cast.registry)
    form = {"project": "95001", "quantity": "300", "period": "2", "to_account": account.pk,
            "authorised": "on"}  # fmt: skip
    with nothing_written():
        page = client.post(reverse("registry:forward"), form | wrong)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"].data["project"] == (form | wrong)["project"]


def test_a_proposal_is_rejected_with_a_reason(
    client: Client, cast: Cast, sign_in: Any, ledger: Ledger
) -> None:
    ledger.issued(100, 0)
    proposal = ledger.proposal(10)
    sign_in(client, cast.registry)
    url = reverse("registry:reject", args=[proposal.pk])
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "Not a participant"}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("rejected", "Not a participant")


def test_an_account_is_opened_for_a_party_once_and_for_a_participant_from_its_request(
    client: Client, cast: Cast, sign_in: Any, ledger: Ledger
) -> None:
    sign_in(client, cast.registry)
    form = {"holder": cast.participant.organisation_id, "party": "KE", "kind": "100", "name": ""}
    asks = client.post(reverse("registry:account_new"), form | {"kind": "121"})
    assert asks.status_code == 422 and "asks for its holding account itself" in (
        asks.content.decode()
    )
    assert client.post(reverse("registry:account_new"), form).status_code == 302
    account = Account.objects.get(holder_id=cast.participant.organisation_id)
    assert account.name == cast.participant.organisation
    again = client.post(reverse("registry:account_new"), form)
    assert again.status_code == 422
    assert Account.objects.filter(holder_id=cast.participant.organisation_id).count() == 1


def test_a_holder_reads_its_own_account_and_no_other(
    client: Client, cast: Cast, sign_in: Any, ledger: Ledger
) -> None:
    ledger.issued(1000, 0)
    mine, theirs = (ledger.account(actor.organisation_id)
                    for actor in (cast.participant, cast.rival_participant))  # fmt: skip
    ledger.forwarded(300, mine)
    sign_in(client, cast.participant)
    page = client.get(reverse("registry:account", args=[mine.pk]))
    assert page.status_code == 200
    assert page.context["balance"] == 300
    assert [row.qty for row in page.context["rows"]] == [300]
    for name in ("account", "account_cancel"):
        assert client.get(reverse(f"registry:{name}", args=[theirs.pk])).status_code == 404
        assert client.get(reverse(f"registry:{name}", args=[999_999])).status_code == 404
    listed = client.get(reverse("registry:accounts")).context["accounts"]
    assert list(listed) == [mine]
    sign_in(client, cast.auditor)
    assert client.get(reverse("registry:account", args=[theirs.pk])).status_code == 200


def test_a_holder_proposes_a_cancellation_and_the_registry_decides(
    client: Client, cast: Cast, sign_in: Any, ledger: Ledger
) -> None:
    ledger.issued(1000, 0)
    mine = ledger.account(cast.participant.organisation_id)
    ledger.forwarded(300, mine)
    sign_in(client, cast.participant)
    url = reverse("registry:account_cancel", args=[mine.pk])
    form = {"project": "95001", "quantity": "40", "period": "", "understood": "on"}
    assert client.post(url, form | {"quantity": "301"}).status_code == 422
    assert client.post(url, form | {"understood": ""}).status_code == 422
    assert client.post(url, form).status_code == 302
    assert queries.cancelled_total() == 0
    proposal = Proposal.objects.get(state="proposed")
    sign_in(client, cast.registry)
    url = reverse("registry:proposal", args=[proposal.pk])
    client.post(url, {"seen_sha256": bytes(proposal.sha256).hex()})
    assert queries.cancelled_total() == 40


def test_a_freeze_is_lifted_by_another_person_only(
    client: Client, cast: Cast, sign_in: Any, ledger: Ledger
) -> None:
    account = ledger.account()
    url = reverse("registry:freeze", args=[account.pk])
    sign_in(client, cast.registry)
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Suspicion"}).status_code == 302
    assert client.post(url, {"reason": "Cleared"}).status_code == 302
    measure = Measure.objects.get()
    look = reverse("registry:measure", args=[measure.pk])
    page = client.get(look)
    assert page.context["why_not"].startswith("You proposed it")
    sent = {"seen_sha256": measure.sha256_hex}
    assert client.post(look, sent).status_code == 403
    account.refresh_from_db()
    assert account.frozen
    sign_in(client, cast.registry_second)
    assert client.get(look).context["why_not"] == ""
    assert client.post(look, sent).status_code == 302
    account.refresh_from_db()
    assert not account.frozen


def test_what_waits_names_why_one_cannot_act_on_ones_own(cast: Cast, ledger: Ledger) -> None:
    ledger.issued(100, 0)
    ledger.authorised()
    proposal = actions.propose_forwarding(
        actor=cast.registry,
        at=ledger.at,
        project_number="95001",
        from_account_id=3,
        to_account_id=ledger.account().pk,
        quantity=10,
    )
    line = ledger.line(10, 0)
    own, other = (
        {item["url"]: item["why_not"] for item in queues.items(queries.queue(who, ledger.at))}
        for who in (cast.registry, cast.registry_second)
    )
    url = reverse("registry:proposal", args=[proposal.pk])
    assert own[url] != ""
    assert other[url] == ""
    assert reverse("registry:release", args=[line.pk]) in other
    assert queues.items(queries.queue(cast.participant, ledger.at)) == []
    assert SELLER.role == Role.PARTICIPANT


def test_the_books_are_checked_on_demand(
    client: Client, cast: Cast, sign_in: Any, shop: Ledger
) -> None:
    sign_in(client, cast.registry)
    assert client.get(reverse("registry:reconcile")).status_code == 405
    assert client.post(reverse("registry:reconcile")).status_code == 302
    assert queries.last_reconciliation().ok
    assert "The books balance" in client.get(reverse("registry:desk")).content.decode()

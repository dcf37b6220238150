"""The holding account against its line in table 3.9 of the domain, transcribed here by hand:

    REQUESTED → KYC → OPEN → RESTRICTED/SUSPENDED(_PARTIALLY) → CLOSURE_PENDING → CLOSED

Every legal (state, event, role) is done on its page and has its side effects; every other is
refused on its page and writes nothing; every other pair of states is refused by the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cdm_portal import clock
from registry.governance.models import Measure, Representative
from registry.models import Account, Transaction
from registry.opening.models import AccountRequest
from tests.cast import Cast
from tests.registry import account_story as story
from tests.registry.attacks_standing import END, closure
from tests.uploads.files import pdf
from tests.walker import Walker
from tests.world import as_if

pytestmark = pytest.mark.django_db

ASKING = {
    "requested": "requested", "kyc": "kyc", "asked": "kyc", "proven": "kyc", "concluded": "kyc",
    "refused": "refused", "withdrawn": "withdrawn",
}
STANDING = {
    "open": "open", "restricted": "restricted", "partial": "suspended_partially",
    "suspended": "suspended", "lifting": "suspended", "closing": "closure_pending",
    "closing_r": "closure_pending", "closing_s": "closure_pending", "closed": "closed",
}
STATES = [*ASKING, *STANDING]
"""What the walk calls a state. KYC is walked with an item questioned, with all proven, and with the
evidence concluded by `registry`; a suspension while its lifting waits; a closure as asked for by
the holder, by `registry`, and out of a suspension."""

BOTH, OWNER, SECOND = ("registry", "second"), ("participant",), ("second",)
LEGAL: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("requested", "take up"): (BOTH, "kyc"),
    **{(s, "add"): (OWNER, ASKING[s]) for s in ("requested", "kyc", "asked", "proven")},
    **{(s, "withdraw"): (OWNER, "withdrawn")
       for s in ("requested", "kyc", "asked", "proven", "concluded")},
    ("kyc", "prove"): (BOTH, "kyc"), ("asked", "prove"): (BOTH, "kyc"),
    **{(s, "question"): (BOTH, "kyc") for s in ("kyc", "proven", "concluded")},
    ("asked", "answer"): (OWNER, "kyc"),
    ("proven", "conclude"): (BOTH, "kyc"),
    **{(s, "refuse"): (BOTH, "refused") for s in ("kyc", "asked", "proven", "concluded")},
    ("concluded", "open"): (SECOND, "open"),
    ("open", "restrict"): (BOTH, "restricted"),
    **{(s, "suspend in part"): (BOTH, "suspended_partially") for s in ("open", "restricted")},
    **{(s, "suspend"): (BOTH, "suspended") for s in ("open", "restricted", "partial")},
    **{(s, "propose to lift"): (BOTH, STANDING[s]) for s in ("restricted", "partial", "suspended")},
    ("lifting", "lift"): (SECOND, "open"),
    **{(s, "ask closure"): ((*OWNER, *BOTH), "closure_pending")
       for s in ("open", "restricted", "partial", "suspended", "lifting")},
    ("closing", "take back"): (OWNER, "open"), ("closing_r", "take back"): (BOTH, "open"),
    ("closing_s", "take back"): (OWNER, "suspended"),
    ("closing", "close"): (BOTH, "closed"), ("closing_s", "close"): (BOTH, "closed"),
    ("closing_r", "close"): (SECOND, "closed"),
}  # fmt: skip
PAIRS = {
    "requested>kyc", "requested>withdrawn", "kyc>open", "kyc>refused", "kyc>withdrawn",
}
STANDING_PAIRS = {
    "open>restricted", "open>suspended_partially", "open>suspended",
    "restricted>suspended_partially", "restricted>suspended", "suspended_partially>suspended",
    "restricted>open", "suspended_partially>open", "suspended>open",
    "open>closure_pending", "restricted>closure_pending", "suspended_partially>closure_pending",
    "suspended>closure_pending", "closure_pending>open", "closure_pending>restricted",
    "closure_pending>suspended_partially", "closure_pending>suspended", "closure_pending>closed",
}
EVENTS = (
    "take up", "add", "withdraw", "prove", "question", "answer", "conclude", "refuse", "open",
    "restrict", "suspend in part", "suspend", "propose to lift", "lift", "ask closure", "take back",
    "close",
)


def sent(event: str, request: AccountRequest, account: Account | None) -> tuple[str, Any]:
    """Where an event is sent to, with a form that is complete. Files are read once, so anew."""
    def act(slug: str, **values: Any) -> tuple[str, Any]:
        return reverse("registry:account_request_act", args=[request.pk, slug]), values

    def of(name: str, **values: str) -> tuple[str, Any]:
        pk = account.pk if account else 999_999
        return reverse(f"registry:account_{name}", args=[pk]), {"reason": "A reason"} | values

    measure = Measure.objects.filter(verb="lift").last()
    about: dict[str, Callable[[], tuple[str, Any]]] = {
        "take up": lambda: act("take-up"),
        "add": lambda: act("add", item="status", file=SimpleUploadedFile("more.pdf", pdf())),
        "withdraw": lambda: act("withdraw"),
        "prove": lambda: act("mark", item="status", mark="proven", text=""),
        "question": lambda: act("mark", item="status", mark="questioned", text="Since when?"),
        "answer": lambda: act("answer", item="status", text="Since 2009."),
        "conclude": lambda: act("conclude"),
        "refuse": lambda: act("refuse", reasons="Not proven."),
        "open": lambda: act("open"),
        "restrict": lambda: of("restrict", standing="restricted"),
        "suspend in part": lambda: of("restrict", standing="suspended_partially"),
        "suspend": lambda: of("restrict", standing="suspended"),
        "propose to lift": lambda: of("lift"),
        "lift": lambda: (
            reverse("registry:measure", args=[measure.pk if measure else 999_999]),
            {"seen_sha256": measure.sha256_hex if measure else ""},
        ),
        "ask closure": lambda: of("closure"),
        "take back": lambda: of("closure", do="withdraw"),
        "close": lambda: of("close"),
    }
    return about[event]()


@pytest.fixture
def walker(cast: Cast, sign_in: Any) -> Walker:
    """Everybody, a second registry administrator among them."""
    return Walker(cast, sign_in, more={"second": cast.registry_second})


def reached(cast: Cast) -> Iterator[tuple[str, AccountRequest, Account | None]]:
    """Each state, made once; what is done to it is undone."""
    at = clock.now()
    for state in ASKING:
        with as_if():
            yield state, story.asked_in(state, cast, at), None
    with as_if():
        account = story.opened(cast, at)
        request = AccountRequest.objects.get()
        for state in STANDING:
            with as_if():
                yield state, request, story.stood(state, cast, at, account)


def where(request: AccountRequest) -> str:
    """Where the request stands, or its account once there is one."""
    now = AccountRequest.objects.select_related("account").get(pk=request.pk)
    if now.account is None:
        return now.state
    return "closed" if now.account.closed_at else now.account.standing


def test_an_account_follows_the_table(walker: Walker, cast: Cast) -> None:
    for state, request, account in reached(cast):
        assert where(request) == (ASKING | STANDING)[state], state
        for event in EVENTS:
            walk(walker, cast, (state, event), request, account)
    print(f"\n3.9, holding account: {walker.legal} legal, {walker.refused} refused on pages")
    assert walker.legal == sum(len(owners) for owners, _target in LEGAL.values())
    assert walker.refused == len(STATES) * len(EVENTS) * len(walker.clients) - walker.legal


def walk(
    walker: Walker, cast: Cast, cell: tuple[str, str], request: AccountRequest,
    account: Account | None,
) -> None:
    """One state × event by everybody."""
    owners, target = LEGAL.get(cell, ((), ""))
    for who in walker.clients:
        page, values = sent(cell[1], request, account)
        if who in owners:
            with walker.done(who, page, values):
                assert where(request) == target, (cell, who)
                effects(cast, cell[1], request, who)
        else:
            walker.denied(who, page, values)


def effects(cast: Cast, event: str, request: AccountRequest, who: str) -> None:
    """What an event leaves besides the state."""
    now = AccountRequest.objects.select_related("account").get(pk=request.pk)
    actor = {
        "participant": cast.participant, "registry": cast.registry, "second": cast.registry_second,
    }[who]
    if event == "open":
        opened_as_asked(cast, now)
    elif event == "question":
        assert now.concluded_at is None
        assert now.items.get(key="status").words.last().text == "Since when?"
    elif event in {"add", "answer"}:
        mark = now.items.get(key="status").mark
        assert mark == ("open" if now.state == "requested" else mark)
        assert mark != "proven"
    elif event in {"take up", "conclude"}:
        assert actor.person in {now.taken_up_by_id, now.concluded_by_id}
    elif event in {"restrict", "suspend in part", "suspend"}:
        booked = Transaction.objects.filter(verb="restrict").latest("id")
        assert (booked.initiator, booked.approver) == (actor.person, None)
    elif event in {"lift", "close"}:
        booked = Transaction.objects.filter(verb__in=["lift", "close_account"]).latest("id")
        assert booked.approver == actor.person and booked.initiator != actor.person


def opened_as_asked(cast: Cast, request: AccountRequest) -> None:
    """The ledger's account, booked by two, with the representative that was proposed."""
    account = request.account
    assert account is not None
    assert (account.kind, account.party_id, account.holder_id, account.name) == (
        121, "KE", cast.participant.office, "Ziwa Sun, holding",
    )
    booked = Transaction.objects.get(verb="open_account")
    assert (booked.initiator, booked.approver) == (
        cast.registry.person, cast.registry_second.person,
    )
    seats = Representative.objects.filter(account=account, until=None)
    assert [(each.seat, each.person_id) for each in seats] == [(1, cast.participant.person)]


def refusal_of(*statements: str) -> str:
    """What the database says to statements past the actions; empty when it takes them."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""


def test_every_other_pair_is_refused_by_the_database(cast: Cast) -> None:
    refused, walked = 0, {"asked", "proven", "concluded", "lifting", "closing_r", "closing_s"}
    for state, request, account in reached(cast):
        if state in walked:
            continue
        if account is None:
            refused += pairs_of_a_request(request)
        else:
            refused += pairs_of_an_account(account, STANDING[state])
    print(f"\n3.9, holding account: {refused} pairs refused by the database")
    assert refused == (4 * 4 - 5) + (5 * 6 - 18 + 3)


def pairs_of_a_request(request: AccountRequest) -> int:
    others = [each for each in AccountRequest.State.values if each != request.state]
    illegal = [each for each in others if f"{request.state}>{each}" not in PAIRS]
    for target in illegal:
        said = refusal_of(f"UPDATE kyc_request SET state = '{target}' WHERE id = {request.pk}")
        assert "knows no way" in said, (request.state, target, said)
    return len(illegal)


def pairs_of_an_account(account: Account, standing: str) -> int:
    """With whatever rows beside it would make the pair look right. Out of a closure an account goes
    back to where it stood alone, here to open."""
    illegal = 0
    for target in {*STANDING.values()} - {standing}:
        back = standing == "closure_pending" and target not in {"open", "closed"}
        if f"{standing}>{target}" in STANDING_PAIRS and not back:
            continue
        illegal += 1
        change = "closed_at = cdm_now()" if target == "closed" else (
            f"standing = '{target}', closed_at = NULL"
        )
        beside = [END.format("withdrawn", 9)] if back else [
            closure(account_id=str(account.pk), outcome="'closed'", decided_by="9",
                    decided_at="cdm_now()")
        ] if target == "closed" else []
        said = refusal_of(
            *beside, f"UPDATE registry_account SET {change} WHERE id = {account.pk}"
        )
        why = ("does not become", "is asked for", "decided before")
        assert any(each in said for each in why), (standing, target, said)
    return illegal

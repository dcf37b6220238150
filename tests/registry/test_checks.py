"""Every numbered check accepts what it should and refuses what it should, with its own code."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cdm_portal.refusals import Refused
from registry import actions, checks, queries
from registry import sql as ledger_sql
from registry.serials import Unreadable
from tests.registry.check_cases import (
    OTHER_ADMIN,
    Case,
    N,
    abroad,
    approves,
    authorises,
    cancels,
    closed,
    due,
    executes,
    expired,
    freeze,
    frozen,
    half_frozen,
    half_offered,
    half_reserved,
    held,
    holds,
    member,
    moves,
    named,
    names,
    number,
    opened,
    parse,
    pends,
    rejects,
    releases,
    seated,
    shattered,
    stopped,
    tampered,
    then,
    trusted,
    trusts,
    unauthorised,
    verb,
    waiting,
)  # fmt: skip
from tests.registry.ledger import ADMIN, BOARD, RIVAL, SECOND, SELLER, Ledger
from tests.registry.standing_cases import STANDING

ONE = parse(N.format(1))
BLOCK = parse(N.format("1-9"))
API = "tests/registry/test_api_proposals.py"


def freed(b: Ledger) -> object:
    return b.proposal(1, from_account_id=held(b).pk, to_account_id=2)


CASES: dict[str, tuple[Case, Case]] = {
    "R101": (ONE, parse("KE-5-A-2-2-0-95001")),
    "R102": (ONE, parse("KE-5-1 -2-2-0-95001")),
    "R103": (BLOCK, parse(N.format("9-1"))),
    "R104": (ONE, parse(N.format(0))),
    "R105": (parse(N.format("9" * 15)), parse(N.format("9" * 16))),
    "R106": (ONE, parse("KE-5-1-2-2")),
    "R107": (parse("KE-7-1-2-2-0-1"), parse("KE-8-1-2-2-0-1")),
    "R108": (parse("KE-5-1-3-3-0-1"), parse("KE-5-1-4-4-0-1")),
    "R109": (parse("KE-5-1-2-2-0-BR-25"), parse("KE-5-1-2-2-0-12345678")),
    "R110": (parse(f"{N.format(1)} to {N.format(9)}"),
             parse(f"{N.format(1)} to UG-5-9-2-2-0-95001")),
    "R111": (parse(f"{N.format(1)} to {N.format(9)}"), parse(f"{N.format(1)} to KE-5-9-2-2-0-7")),
    "R112": (number("KE-121-1001-2-14"), number("KE-121-1001")),
    "R113": (number("KE-121-1001-2-14"), number("KE-121-1001-2-15")),
    "R121": (named(N.format(1)), named("QQ-5-1-2-2-0-95001")),
    "R122": (named(N.format(100)), named(N.format(101))),
    "R123": (named(N.format("1-100")), named(N.format("1-101"))),
    "R124": (named(N.format(1)), named("KE-5-1-2-2-0-95002")),
    "R125": (named(N.format("1-40"), lambda b: (b.issued(100, 0), b.forwarded(40))),
             named(N.format("1-41"), lambda b: (b.issued(100, 0), b.forwarded(40)))),
    "R126": (named(N.format("51-60"), half_offered), named(N.format("50-60"), half_offered)),
    "R127": (named(N.format("51-60"), half_frozen), named(N.format("50-60"), half_frozen)),
    "R128": (named(N.format("51-60"), half_reserved), named(N.format("50-60"), half_reserved)),
    "R201": (opened, lambda b: opened(b, kind=230)),
    "R202": (opened, lambda b: opened(b, name=" ")),
    "R203": (opened, lambda b: (opened(b), opened(b, name="Other"))),
    "R204": (opened, lambda b: opened(b, party_code="QQ")),
    "R205": (moves("mine", "voluntary"),
             lambda b: (held(b), b.proposal(1, from_account_id=999_999, to_account_id=2))),
    "R206": (lambda b: b.foreign(kind=300), lambda b: b.foreign(kind=250)),
    "R207": (closed, then(held, closed)),
    "R208": (closed, lambda b: (b.issued(9, 0), b.proposal(1), closed(b))),
    "R209": (closed, lambda b: closed(b, queries.pending_account())),
    "R210": (closed, lambda b: (closed(b, a := b.account()), closed(b, a))),
    "R211": (closed, lambda b: closed(b, reason=" ")),
    "R212": (lambda b: seated(b, 3), lambda b: seated(b, 4)),
    "R213": (lambda b: seated(b, 2), lambda b: seated(b, 2, again=True)),
    "R214": (then(member, lambda b, m: names(b, *m)),
             then(member, lambda b, m: names(b, b.account(), m[1]))),
    "R215": (then(lambda b: verb(b, "registry_represent", b.account().pk, 1, 1),
                  lambda b, pk: verb(b, "registry_recall", pk, 1)),
             lambda b: verb(b, "registry_recall", 999_999, 1)),
    "R217": (freed, lambda b: (closed(b, a := b.account()), b.issued(9, 0), b.proposal(1, a))),
    "R218": (lambda b: (held(b), verb(b, "registry_represent", b.account().pk, SELLER.person_id, 1),
                        cancels(b, actor=SELLER)),
             lambda b: (held(b), verb(b, "registry_represent", b.account().pk, 99, 1),
                        cancels(b, actor=SELLER))),
    "R219": (closed, then(frozen, closed)),
    "R301": (freed, lambda b: (held(b), cancels(b, 0))),
    "R302": (lambda b: (held(b), cancels(b, 100)), lambda b: (held(b), cancels(b, 101))),
    "R303": (moves("mine", "voluntary"), moves("mine", "mine")),
    "R304": (moves("mine", "voluntary"), moves("voluntary", "mine")),
    "R305": (moves("pending", "theirs"), moves("mine", "theirs")),
    "R306": (lambda b: (authorises(b), unauthorised(b)), unauthorised),
    "R307": (moves("pending", "mine"), moves("pending", "fund")),
    "R308": (shattered(3000), shattered(3001)),
    "R309": (expired(6), expired(2)),
    "R310": (lambda b: (held(b), cancels(b, actor=SELLER)),
             lambda b: (held(b), cancels(b, actor=SELLER, to_account_id=6))),
    "R312": (lambda b: b.lot(9), lambda b: (held(b), b.lots(1, account_id=4, actor=ADMIN))),
    "R313": (lambda b: holds(b, 1), lambda b: holds(b, 0)),
    "R314": (lambda b: holds(b, 100), lambda b: holds(b, 101)),
    "R315": (lambda b: holds(b, 1), lambda b: holds(b, 1, 999_999)),
    "R316": (lambda b: b.cancelled(b.lot(9), 9), lambda b: b.cancelled(b.lot(9), 10)),
    "R317": (lambda b: (holds(b, 50, lot := b.lot(100)), b.cancelled(lot, 50)),
             lambda b: (holds(b, 50, lot := b.lot(100)), b.cancelled(lot, 51))),
    "R318": (lambda b: actions.release_lot(actor=SELLER, at=b.at, lot_id=b.lot(9).pk),
             lambda b: (holds(b, 1, lot := b.lot(9)),
                        actions.release_lot(actor=SELLER, at=b.at, lot_id=lot.pk))),
    "R323": (lambda b: pends(b, mandated=True), pends),
    "R401": (then(waiting, approves), then(waiting, lambda b, p: approves(b, p, ADMIN))),
    "R402": (then(waiting, lambda b, p: approves(b, p, seen_sha256=p.sha256_hex)),
             then(waiting, lambda b, p: approves(b, p, seen_sha256="0" * 64))),
    "R403": (then(waiting, approves),
             then(waiting, lambda b, p: (rejects(b, p), approves(b, p)))),
    "R404": (then(waiting, approves),
             lambda b: actions.approve_proposal(actor=SECOND, at=b.at, proposal_id=999_999)),
    "R405": (then(waiting, rejects), then(waiting, lambda b, p: rejects(b, p, reason=" "))),
    "R406": (due, then(abroad, executes)),
    "R407": (due, then(waiting, executes)),
    "R408": (lambda b: (held(b), rejects(b, cancels(b, actor=SELLER), SELLER)),
             lambda b: (held(b), rejects(b, cancels(b, actor=SELLER), RIVAL))),
    "R409": (lambda b: b.done(trusts(b)),
             lambda b: actions.approve_measure(actor=SECOND, at=b.at, measure_id=trusts(b).pk,
                                               seen_sha256="0" * 64)),
    "R410": (lambda b: b.done(trusts(b)),
             lambda b: (b.done(m := trusts(b)), b.done(m, OTHER_ADMIN))),
    "R411": (lambda b: b.done(trusts(b)),
             lambda b: actions.approve_measure(actor=SECOND, at=b.at, measure_id=999_999)),
    "R412": (trusts, lambda b: actions.propose_measure(
        actor=ADMIN, at=b.at, verb="trust", reason=" ", account_id=b.account().pk,
        trusted_id=b.foreign().pk)),
    "R413": (trusts, lambda b: (trusts(b), trusts(b))),
    "R414": (trusts, lambda b: trusts(trusted(b))),
    "R415": (trusts, lambda b: trusts(b, of=b.account(78))),
    "R416": (lambda b: trusts(trusted(b), "distrust"), lambda b: trusts(b, "distrust")),
    "R417": (then(frozen, lambda b, a: b.measure("unfreeze", account_id=a.pk)),
             lambda b: b.measure("unfreeze", account_id=b.account().pk)),
    "R418": (lambda b: (stopped(b), b.measure("resume")), lambda b: b.measure("resume")),
    "R419": (trusts, lambda b: b.measure("conjure")),
    "R420": (lambda b: b.done(trusts(b)), lambda b: b.done(trusts(b), ADMIN)),
    "R421": (then(waiting, approves), then(waiting, lambda b, p: approves(b, p, SELLER))),
    "R501": (lambda b: (stopped(b), b.done(b.measure("resume")), held(b)),
             lambda b: (p := waiting(b), stopped(b), approves(b, p))),
    "R502": (lambda b: b.done(b.measure("unfreeze", account_id=frozen(b).pk)),
             lambda b: (held(b), frozen(b), cancels(b))),
    "R503": (lambda b: b.cancelled(b.lot(9), 1),
             lambda b: (freeze(b, block_id=(lot := b.lot(9)).block_id), b.cancelled(lot, 1))),
    "R504": (frozen, lambda b: (frozen(b), frozen(b))),
    "R505": (frozen, lambda b: freeze(b, " ", account_id=b.account().pk)),
    "R506": (stopped, lambda b: (stopped(b), stopped(b))),
    "R507": (frozen, lambda b: freeze(b, account_id=999_999)),
    "R601": (lambda b: b.released(), lambda b: releases(b, 999_999)),
    "R602": (lambda b: b.issued(9, 0), lambda b: actions.issue(at=b.at, line_id=b.line(9, 0).pk)),
    "R603": (lambda b: b.released(), lambda b: releases(b, b.released(), OTHER_ADMIN)),
    "R604": (lambda b: (b.line(9, 0, reference="A"), b.line(9, 0, reference="A")),
             lambda b: (b.line(9, 0, reference="A"), b.line(8, 0, reference="A"))),
    "R605": (lambda b: b.released(),
             lambda b: releases(b, b.line(), type(ADMIN)(BOARD.person_id, "Same", ADMIN.role))),
    "R606": (lambda b: b.released(),
             lambda b: (line := b.line(), tampered(b, "instructionline", "quantity = 999"),
                        releases(b, line))),
    "R607": (lambda b: b.line(9, 0, unit_type=6, expires_on=b.at.date()),
             lambda b: b.line(9, 0, unit_type=4, expires_on=b.at.date())),
    "R608": (lambda b: b.line(9, 0, commitment_period=1),
             lambda b: b.line(9, 0, commitment_period=9)),
    "R609": (lambda b: b.line(9, 0), lambda b: b.line(9, 0, expires_on=b.at.date())),
    "R610": (lambda b: b.line(1, 0), lambda b: b.line(0, 0)),
    "R611": (lambda b: b.line(9, 9), lambda b: b.line(9, 10)),
    "R612": (lambda b: b.line(9, 0, project_number="BR-2569"),
             lambda b: b.line(9, 0, project_number="x y")),
    "R702": (lambda b: (held(b), cancels(b, key=(k := uuid.uuid4())), cancels(b, key=k)),
             lambda b: (held(b), cancels(b, key=(k := uuid.uuid4())), cancels(b, 2, key=k))),
    "R801": (authorises, lambda b: authorises(b, letter=" ")),
    "R802": (lambda b: actions.revoke(actor=ADMIN, at=b.at, authorisation_id=authorises(b).pk,
                                      reason="Over"),
             lambda b: actions.revoke(actor=ADMIN, at=b.at, authorisation_id=999_999,
                                      reason="Over")),
    "R803": (lambda b: actions.revoke(actor=ADMIN, at=b.at, authorisation_id=authorises(b).pk,
                                      reason="Over"),
             lambda b: actions.revoke(actor=ADMIN, at=b.at, authorisation_id=authorises(b).pk,
                                      reason=" ")),
    "R804": (authorises, lambda b: authorises(b, holder_id=None)),
    **STANDING,
}  # fmt: skip

ELSEWHERE = {
    "R320": "tests/registry/attacks.py", "R321": "tests/registry/attacks_governance.py",
    "R322": "tests/registry/attacks.py", "R613": "tests/registry/attacks_import.py",
    "R614": "tests/importing/test_import.py", "R701": API, "R704": API,
    "R703": "tests/registry/test_governance.py",
}  # fmt: skip
"""Checks that no action reaches alone (guards behind a verb, headers, a race, the import)."""


@pytest.mark.parametrize("code", CASES)
def test_it_accepts_what_it_should(code: str, ledger: Ledger) -> None:
    CASES[code][0](ledger)


@pytest.mark.parametrize("code", CASES)
def test_it_refuses_what_it_should_under_its_own_code(code: str, ledger: Ledger) -> None:
    with pytest.raises((Refused, Unreadable)) as refusal:
        CASES[code][1](ledger)
    assert refusal.value.check == code, refusal.value
    assert str(refusal.value).endswith(f"({code})")


def test_no_check_stands_without_both() -> None:
    assert sorted(checks.BY_CODE) == sorted(CASES.keys() | ELSEWHERE.keys())
    assert len(checks.ALL) >= 60
    for code, path in ELSEWHERE.items():
        assert code in Path(path).read_text(encoding="utf-8"), code


def test_a_check_without_a_case_is_found() -> None:
    fewer = {code: case for code, case in CASES.items() if code != "R306"}
    assert sorted(checks.BY_CODE) != sorted(fewer.keys() | ELSEWHERE.keys())


def test_every_code_of_the_ledgers_sql_is_in_the_table() -> None:
    used = {
        code for path in ledger_sql.FOLDER.glob("*.sql")
        for code in re.findall(r"'(R\d{3})'", path.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert used <= checks.BY_CODE.keys()
    assert [key for key in checks.BY_KEY if not _exists(key)] == []


def _exists(key: str) -> bool:
    keys = (path.read_text(encoding="utf-8") for path in _sql_files())
    return any(key in text for text in keys)


def _sql_files() -> Any:
    return ledger_sql.FOLDER.glob("*.sql")


def test_everybody_reads_the_list(client: Client, db: None) -> None:
    page = client.get("/registry/checks/").content.decode()
    for check in checks.ALL:
        assert f'id="{check.code}"' in page

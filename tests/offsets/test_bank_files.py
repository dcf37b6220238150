"""Account statements from outside: a good one is read whole, a bad one is refused in one sentence.

And the structured reference, which is found in what payers write.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cdm_portal.uploads.errors import Unacceptable
from offsets import actions
from offsets.banking import entries, references, statements
from offsets.models import BankEntry, BankStatement
from tests.cast import Cast
from tests.offsets.bank_files import ACCOUNT, DAY, NAMESPACE, camt, credit, table

WANTED = entries.Wanted(ACCOUNT, "USD", DAY + timedelta(days=2), 5000)
BOMB = '<!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
BATCH = camt(credit(7, "10.00")).replace(
    b"</TxDtls>", b'<Amt Ccy="USD">4.00</Amt></TxDtls><TxDtls><Amt Ccy="USD">5.00</Amt></TxDtls>'
)

BAD: dict[str, tuple[str, bytes, str]] = {
    "another message": ("a.xml", camt(credit(1), namespace=NAMESPACE.replace("053", "054")),
                        "not of the kind camt.053"),
    "no namespace": ("a.xml", camt(credit(1)).replace(b' xmlns="', b' x="'), "not of the kind"),
    "entities": ("a.xml", camt(credit(1, text="x"), before=BOMB), "document types or entities"),
    "outside entity": ("a.xml", camt(
        credit(1), before='<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
        "document types or entities"),
    "another currency": ("a.xml", camt(credit(1, currency="EUR")), "Entry 1 is in EUR"),
    "no currency": ("a.csv", table(credit(1, currency="")), "Row 2 is in no currency"),
    "neither": ("a.xml", camt(credit(1, way="")), "neither credit nor debit"),
    "a negative amount": ("a.xml", camt(credit(1, "-5.00")), "not above zero"),
    "a debit of another account": ("a.xml", camt(credit(2, way="DBIT"), account="DE1"),
                                   "Entry 1 is of account DE1"),
    "a debit without an amount": ("a.csv", table(credit(1, "-")), "no number like"),
    "nothing": ("a.csv", table(credit(1, "0.00")), "not above zero"),
    "three decimals": ("a.csv", table(credit(1, "1.005")), "more than two decimals"),
    "no number": ("a.csv", table(credit(1, "1e308")), "no number like"),
    "twice in one file": ("a.xml", camt(credit(1), credit(2, bank="B"), credit(3, bank="B")),
                          "Entry 3 repeats entry 2"),
    "twice without a reference": (
        "a.csv", table(credit(1, bank=""), credit(1, bank="")), "Row 3 repeats row 2"),
    "another account": ("a.xml", camt(credit(1), account="DE89370400440532013000"),
                        "is of account DE89370400440532013000"),
    "not booked": ("a.xml", camt(credit(1, status="PDNG")), "not booked yet"),
    "to come": ("a.xml", camt(credit(1, day=DAY + timedelta(days=3))), "which is to come"),
    "no day": ("a.csv", table(credit(1, day="1.3.2024")), "no day like"),
    "parts": ("a.xml", BATCH, "parts do not add up"),
    "no entries": ("a.xml", camt(), "has no entries"),
    "10 MB": ("a.xml", camt(credit(1, text="x" * 10_000_000)), "10.0 MB; at most 2 MB"),
    "a long text": ("a.xml", camt(credit(1, text="x" * 601)), "more than 600 characters"),
    "no XML": ("a.xml", b"Dear bank,", "not well-formed XML"),
    "half an XML": ("a.xml", camt(credit(1))[:-20], "not well-formed XML"),
    "deep": ("a.xml", b"<a>" * 200_000, "not well-formed XML"),
    "empty": ("a.csv", b" \n", "empty"),
    "a PDF": ("a.csv", b"%PDF-1.7", "not a text file"),
    "another ending": ("a.pdf", b"%PDF-1.7", "camt.053 (.xml) or as a table"),
    "not UTF-8": ("a.csv", "é".encode("latin-1"), "not in UTF-8"),
    "a column less": ("a.csv", table(credit(1), head="account,amount"), "no column “booked_on”"),
    "a column more": ("a.csv", table(head=f"{ACCOUNT}") + b"", "no column “account”"),
    "cells missing": ("a.csv", table(credit(1)) + b"\nx,y", "Row 3 has 2 cells"),
    "an open quote": ("a.csv", table(credit(1)) + b'\n"x', "cannot be read"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_statement_is_refused_in_one_sentence(fault: str) -> None:
    name, data, words = BAD[fault]
    with pytest.raises(Unacceptable) as refused:
        statements.read(name, data, WANTED, most_mb=2)
    assert words in refused.value.reason and "\n" not in refused.value.reason
    assert list(refused.value.errors) == ["file"]


def test_both_kinds_say_the_same_of_the_same_credits() -> None:
    told = (credit(7, "60.00", text="first, half".replace(",", "")), credit(None, "0.01", name="Ä"))
    kinds = [
        statements.read("A.XML", camt(*told), WANTED, most_mb=2),
        statements.read("a.csv", table(*told), WANTED, most_mb=2),
    ]
    assert [kind for kind, _found in kinds] == ["camt053", "csv"]
    facts = [
        [(c.key, c.amount, c.booked_on, c.reference, c.text, c.debtor_name, c.debtor_iban)
         for c in found]
        for _kind, found in kinds
    ]
    assert facts[0] == facts[1] and len(facts[0]) == 2
    whole = BATCH.replace(b"5.00", b"6.00")
    _kind, parts = statements.read("a.xml", whole, WANTED, most_mb=2)
    assert [str(part.amount) for part in parts] == ["4.00", "6.00"]
    assert len({part.key for part in parts}) == 2


def test_what_left_the_account_is_passed_over_and_the_credits_are_kept(
    cast: Cast, at: Any
) -> None:
    back = camt(credit(1, bank="A"), credit(2, bank="B"), credit(1, bank="A")).replace(
        b"CRDT", b"DBIT", 1)
    whole, _, last = back.rpartition(b"</CdtDbtInd>")
    files = {
        "a.xml": whole + b"</CdtDbtInd><RvslInd>true</RvslInd>" + last,
        "a.csv": table(credit(3, "-5.00"), credit(4, "6.00"), credit(4, "-6.00")),
    }
    places = {"a.xml": ("Entry 1", "Entry 3"), "a.csv": ("Row 2", "Row 4")}
    for name, data in files.items():
        for fresh in (1, 0):
            told = actions.import_statement(actor=cast.secretariat, at=at, name=name, data=data)
            assert (told.fresh, told.passed, told.statement.entries) == (fresh, places[name], 1)
    assert [str(each.amount) for each in BankEntry.objects.all()] == ["81.60", "6.00"]


def test_nothing_is_kept_of_a_file_with_one_fault(
    cast: Cast, at: Any, nothing_written: Any
) -> None:
    data = camt(credit(1), credit(2), credit(3, currency="EUR"))
    with nothing_written(), pytest.raises(Unacceptable):
        actions.import_statement(actor=cast.secretariat, at=at, name="a.xml", data=data)
    assert (BankStatement.objects.count(), BankEntry.objects.count()) == (0, 0)


def test_the_banks_reference_with_another_amount_is_refused(cast: Cast, at: Any) -> None:
    def bring(amount: str) -> Any:
        return actions.import_statement(
            actor=cast.secretariat, at=at, name="a.xml", data=camt(credit(1, amount, bank="B"))
        )

    assert bring("5.00").fresh == 1
    with pytest.raises(Unacceptable, match="kept with another amount"):
        bring("6.00")


def test_a_reference_is_read_as_payers_write_it_and_one_wrong_digit_is_found() -> None:
    one = references.of_order(12345)
    assert (one, references.shown(one)) == ("RF45CDM00012345", "RF45 CDM0 0012 345")
    assert references.is_valid("RF18539007547034"), "the example of the standard's summaries"
    for text in (one, one.lower(), f"Invoice {references.shown(one)} of 2026", f"x/{one}/2026",
                 "RF45-CDM0-0012-345", f"{one} {one}"):
        assert references.order_of(text) == 12345, text
    wrong = {
        f"{one[:place]}{digit}{one[place + 1:]}"
        for place in (2, 3, *range(7, 15)) for digit in "0123456789"
    } - {one}
    assert [text for text in wrong if references.order_of(text) is not None] == []
    assert references.order_of(f"{one} or {references.of_order(12346)}") is None

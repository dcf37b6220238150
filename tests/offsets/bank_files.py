"""Account statements as tests write them: camt.053 and CSV, right unless a test says otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from offsets.banking import references

ACCOUNT = "GB33BUKB20201555555555"
DAY = date(2024, 3, 1)
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
PAYER = "DE89370400440532013000"


def credit(order: int | None = None, amount: str = "81.60", **changes: Any) -> dict[str, Any]:
    """One credit; `order` is quoted by its structured reference."""
    return {
        "amount": amount, "currency": "USD", "way": "CRDT", "day": DAY, "text": "",
        "reference": references.of_order(order) if order else "", "name": "Kijani Bank Ltd",
        "iban": PAYER, "bank": f"BK-{order}-{amount}", "status": "BOOK",
    } | changes


def camt(*came: dict[str, Any], account: str = ACCOUNT, namespace: str = NAMESPACE,
         before: str = "") -> bytes:
    """A statement as a bank sends it."""
    entries = "".join(_entry(each) for each in came)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<Document xmlns="{namespace}">'
        f"<BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>{account}</IBAN></Id></Acct>{entries}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _entry(of: dict[str, Any]) -> str:
    strd = f"<Strd><CdtrRefInf><Ref>{of['reference']}</Ref></CdtrRefInf></Strd>"
    return (
        f'<Ntry><Amt Ccy="{of["currency"]}">{of["amount"]}</Amt>'
        f"<CdtDbtInd>{of['way']}</CdtDbtInd><Sts><Cd>{of['status']}</Cd></Sts>"
        f"<BookgDt><Dt>{of['day']}</Dt></BookgDt><AcctSvcrRef>{of['bank']}</AcctSvcrRef>"
        "<NtryDtls><TxDtls><RltdPties>"
        f"<Dbtr><Pty><Nm>{escape(of['name'])}</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{of['iban']}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf>{strd if of['reference'] else ''}<Ustrd>{escape(of['text'])}</Ustrd></RmtInf>"
        "</TxDtls></NtryDtls></Ntry>"
    )


HEAD = "account,booked_on,amount,currency,bank_reference,reference,text,debtor_name,debtor_account"


def table(*came: dict[str, Any], account: str = ACCOUNT, head: str = HEAD) -> bytes:
    """The same as a table with the declared columns."""
    rows = [
        f"{account},{c['day']},{c['amount']},{c['currency']},{c['bank']},{c['reference']},"
        f"{c['text']},{c['name']},{c['iban']}"
        for c in came
    ]
    return "\n".join([head, *rows]).encode()

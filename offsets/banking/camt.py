"""Account statements as banks send them: ISO 20022, camt.053. Pure.

Document types, entities and outside references are refused before anything is read. What the
elements mean is unverified, from general knowledge of the message definition.
"""

import re
from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from cdm_portal.uploads.errors import Unacceptable
from offsets.banking.entries import Credit, amount, day

NAMESPACE = re.compile(r"\{(urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d\d)\}Document")


def read(data: bytes) -> list[Credit]:
    """The entries of every statement in the file. Raises Unacceptable with one sentence."""
    root = _root(data)
    found = NAMESPACE.fullmatch(root.tag)
    if found is None:
        raise Unacceptable("The XML is no account statement: it is not of the kind camt.053.001.")
    space = {"c": found.group(1)}
    came: list[Credit] = []
    place = 0
    for statement in root.findall("c:BkToCstmrStmt/c:Stmt", space):
        account = _text(statement, "c:Acct/c:Id/c:IBAN", space)
        for entry in statement.findall("c:Ntry", space):
            place += 1
            came += _Entry(entry, space, account, f"Entry {place}").parts()
    return came


def _root(data: bytes) -> Element:
    try:
        root: Element = ElementTree.fromstring(
            data, forbid_dtd=True, forbid_entities=True, forbid_external=True
        )
    except DefusedXmlException:
        raise Unacceptable(
            "The XML declares document types or entities; that is refused."
        ) from None
    except (ParseError, LookupError, ValueError):
        raise Unacceptable("The file is not well-formed XML.") from None
    return root


def _text(within: Element, path: str, space: dict[str, str]) -> str:
    found = within.find(path, space)
    return " ".join((found.text or "").split()) if found is not None else ""


class _Entry:
    """One entry of a statement: a credit, or a batch of credits that add up to it."""

    def __init__(self, entry: Element, space: dict[str, str], account: str, place: str) -> None:
        self.entry, self.space, self.account, self.place = entry, space, account, place
        self.reference = self._get("c:AcctSvcrRef") or self._get("c:NtryRef")
        self.booked_on = day(place, self._get("c:BookgDt/c:Dt") or self._get("c:BookgDt/c:DtTm"))

    def _get(self, path: str) -> str:
        return _text(self.entry, path, self.space)

    def parts(self) -> list[Credit]:
        """Its credits; a debit or reversal as one, to be passed over. Raises Unacceptable."""
        way = self._get("c:CdtDbtInd")
        if way not in {"CRDT", "DBIT"}:
            raise Unacceptable(f"{self.place} is neither credit nor debit.")
        over = way == "DBIT" or self._get("c:RvslInd") in {"true", "1"}
        if (self._get("c:Sts/c:Cd") or self._get("c:Sts")) not in {"BOOK", ""}:
            raise Unacceptable(f"{self.place} is not booked yet. Import it once it is.")
        whole, currency = self._amount(self.entry, "c:Amt", self.place)
        told = self.entry.findall("c:NtryDtls/c:TxDtls", self.space)
        if over or len(told) < 2:
            one = told[0] if told else self.entry
            found = self._credit(one, self.place, whole, currency, self.reference)
            return [replace(found, passed_over=over)]
        return self._batch(told, whole)

    def _batch(self, parts: list[Element], whole: Decimal) -> list[Credit]:
        found = []
        for n, part in enumerate(parts, 1):
            place = f"{self.place}, part {n}"
            path = "c:Amt" if part.find("c:Amt", self.space) is not None else (
                "c:AmtDtls/c:TxAmt/c:Amt"
            )
            value, currency = self._amount(part, path, place)
            own = _text(part, "c:Refs/c:AcctSvcrRef", self.space)
            fallback = f"{self.reference}/{n}" if self.reference else ""
            found.append(self._credit(part, place, value, currency, own or fallback))
        if sum(each.amount for each in found) != whole:
            raise Unacceptable(f"{self.place}: its parts do not add up to its amount.")
        return found

    def _amount(self, within: Element, path: str, place: str) -> tuple[Decimal, str]:
        found = within.find(path, self.space)
        if found is None:
            raise Unacceptable(f"{place} has no amount.")
        return amount(place, (found.text or "").strip()), found.get("Ccy", "")

    def _credit(
        self, part: Element, place: str, value: Decimal, currency: str, bank: str
    ) -> Credit:
        def get(*paths: str) -> str:
            return next((said for path in paths if (said := _text(part, path, self.space))), "")

        notes = part.findall("c:RmtInf/c:Ustrd", self.space)
        return Credit(
            place=place, account=self.account, booked_on=self.booked_on, amount=value,
            currency=currency, reference=get("c:RmtInf/c:Strd/c:CdtrRefInf/c:Ref"),
            text=" ".join(" ".join((note.text or "").split()) for note in notes),
            debtor_name=get("c:RltdPties/c:Dbtr/c:Nm", "c:RltdPties/c:Dbtr/c:Pty/c:Nm"),
            debtor_iban=get("c:RltdPties/c:DbtrAcct/c:Id/c:IBAN"), bank_reference=bank,
        )

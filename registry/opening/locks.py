"""Locks on requests for accounts: the request first, then what the ledger's verbs lock."""

from registry.errors import UnknownRequest
from registry.opening.models import AccountRequest, EvidenceItem


def request(pk: int) -> AccountRequest:
    """A request, locked until the transaction ends. Raises UnknownRequest."""
    found = AccountRequest.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise UnknownRequest("There is no such request.")
    return found


def item(of: AccountRequest, key: str) -> EvidenceItem:
    """An item of the evidence of a locked request. Raises UnknownRequest for another key."""
    found = EvidenceItem.objects.select_for_update().filter(request=of, key=key).first()
    if found is None:
        raise UnknownRequest("There is no such item.")
    return found

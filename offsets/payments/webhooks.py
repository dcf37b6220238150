"""Where providers' messages come in: over HTTP, or handed over by the sandbox's own page."""

from collections.abc import Mapping
from datetime import datetime

from offsets import actions
from offsets.payments import providers


def receive(provider: str, raw: bytes, headers: Mapping[str, str], at: datetime) -> bool:
    """Check a raw message's signature and let the shop look at the payment that it names.

    Answers False for a message that came before, or is no matter of ours. Raises ProviderOff,
    BadEvent (nothing is kept of a message whose signature does not hold), UnknownPayment, or
    ProviderDown (nothing is kept either: the provider sends it again).
    """
    event = providers.known(provider).parse_event(raw, headers, at)
    if event is None:
        return False
    return actions.receive_event(at=at, provider=provider, event=event)

"""What others may tell about a cancellation: who it was for, why, and by which certificate.

The registry knows no names. Whoever does adds a teller at start (the roof, for the shop); a teller
tells only what its owner chose to make public.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What may be known of who cancelled units. An empty name is one that is withheld."""

    name: str
    reason: str
    certificate: str
    url: str
    sandbox: bool = False


Teller = Callable[[int], Told | None]
tellers: list[Teller] = []


def about(cancellation_id: int) -> Told | None:
    """What the first teller who knows of a cancellation may tell of it."""
    for teller in tellers:
        if (told := teller(cancellation_id)) is not None:
            return told
    return None

"""How the table of access is read: by route, by member of the cast."""

from __future__ import annotations

from tests.architecture.access_table import ACCESS, CAST


def row(route: str) -> str:
    """The key under which a route stands: its own name, or its kind for a class of the admin."""
    if route.startswith("admin:") and route not in ACCESS:
        return f"admin:*_{route.rpartition('_')[2]}"
    return route


def answers(spelled: str) -> dict[str, str]:
    """A row read out: the answer to each member of the cast and to the anonymous visitor."""
    visitor, members, *others = spelled.split()
    answered = {"anonymous": visitor, **dict.fromkeys(CAST, members)}
    for other in others:
        name, _, answer = other.partition("=")
        if name not in answered:
            raise KeyError(name)
        answered[name] = answer
    return answered


def missing(routes: list[str], table: dict[str, tuple[str, str]]) -> list[str]:
    """The routes of which the table says nothing."""
    return [route for route in routes if row(route) not in table]

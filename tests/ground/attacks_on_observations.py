"""What an insider may try on a DOE's audit, past the actions; see attacks.py."""

from __future__ import annotations

from tests.ground.attacks import Attack, named, put, trigger

TABLE, CASE = "doe_observation", "doe_verification"


def observed(
    kind: str = "record", outcome: str = "agrees", text: str = "", state: str = "verifying",
    version: int = 1,
) -> str:
    """A word on a record or check of a verification in a state."""
    return (
        f"INSERT INTO {TABLE} (id, verification_id, kind, version, key, outcome, text, author_name,"
        f" at) SELECT -1, min(id), '{kind}', {version}, '2:EG_export', '{outcome}', '{text}', 'x',"
        f" now() FROM {CASE} WHERE state = '{state}'"
    )


OBSERVED: tuple[Attack, ...] = (
    trigger(TABLE, "while_open", observed(state="certified"), "nothing more is observed"),
    named(TABLE, "observation_says_what_differs", observed(outcome="differs")),
    named(TABLE, f"{TABLE}_version_check", observed(version=-1)),
    named(CASE, "certified_when_settled", put(
        CASE, "state = 'certified', decided_at = now(), unsettled = '[1]'", "state = 'verifying'"
    )),
)

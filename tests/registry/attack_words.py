"""The words in which attacks are told: rows written past the verbs, and what refuses them.

The state that they attack (`assault` in conftest.py), Party KE, holder's account A:

    issuance 1 to 1000 (project 95001): [1-300] in A on offer, lot ONE, 1-10 and 11-30 cancelled ·
    [301-340] cancelled, lot TWO, whose tail [341-400] was released · [341-390], on offer once by
    lot THREE, [391-400] and [401-600] in A · [601-630] reserved for the one proposal that waits,
    [631-980] pending · [981-1000] Adaptation Fund
    issuance 1001 to 1100 (project 95002) pending · one line open, one released
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import DatabaseError, transaction

from tests.registry.ledger import settle, sql

ISSUANCE = "(SELECT id FROM registry_issuance WHERE party_id = 'KE' AND lo = 1)"
OTHER_ISSUANCE = "(SELECT id FROM registry_issuance WHERE party_id = 'KE' AND lo = 1001)"
ONE = "(SELECT id FROM registry_lot WHERE lo = 1)"
TWO = "(SELECT id FROM registry_lot WHERE lo = 301)"
THREE = "(SELECT id FROM registry_lot WHERE lo = 341)"
A = "(SELECT id FROM registry_account WHERE holder_id = 77)"
TX = "(SELECT min(id) FROM registry_transaction)"
OPEN_LINE = "(SELECT min(id) FROM registry_instructionline WHERE releaser IS NULL)"
WAITING = "(SELECT id FROM registry_proposal WHERE state = 'proposed')"
NOW = "registry_xid(), cdm_now(), cdm_now(), ''"


def block(lo: int) -> str:
    """The block of Kenya that begins at `lo`."""
    return f"(SELECT id FROM registry_block WHERE lo = {lo})"


def cancel(
    s: int, e: int, kind: str = "c", lot: str = ONE, lo: int = 1, hi: int = 300,
    key: str = "gen_random_uuid()", stamp: str = NOW,
) -> str:
    """A row written past the verb."""
    return (
        "INSERT INTO registry_cancellation (lot_id, lot_lo, lot_hi, s, e, kind, buyer, key, xid,"
        f" at, effective_at, leaf)"
        f" VALUES ({lot}, {lo}, {hi}, {s}, {e}, '{kind}', 9, {key}, {stamp})"
    )


def insert_block(
    lo: int, hi: int, i_lo: int = 1, i_hi: int = 1000, account: str = "3", issuance: str = ISSUANCE
) -> str:
    """A block out of nothing."""
    return (
        "INSERT INTO registry_block (issuance_id, i_lo, i_hi, lo, hi, account_id)"
        f" VALUES ({issuance}, {i_lo}, {i_hi}, {lo}, {hi}, {account})"
    )


def insert_lot(
    at: str, lo: int, hi: int, issuance: str = ISSUANCE, tx: str = TX, rest: str = ""
) -> str:
    """A lot past the verb."""
    columns, values = ("", "") if not rest else rest.split("=")
    return (
        "INSERT INTO registry_lot (issuance_id, block_id, tx_id, lo, hi, kept_hi, next_serial"
        f"{columns}) VALUES ({issuance}, {at}, {tx}, {lo}, {hi}, {hi}, {lo}{values})"
    )


def insert_issuance(
    lo: int, hi: int, *, line: str = OPEN_LINE, party: str = "KE", unit_type: int = 5,
    expires: str = "NULL", tx: str = TX, blocks: bool = True,
) -> str:
    """An issuance past the verb, with its block unless told otherwise."""
    made = (
        "INSERT INTO registry_issuance (tx_id, party_id, lo, hi, unit_type, original_cp,"
        " applicable_cp, lulucf, project_number, line_id, expires_on, effective_at, xid, at, leaf)"
        f" VALUES ({tx}, '{party}', {lo}, {hi}, {unit_type}, 2, 2, 0, '95001', {line}, {expires},"
        " cdm_now(), 0, cdm_now(), '')"
    )
    if not blocks:
        return made
    return f"WITH i AS ({made} RETURNING id) " + insert_block(
        lo, hi, lo, hi, issuance="(SELECT id FROM i)"
    )


def insert_transaction(
    verb: str = "freeze", initiator: str = "1", approver: str = "NULL",
    key: str = "gen_random_uuid()",
) -> str:
    """A booking past the verbs."""
    return (
        "INSERT INTO registry_transaction (key, verb, request_sha256, facts, initiator, approver,"
        f" effective_at, xid, at, leaf) VALUES ({key}, '{verb}', '', '{{}}', {initiator},"
        f" {approver}, cdm_now(), 0, cdm_now(), '')"
    )


def insert_posting(
    tx: str = TX, cancellation: str = "NULL", issuance: str = ISSUANCE, lo: int = 1, hi: int = 1,
    dr: int = 3, cr: int = 4,
) -> str:
    """A posting past the verbs."""
    return (
        "INSERT INTO registry_posting (tx_id, cancellation_id, issuance_id, lo, hi, dr, cr)"
        f" VALUES ({tx}, {cancellation}, {issuance}, {lo}, {hi}, {dr}, {cr})"
    )


def insert_line(**changes: str) -> str:
    """A line of an instruction past the verb."""
    row = {
        "key": "gen_random_uuid()", "project_number": "'95001'", "reference": "'X'",
        "party_id": "'KE'", "unit_type": "5", "commitment_period": "2", "quantity": "10",
        "share_of_proceeds": "0", "sha256": "''", "initiator": "3", "at": "cdm_now()",
    } | changes  # fmt: skip
    return (
        f"INSERT INTO registry_instructionline ({', '.join(row)})"
        f" VALUES ({', '.join(row.values())})"
    )


def insert_proposal(**changes: str) -> str:
    """A proposal past the verb."""
    row = {
        "key": "gen_random_uuid()", "verb": "'forward'", "project_number": "'95001'",
        "unit_type": "5", "quantity": "1", "from_account_id": "3", "to_account_id": A,
        "sha256": "''", "initiator": "1", "at": "cdm_now()", "state": "'proposed'", "reason": "''",
    } | changes  # fmt: skip
    return f"INSERT INTO registry_proposal ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def insert_account(**changes: str) -> str:
    """An account past the verb; the number fits unless it is given."""
    row = {
        "id": "5000", "number": "registry_account_number('KE', 121, 5000)", "kind": "121",
        "party_id": "'KE'", "holder_id": "79", "name": "'X'", "adaptation_fund": "false",
    } | changes  # fmt: skip
    return f"INSERT INTO registry_account ({', '.join(row)}) VALUES ({', '.join(row.values())})"


DECIDE = (
    f"UPDATE registry_proposal SET state = 'executed', decided_by = {{by}}, decided_at = cdm_now(),"
    f" tx_id = {{tx}} WHERE id = {WAITING}"
)


@dataclass(frozen=True)
class Attack:
    """Statements, the SQLSTATE and the wall (constraint, index or `trigger`) that refuse them.

    `then` is the second wall, which stands when the first is down; None when nothing else stands.
    """

    name: str
    statements: str
    state: str
    table: str
    wall: str
    says: str = ""
    then: str | None = None

    @property
    def said(self) -> str:
        """What the error names."""
        return self.says or self.wall


def on(table: str, *entries: tuple[str, ...]) -> tuple[Attack, ...]:
    """Attacks on one table: name, statements, state, wall[, then]."""
    return tuple(
        Attack(e[0], e[1], e[2], f"registry_{table}", f"registry_{table}_{e[3]}",
               then=e[4] if len(e) > 4 else None)
        for e in entries
    )  # fmt: skip


def by_trigger(
    table: str, trigger: str, says: str, *entries: tuple[str, ...]
) -> tuple[Attack, ...]:
    """Attacks that a trigger refuses: name, statements, state[, then]."""
    return tuple(
        Attack(e[0], e[1], e[2], f"registry_{table}", trigger, says, e[3] if len(e) > 3 else None)
        for e in entries
    )


def run(attack: Attack) -> None:
    """Its statements, one after the other."""
    for statement in attack.statements.split(";"):
        sql(statement)


def take_down(table: str, wall: str) -> None:
    """Drop a constraint, a unique index or a trigger, whatever bears the name."""
    if sql("SELECT 1 FROM pg_constraint WHERE conname = %s", wall):
        sql(f"ALTER TABLE {table} DROP CONSTRAINT {wall} CASCADE")
    elif sql("SELECT 1 FROM pg_class WHERE relname = %s AND relkind = 'i'", wall):
        sql(f"DROP INDEX {wall}")
    else:
        sql(f"DROP TRIGGER {wall} ON {table}")


def passes_or_meets_the_second(attack: Attack) -> None:
    """With its wall down, an attack goes through or is refused by the wall behind."""
    take_down(attack.table, attack.wall)
    try:
        with transaction.atomic():
            run(attack)
            settle()
    except DatabaseError as error:
        assert error.__cause__.diag.constraint_name == attack.then, error
    else:
        assert attack.then is None

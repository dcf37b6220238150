"""Blocks by the million, set-based, for measuring how reading grows.

Written by a superuser with the triggers and foreign keys off, into a database that is thrown away:
this is a load, not a ledger. Its shape is that of the published CDM: Parties with one line of
serials each, issuances on it without a gap, blocks that are the exact partition of each, every
second block cancelled by a lot of its own.
"""

from __future__ import annotations

from typing import Any

PARTIES = 80
UNITS = 1000
"""Units of a block; blocks of one issuance follow each other without a gap."""
AT = "timestamptz '2016-05-12 09:00Z'"

ISSUED = f"""
INSERT INTO registry_instructionline (id, key, project_number, reference, party_id, unit_type,
  commitment_period, quantity, share_of_proceeds, sha256, initiator, at, releaser, released_at)
SELECT i, uuidv7(), (mod(i, 3700) + 1)::text, 'LOAD ' || i, parties[mod(i, {PARTIES}) + 1], 5, 2,
  %(each)s * {UNITS}, 0, '\\x00', 0, {AT}, 1, {AT}
FROM generate_series(1, %(issuances)s) AS i, (
  SELECT array_agg(code::text ORDER BY code) AS parties FROM registry_party WHERE NOT annex_i) p;
INSERT INTO registry_transaction (id, key, verb, request_sha256, facts, initiator, approver, xid,
  at, effective_at, leaf)
SELECT id, key, 'issue', sha256, '{{}}', 0, 1, 1, at, at + id * interval '1 hour', '\\x00'
FROM registry_instructionline;
INSERT INTO registry_issuance (id, tx_id, party_id, lo, hi, unit_type, original_cp, applicable_cp,
  lulucf, project_number, line_id, xid, at, effective_at, leaf)
SELECT id, id, party_id, (nth - 1) * quantity + 1, nth * quantity, 5, 2, 2, 0, project_number, id,
  1, at, at + id * interval '1 hour', '\\x00'
FROM (SELECT *, row_number() OVER (PARTITION BY party_id ORDER BY id) AS nth
      FROM registry_instructionline) l;
INSERT INTO registry_posting (id, tx_id, issuance_id, lo, hi, dr, cr)
SELECT id, tx_id, id, lo, hi, 1, 3 FROM registry_issuance;
UPDATE registry_party p SET next_serial = i.upto + 1
FROM (SELECT party_id, max(hi) AS upto FROM registry_issuance GROUP BY 1) i
WHERE i.party_id = p.code;
"""

BLOCKS = f"""
INSERT INTO registry_block (id, issuance_id, party_id, i_lo, i_hi, lo, hi, account_id)
SELECT (i.id - 1) * %(each)s + n, i.id, i.party_id, i.lo, i.hi, i.lo + (n - 1) * {UNITS},
  i.lo + n * {UNITS} - 1, CASE mod(n, 2) WHEN 0 THEN 2 ELSE 3 END
FROM registry_issuance i, generate_series(1, %(each)s) AS n
"""

GONE = """
INSERT INTO registry_transaction (id, key, verb, request_sha256, facts, initiator, approver, xid,
  at, effective_at, leaf)
SELECT 1000000000 + b.id, uuidv7(), 'cancel', '\\x00', '{"platform": true}', 0, 1, 1, i.at,
  i.effective_at + b.id * interval '1 second', '\\x00'
FROM registry_block b JOIN registry_issuance i ON i.id = b.issuance_id WHERE b.account_id = 2;
INSERT INTO registry_lot (id, issuance_id, block_id, tx_id, lo, hi, kept_hi, next_serial, end_key)
SELECT id, issuance_id, id, 1000000000 + id, lo, hi, hi, hi + 1, hi + 1
FROM registry_block WHERE account_id = 2;
INSERT INTO registry_cancellation (id, lot_id, lot_lo, lot_hi, s, e, kind, buyer, key, tx_id, xid,
  at, effective_at, leaf)
SELECT l.id, l.id, l.lo, l.hi, l.lo, l.hi, 'c', 0, uuidv7(), l.tx_id, 1, t.at, t.effective_at,
  '\\x00'
FROM registry_lot l JOIN registry_transaction t ON t.id = l.tx_id;
INSERT INTO registry_posting (id, cancellation_id, issuance_id, lo, hi, dr, cr)
SELECT 1000000000 + id, id, issuance_id, lo, hi, 3, 2 FROM registry_lot;
"""

LEAN = """
ALTER TABLE registry_block DROP CONSTRAINT registry_block_nxt CASCADE,
  DROP CONSTRAINT registry_block_bounds_key CASCADE;
DROP INDEX registry_block_account, registry_block_serial
"""
LEAN_END = "CREATE INDEX registry_block_serial ON registry_block (party_id, lo)"
"""Indexes that a look-up does not use are left out of the largest loads, the one it uses is built
at the end: as good as, and quicker than, one that grew."""

TABLES = ("instructionline", "transaction", "issuance", "block", "lot", "cancellation", "posting")


def sweep(cursor: Any) -> None:
    """Remove what rolled back tests have left in the database that this one is a copy of: entries
    that lead nowhere share a posting list of the index with one that leads to a block, so that no
    scan may forget them, and each costs a page. Afterwards `fill` alone counts the tables."""
    for table in TABLES:
        cursor.execute(f"VACUUM registry_{table}")
        cursor.execute(f"ALTER TABLE registry_{table} SET (autovacuum_enabled = off)")


def fill(cursor: Any, *, issuances: int, each: int, lean: bool = False) -> None:
    """Make `issuances` times `each` blocks; every second one cancelled, unless it is to be lean:
    then there are blocks and nothing else. The cursor is a superuser's."""
    values = {"issuances": issuances, "each": each}
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(ISSUED % values)
    if lean:
        cursor.execute(LEAN)
    cursor.execute(BLOCKS % values)
    cursor.execute(LEAN_END if lean else GONE)
    cursor.execute("SET session_replication_role = origin")
    for table in TABLES:
        cursor.execute(f"ANALYZE registry_{table}")

"""What the rows of record say, as the text whose SHA-256 is their leaf: plain SELECTs of our own.

They share nothing with the stamps that wrote the leaves (registry/sql/leaves.sql) nor with the
signer's check (seal.sql), so that each finds a fault of the other. Each answers id, xid, leaf,
record. A row with postings that it should not have gets a text that no leaf matches.
"""

_AT = """'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"""

TRANSACTION = f"""
    SELECT t.id, t.xid, t.leaf, jsonb_build_array('transaction', t.id, t.key, t.verb,
      encode(t.request_sha256, 'hex'), t.facts, t.initiator, t.approver, t.xid,
      to_char(t.at AT TIME ZONE 'UTC', {_AT}), to_char(t.effective_at AT TIME ZONE 'UTC', {_AT}),
      coalesce(p.moved, '[]'))::text AS record
    FROM registry_transaction t LEFT JOIN (
      SELECT tx_id, jsonb_agg(jsonb_build_array(id, issuance_id, lo, hi, dr, cr) ORDER BY id)
        AS moved FROM registry_posting WHERE tx_id IS NOT NULL GROUP BY tx_id) p
      ON p.tx_id = t.id"""  # noqa: S608 # constants of this file

ISSUANCE = f"""
    SELECT i.id, i.xid, i.leaf, jsonb_build_array('issuance', i.id, i.tx_id, i.party_id, i.lo, i.hi,
      i.unit_type, i.original_cp, i.applicable_cp, i.lulucf, i.project_number, i.line_id,
      i.expires_on, i.xid, to_char(i.at AT TIME ZONE 'UTC', {_AT}),
      to_char(i.effective_at AT TIME ZONE 'UTC', {_AT}))::text AS record
    FROM registry_issuance i"""  # noqa: S608 # constants of this file

CANCELLATION = f"""
    SELECT c.id, c.xid, c.leaf, jsonb_build_array('cancellation', c.id, c.lot_id, c.lot_lo,
      c.lot_hi, c.s, c.e, c.kind, c.buyer, c.key, encode(c.beneficiary_hmac, 'hex'), c.tx_id,
      c.xid, to_char(c.at AT TIME ZONE 'UTC', {_AT}),
      to_char(c.effective_at AT TIME ZONE 'UTC', {_AT}),
      CASE p.postings WHEN 1 THEN p.moved -> 0 ELSE p.moved END)::text AS record
    FROM registry_cancellation c LEFT JOIN (
      SELECT cancellation_id, count(*) AS postings,
        jsonb_agg(jsonb_build_array(id, issuance_id, lo, hi, dr, cr) ORDER BY id) AS moved
      FROM registry_posting WHERE cancellation_id IS NOT NULL GROUP BY cancellation_id) p
      ON p.cancellation_id = c.id"""  # noqa: S608 # constants of this file

BY_KIND = {"transaction": TRANSACTION, "issuance": ISSUANCE, "cancellation": CANCELLATION}

ALL = " UNION ALL ".join(
    f"SELECT '{kind}' AS kind, id, xid, leaf, record FROM ({sql}) AS of_{kind}"  # noqa: S608
    for kind, sql in BY_KIND.items()
)
"""Every row of record: kind, id, xid, leaf, record."""

UNSEALED = " UNION ALL ".join(
    f"SELECT '{kind}' AS kind, id, xid, at FROM registry_{kind} WHERE xid >= %(since)s"  # noqa: S608
    for kind in BY_KIND
)
"""What was written by transactions not yet below the horizon of the last seal."""

"""The queries of the invariants: code, sentence, SQL for the rows that offend it. No code but
SQL."""

# "Held" is what stands in accounts that can still be left, less what was sold of lots that stand
# there; "cancelled" is summed from the lots' chains. So the three are counted in three tables.
TOTALS = """
    WITH issued AS (
      SELECT party_id, unit_type, applicable_cp, sum(hi - lo + 1) AS units
      FROM registry_issuance GROUP BY 1, 2, 3),
    chained AS (
      SELECT l.issuance_id, l.block_id, sum(c.e - c.s + 1) AS units
      FROM registry_cancellation c JOIN registry_lot l ON l.id = c.lot_id
      WHERE c.kind = 'c' GROUP BY 1, 2),
    cancelled AS (
      SELECT i.party_id, i.unit_type, i.applicable_cp, sum(c.units) AS units
      FROM chained c JOIN registry_issuance i ON i.id = c.issuance_id GROUP BY 1, 2, 3),
    held AS (
      SELECT i.party_id, i.unit_type, i.applicable_cp,
             sum(b.hi - b.lo + 1 - coalesce(c.units, 0)) AS units
      FROM registry_block b JOIN registry_issuance i ON i.id = b.issuance_id
      JOIN registry_account a ON a.id = b.account_id
      LEFT JOIN chained c ON c.block_id = b.id
      WHERE a.kind NOT BETWEEN 210 AND 300 AND a.kind NOT IN (411, 421, 422, 423)
      GROUP BY 1, 2, 3)
    SELECT party_id AS party, unit_type, applicable_cp AS commitment_period,
           coalesce(issued.units, 0)::bigint AS issued, coalesce(held.units, 0)::bigint AS held,
           coalesce(cancelled.units, 0)::bigint AS cancelled
    FROM issued FULL JOIN held USING (party_id, unit_type, applicable_cp)
    FULL JOIN cancelled USING (party_id, unit_type, applicable_cp)
    ORDER BY 1, 2, 3"""

QUERIES: tuple[tuple[str, str, str], ...] = (
    (
        "T01", "Per Party, unit type and commitment period, what was issued is held or cancelled.",
        f"SELECT * FROM ({TOTALS}) AS totals WHERE issued <> held + cancelled",  # noqa: S608 # ours
    ),
    (
        "I01", "A Party's issued serials begin at 1, have no gap and no overlap, and its counter "
        "stands right behind them.",
        """
        SELECT party_id, issuance_id, lo, hi, expected FROM (
          SELECT party_id, id AS issuance_id, lo, hi,
                 coalesce(lag(hi) OVER (PARTITION BY party_id ORDER BY lo, id), 0) + 1 AS expected
          FROM registry_issuance) AS chain WHERE lo <> expected
        UNION ALL
        SELECT p.code, NULL, NULL, max(i.hi), p.next_serial
        FROM registry_party p LEFT JOIN registry_issuance i ON i.party_id = p.code
        GROUP BY p.code HAVING p.next_serial <> coalesce(max(i.hi), 0) + 1
        """,
    ),
    (
        "I02", "The blocks of an issuance add up to what was issued.",
        """
        SELECT i.id AS issuance_id, i.hi - i.lo + 1 AS issued, sum(b.hi - b.lo + 1) AS in_blocks
        FROM registry_issuance i LEFT JOIN registry_block b ON b.issuance_id = i.id
        GROUP BY i.id HAVING i.hi - i.lo + 1 IS DISTINCT FROM sum(b.hi - b.lo + 1)
        """,
    ),
    (
        "I03", "The blocks of an issuance follow each other without gap or overlap, inside it.",
        """
        SELECT block_id, issuance_id, lo, hi, expected FROM (
          SELECT b.id AS block_id, b.issuance_id, b.lo, b.hi, i.lo AS i_lo, i.hi AS i_hi,
                 coalesce(lag(b.hi) OVER (PARTITION BY b.issuance_id ORDER BY b.lo, b.id) + 1, i.lo)
                   AS expected
          FROM registry_block b LEFT JOIN registry_issuance i ON i.id = b.issuance_id) AS chain
        WHERE lo IS DISTINCT FROM expected OR hi < lo OR lo < i_lo OR hi > i_hi
        """,
    ),
    (
        "I04", "A lot that still stands is exactly its block; one that does not sold nothing.",
        """
        SELECT l.id AS lot_id, l.lo, l.kept_hi, b.id AS block_id, b.lo AS block_lo, b.hi AS block_hi
        FROM registry_lot l LEFT JOIN registry_block b ON b.id = l.block_id
        WHERE CASE WHEN l.block_id IS NULL
              THEN EXISTS (SELECT FROM registry_cancellation c
                           WHERE c.lot_id = l.id AND c.kind = 'c')
              ELSE (b.lo, b.hi, b.issuance_id) IS DISTINCT FROM (l.lo, l.kept_hi, l.issuance_id) END
        """,
    ),
    (
        "I05", "The rows of a lot's chain follow each other without gap, up to its cursor; a "
        "release is the last.",
        """
        SELECT lot_id, cancellation_id, s, e, expected FROM (
          SELECT c.lot_id, c.id AS cancellation_id, c.s, c.e, c.kind, l.hi,
                 coalesce(lag(c.e) OVER w + 1, l.lo) AS expected,
                 lag(c.kind) OVER w AS kind_before
          FROM registry_cancellation c LEFT JOIN registry_lot l ON l.id = c.lot_id
          WINDOW w AS (PARTITION BY c.lot_id ORDER BY c.s, c.id)) AS chain
        WHERE s IS DISTINCT FROM expected OR e < s OR e > hi OR kind_before = 'r'
           OR (kind = 'r' AND e <> hi)
        UNION ALL
        SELECT l.id, NULL, NULL, max(c.e), l.next_serial
        FROM registry_lot l LEFT JOIN registry_cancellation c ON c.lot_id = l.id
        GROUP BY l.id HAVING l.next_serial <> coalesce(max(c.e) + 1, l.lo)
        """,
    ),
    (
        "I06", "No unit is cancelled twice, by whichever lots.",
        """
        SELECT party_id, cancellation_id, s, e, before FROM (
          SELECT i.party_id, c.id AS cancellation_id, c.s, c.e,
                 max(c.e) OVER (PARTITION BY i.party_id ORDER BY c.s, c.id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
          FROM registry_cancellation c JOIN registry_lot l ON l.id = c.lot_id
          JOIN registry_issuance i ON i.id = l.issuance_id WHERE c.kind = 'c') AS swept
        WHERE s <= before
        """,
    ),
    (
        "I07", "Every cancellation has exactly one posting, of its own serials, into a "
        "cancellation account; a release has none.",
        """
        SELECT c.id AS cancellation_id, c.kind, c.s, c.e, count(p.id) AS postings,
               min(p.lo) AS lo, max(p.hi) AS hi, min(a.kind) AS account_kind
        FROM registry_cancellation c JOIN registry_lot l ON l.id = c.lot_id
        LEFT JOIN registry_posting p ON p.cancellation_id = c.id
        LEFT JOIN registry_account a ON a.id = p.cr
        GROUP BY c.id, l.issuance_id
        HAVING CASE c.kind WHEN 'r' THEN count(p.id) <> 0
               ELSE count(p.id) <> 1 OR (min(p.lo), max(p.hi), min(p.issuance_id))
                    IS DISTINCT FROM (c.s, c.e, l.issuance_id)
                    OR min(a.kind) IS NULL OR min(a.kind) NOT BETWEEN 230 AND 280 END
        """,
    ),
    (
        "I08", "Both accounts of every posting exist, its serials lie in its issuance, and no "
        "posting takes from a cancellation account.",
        """
        SELECT p.id AS posting_id, p.dr, p.cr, p.lo, p.hi FROM registry_posting p
        LEFT JOIN registry_account d ON d.id = p.dr LEFT JOIN registry_account c ON c.id = p.cr
        LEFT JOIN registry_issuance i ON i.id = p.issuance_id
        WHERE d.id IS NULL OR c.id IS NULL OR i.id IS NULL OR p.lo < i.lo OR p.hi > i.hi
           OR p.lo > p.hi OR d.kind BETWEEN 210 AND 300 OR d.kind IN (411, 421, 422, 423)
        """,
    ),
    (
        "I09", "What was posted into an account less what was posted out of it is what it holds.",
        """
        WITH posted AS (
          SELECT account, sum(units) AS units FROM (
            SELECT cr AS account, hi - lo + 1 AS units FROM registry_posting
            UNION ALL SELECT dr, -(hi - lo + 1) FROM registry_posting) AS sides GROUP BY account),
        held AS (
          SELECT account, sum(units) AS units FROM (
            SELECT b.account_id AS account, b.hi - b.lo + 1 AS units FROM registry_block b
            UNION ALL  -- cancelled, and the block not yet moved: no longer here, but there
            SELECT b.account_id, -(c.e - c.s + 1)
            FROM registry_cancellation c JOIN registry_lot l ON l.id = c.lot_id
            JOIN registry_block b ON b.id = l.block_id
            JOIN registry_account a ON a.id = b.account_id
            WHERE c.kind = 'c' AND a.kind < 210
            UNION ALL
            SELECT p.cr, c.e - c.s + 1
            FROM registry_cancellation c JOIN registry_lot l ON l.id = c.lot_id
            JOIN registry_block b ON b.id = l.block_id
            JOIN registry_account a ON a.id = b.account_id
            JOIN registry_posting p ON p.cancellation_id = c.id
            WHERE c.kind = 'c' AND a.kind < 210
            UNION ALL  -- the source of issuance has given everything away
            SELECT 1, -(hi - lo + 1) FROM registry_issuance) AS parts GROUP BY account)
        SELECT coalesce(p.account, h.account) AS account, p.units AS posted, h.units AS held
        FROM posted p FULL JOIN held h ON h.account = p.account
        WHERE coalesce(p.units, 0) <> coalesce(h.units, 0)
        """,
    ),
    (
        "I10", "Replaying the postings puts every block where it is, and no posting takes units "
        "from an account where they were not.",
        """
        SELECT b.id AS block_id, b.account_id AS held_in, latest.cr AS posted_to
        FROM registry_block b
        LEFT JOIN LATERAL (
          SELECT p.cr FROM registry_posting p
          WHERE p.issuance_id = b.issuance_id AND p.lo <= b.lo AND p.hi >= b.hi
            AND p.tx_id IS NOT NULL ORDER BY p.id DESC LIMIT 1) AS latest ON true
        WHERE b.account_id IS DISTINCT FROM latest.cr
          AND NOT EXISTS (  -- a lot's kept part, all of it cancelled, in a cancellation account
            SELECT FROM registry_lot l JOIN registry_account a ON a.id = b.account_id
            WHERE l.block_id = b.id AND l.end_key IS NOT NULL AND a.kind BETWEEN 230 AND 280)
        UNION ALL
        SELECT NULL, p.dr, earlier.cr FROM registry_posting p
        LEFT JOIN LATERAL (
          SELECT q.cr FROM registry_posting q
          WHERE q.issuance_id = p.issuance_id AND q.lo <= p.lo AND q.hi >= p.hi
            AND q.tx_id IS NOT NULL AND q.id < p.id ORDER BY q.id DESC LIMIT 1) AS earlier ON true
        WHERE p.dr IS DISTINCT FROM coalesce(earlier.cr, 1)
        UNION ALL  -- a cancelled unit never moves again
        SELECT NULL, later.dr, later.cr FROM registry_cancellation c
        JOIN registry_posting own ON own.cancellation_id = c.id
        JOIN registry_posting later ON later.issuance_id = own.issuance_id AND later.id > own.id
          AND later.tx_id IS NOT NULL AND later.lo <= c.e AND later.hi >= c.s
        """,
    ),
    (
        "I11", "An issuance is what its released instruction says, to the unit, its share of "
        "proceeds included.",
        """
        SELECT i.id AS issuance_id, n.id AS line_id, n.quantity, i.hi - i.lo + 1 AS issued,
               n.share_of_proceeds, coalesce(share.units, 0) AS to_adaptation_fund
        FROM registry_issuance i LEFT JOIN registry_instructionline n ON n.id = i.line_id
        LEFT JOIN LATERAL (
          SELECT sum(p.hi - p.lo + 1) AS units, max(p.hi) AS hi FROM registry_posting p
          JOIN registry_account a ON a.id = p.cr
          WHERE p.tx_id = i.tx_id AND p.issuance_id = i.id AND a.adaptation_fund) AS share ON true
        WHERE n.id IS NULL OR n.releaser IS NULL OR n.releaser = n.initiator
           OR (n.quantity, n.party_id, n.project_number, n.unit_type, n.commitment_period,
               n.share_of_proceeds)
              <> (i.hi - i.lo + 1, i.party_id, i.project_number, i.unit_type, i.original_cp,
                  coalesce(share.units, 0))
           OR share.hi <> i.hi
        """,
    ),
    (
        "I12", "Two persons stand behind everything that needs two, and an executed proposal moved "
        "exactly what it proposed.",
        """
        SELECT t.id AS tx_id, t.verb, t.initiator, t.approver, NULL::bigint AS proposed,
               NULL::numeric AS moved
        FROM registry_transaction t
        WHERE t.approver = t.initiator OR (t.approver IS NULL
          AND t.verb IN ('issue', 'forward', 'cancel', 'unfreeze'))
        UNION ALL
        SELECT t.id, t.verb, r.initiator, r.decided_by, r.quantity, moved.units
        FROM registry_proposal r LEFT JOIN registry_transaction t ON t.id = r.tx_id
        LEFT JOIN LATERAL (
          SELECT sum(p.hi - p.lo + 1) AS units FROM registry_posting p
          LEFT JOIN registry_cancellation c ON c.id = p.cancellation_id
          WHERE (p.tx_id = r.tx_id OR c.tx_id = r.tx_id)
            AND p.dr = r.from_account_id AND p.cr = r.to_account_id) AS moved ON true
        WHERE r.state = 'executed' AND (r.initiator = r.decided_by OR t.id IS NULL
          OR (t.initiator, t.approver, t.request_sha256)
             IS DISTINCT FROM (r.initiator, r.decided_by, r.sha256)
          OR moved.units IS DISTINCT FROM r.quantity)
        """,
    ),
    (
        "I13", "Units held for orders and units cancelled are never more than were offered.",
        """
        SELECT l.id AS lot_id, l.hi + 1 - l.next_serial AS remaining, sum(h.quantity) AS held
        FROM registry_lot l JOIN registry_hold h ON h.lot_id = l.id
        WHERE h.expires_at > cdm_now()
        GROUP BY l.id HAVING sum(h.quantity) > l.hi + 1 - l.next_serial
        """,
    ),
    (
        "I14", "Every row of record is what it was when it was written: its leaf recomputes.",
        """
        SELECT 'transaction' AS kind, t.id FROM registry_transaction t
        WHERE t.leaf <> sha256(convert_to(jsonb_build_array('transaction', t.id, t.key, t.verb,
          encode(t.request_sha256, 'hex'), t.facts, t.initiator, t.approver, t.xid,
          to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          to_char(t.effective_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          (SELECT coalesce(jsonb_agg(jsonb_build_array(p.id, p.issuance_id, p.lo, p.hi, p.dr, p.cr)
             ORDER BY p.id), '[]') FROM registry_posting p WHERE p.tx_id = t.id))::text, 'UTF8'))
        UNION ALL
        SELECT 'issuance', i.id FROM registry_issuance i
        WHERE i.leaf <> sha256(convert_to(jsonb_build_array('issuance', i.id, i.tx_id, i.party_id,
          i.lo, i.hi, i.unit_type, i.original_cp, i.applicable_cp, i.lulucf, i.project_number,
          i.line_id, i.expires_on, i.xid,
          to_char(i.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          to_char(i.effective_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text,
          'UTF8'))
        UNION ALL
        SELECT 'cancellation', c.id
        FROM registry_cancellation c LEFT JOIN registry_posting p ON p.cancellation_id = c.id
        WHERE c.leaf <> sha256(convert_to(jsonb_build_array('cancellation', c.id, c.lot_id,
          c.lot_lo, c.lot_hi, c.s, c.e, c.kind, c.buyer, c.key, encode(c.beneficiary_hmac, 'hex'),
          c.tx_id, c.xid, to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          to_char(c.effective_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          CASE WHEN p.id IS NOT NULL THEN jsonb_build_array(p.id, p.issuance_id, p.lo, p.hi, p.dr,
            p.cr) END)::text, 'UTF8'))
        """,
    ),
    (
        "I15", "Nothing moved out of an account or a block between its freeze and the lifting.",
        """
        WITH frozen AS (
          SELECT (f.facts->>'account')::bigint AS account, (f.facts->>'block')::bigint AS block,
                 f.at AS since, (
                   SELECT min(u.at) FROM registry_transaction u
                   WHERE u.verb = 'unfreeze' AND u.id > f.id
                     AND u.facts->'account' = f.facts->'account'
                     AND u.facts->'block' = f.facts->'block') AS till
          FROM registry_transaction f WHERE f.verb = 'freeze')
        SELECT f.account, f.block, p.id AS posting_id FROM frozen f
        LEFT JOIN registry_block b ON b.id = f.block
        JOIN registry_posting p ON p.dr = f.account
          OR (p.issuance_id = b.issuance_id AND p.lo <= b.hi AND p.hi >= b.lo)
        LEFT JOIN registry_transaction t ON t.id = p.tx_id
        LEFT JOIN registry_cancellation c ON c.id = p.cancellation_id
        WHERE coalesce(t.at, c.at) > f.since AND coalesce(t.at, c.at) < coalesce(f.till, 'infinity')
        """,
    ),
)  # fmt: skip

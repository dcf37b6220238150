-- Keys and checks: what no writer can do, the owner of the tables included.
--
-- Why a chain is a proof. A row covers the serials [lo, hi]. `nxt` is hi + 1; `prv` is lo, or NULL when
-- lo is the very first serial of its whole.
--   1. Every row but a first one has a predecessor that ends exactly where it starts (key prv -> nxt).
--   2. No serial starts two rows and none ends two (two unique keys), so each row has one predecessor
--      and at most one successor.
--   3. nxt > lo, so following predecessors descends and can only end at the first serial, which
--      starts one row only.
-- Hence the rows form one path without overlap and without gap. No trigger, no sum, no lock.
--
-- The registry has three such chains: the issuances of a Party, the blocks of an issuance, and the
-- cancellations of a lot. Keys prv -> nxt of the first two are deferred, since a split touches two rows.

-- Account numbers ------------------------------------------------------------------------------------
-- Check digits: 98 - (N mod 97), ISO 7064 MOD 97-10; N = number, letters as 10..35, kind, period, 00.
-- XC stands for the registry itself (see registry/serials.py).
CREATE FUNCTION registry_account_number(p_party text, p_kind integer, p_id bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT format('%s-%s-%s-2-%s', code, kind, p_id, lpad((98 - (
           (p_id::text || (ascii(left(code, 1)) - 55) || (ascii(right(code, 1)) - 55)
            || kind || '02' || '00')::numeric % 97))::text, 2, '0'))
  FROM (SELECT coalesce(p_party, 'XC') AS code, lpad(p_kind::text, 3, '0') AS kind) AS parts
$$;

ALTER TABLE registry_party
  ADD CONSTRAINT registry_party_code CHECK (code ~ '^[A-Z]{2}$' AND code <> 'XC'),
  ADD CONSTRAINT registry_party_next CHECK (next_serial >= 1);

ALTER TABLE registry_account
  ADD CONSTRAINT registry_account_party_fk FOREIGN KEY (party_id) REFERENCES registry_party (code),
  ADD CONSTRAINT registry_account_kind
    CHECK (kind IN (0, 100, 110, 120, 121, 230, 240, 250, 260)),
  ADD CONSTRAINT registry_account_number
    CHECK (number = registry_account_number(party_id, kind, id));
-- A holder has one account of a kind with a Party: a form sent twice opens one.
CREATE UNIQUE INDEX registry_account_holder ON registry_account (holder_id, kind, party_id)
  NULLS NOT DISTINCT WHERE holder_id IS NOT NULL;

-- Instructions ---------------------------------------------------------------------------------------
ALTER TABLE registry_instructionline
  ADD CONSTRAINT registry_instructionline_party_fk
    FOREIGN KEY (party_id) REFERENCES registry_party (code),
  ADD CONSTRAINT registry_instructionline_once
    UNIQUE (project_number, reference, commitment_period),
  ADD CONSTRAINT registry_instructionline_quantity CHECK (quantity BETWEEN 1 AND 999999999999999),
  ADD CONSTRAINT registry_instructionline_share
    CHECK (share_of_proceeds BETWEEN 0 AND quantity),
  ADD CONSTRAINT registry_instructionline_type CHECK (unit_type IN (5, 6, 7)),
  ADD CONSTRAINT registry_instructionline_period CHECK (commitment_period BETWEEN 1 AND 3),
  ADD CONSTRAINT registry_instructionline_expiry CHECK ((unit_type = 5) = (expires_on IS NULL)),
  ADD CONSTRAINT registry_instructionline_project
    CHECK (project_number ~ '^([A-Z]{2}-)?[0-9]{1,7}$'),
  ADD CONSTRAINT registry_instructionline_released
    CHECK ((releaser IS NULL) = (released_at IS NULL)),
  -- Two persons; the releasing one is a person, never the portal.
  ADD CONSTRAINT registry_instructionline_four_eyes
    CHECK (releaser IS NULL OR (releaser > 0 AND releaser <> initiator));

-- Transactions ---------------------------------------------------------------------------------------
ALTER TABLE registry_transaction
  ADD CONSTRAINT registry_transaction_verb CHECK (verb IN (
    'open_account', 'issue', 'forward', 'cancel', 'earmark', 'release', 'close', 'freeze',
    'unfreeze')),
  ADD CONSTRAINT registry_transaction_four_eyes
    CHECK (approver IS DISTINCT FROM initiator AND (approver IS NULL OR approver > 0)),
  -- Where value moves between accounts at somebody's word, and where a freeze is lifted.
  ADD CONSTRAINT registry_transaction_approved
    CHECK (approver IS NOT NULL OR verb NOT IN ('issue', 'forward', 'cancel', 'unfreeze'));

-- Issuances: the chain of a Party --------------------------------------------------------------------
ALTER TABLE registry_issuance
  ADD CONSTRAINT registry_issuance_bounds CHECK (lo >= 1 AND hi >= lo AND hi <= 999999999999999),
  ADD CONSTRAINT registry_issuance_type CHECK (unit_type IN (5, 6, 7)),
  ADD CONSTRAINT registry_issuance_expiry CHECK ((unit_type = 5) = (expires_on IS NULL)),
  ADD CONSTRAINT registry_issuance_party_fk FOREIGN KEY (party_id) REFERENCES registry_party (code),
  ADD CONSTRAINT registry_issuance_line_fk
    FOREIGN KEY (line_id) REFERENCES registry_instructionline (id),
  ADD CONSTRAINT registry_issuance_line UNIQUE (line_id),              -- K3: a line issues once
  ADD CONSTRAINT registry_issuance_lo UNIQUE (party_id, lo),
  ADD CONSTRAINT registry_issuance_nxt UNIQUE (party_id, nxt),
  ADD CONSTRAINT registry_issuance_bounds_key UNIQUE (id, lo, hi),     -- what blocks copy
  -- The transaction is written last, so that its leaf can cover its postings.
  ADD CONSTRAINT registry_issuance_tx_fk
    FOREIGN KEY (tx_id) REFERENCES registry_transaction (id) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT registry_issuance_chain FOREIGN KEY (party_id, prv)
    REFERENCES registry_issuance (party_id, nxt) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX registry_issuance_project ON registry_issuance (project_number, id);

-- Blocks: the exact partition of an issuance ---------------------------------------------------------
ALTER TABLE registry_block
  ADD CONSTRAINT registry_block_bounds CHECK (hi >= lo AND lo >= i_lo AND hi <= i_hi),
  ADD CONSTRAINT registry_block_issuance_fk FOREIGN KEY (issuance_id, i_lo, i_hi)
    REFERENCES registry_issuance (id, lo, hi),
  ADD CONSTRAINT registry_block_account_fk
    FOREIGN KEY (account_id) REFERENCES registry_account (id),
  ADD CONSTRAINT registry_block_lo UNIQUE (issuance_id, lo),
  ADD CONSTRAINT registry_block_nxt UNIQUE (issuance_id, nxt),
  ADD CONSTRAINT registry_block_bounds_key UNIQUE (id, issuance_id, lo, hi),  -- what a lot copies
  ADD CONSTRAINT registry_block_chain FOREIGN KEY (issuance_id, prv)
    REFERENCES registry_block (issuance_id, nxt) DEFERRABLE INITIALLY DEFERRED;
-- The path reaches the end: the issuance's own end is the end of one of its blocks. With the chain
-- this puts every issued unit into exactly one block at every commit (K4).
ALTER TABLE registry_issuance
  ADD CONSTRAINT registry_issuance_covered FOREIGN KEY (id, nxt)
    REFERENCES registry_block (issuance_id, nxt) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX registry_block_account ON registry_block (account_id, issuance_id, lo);

-- Lots: units on offer -------------------------------------------------------------------------------
-- [lo, hi] is what was offered, [lo, kept_hi] what the lot still stands for. `end_key` is NULL while the
-- lot is open. It is a key into the lot's own chain of cancellations:
--    hi + 1          the chain has reached the end: sold out, nothing released
--    -(kept_hi + 1)  a release row begins at kept_hi + 1: the unsold tail was given back
-- A release row's own key is the negative of its start (see below), so kept_hi cannot be forged: it is
-- where a release row begins, and no cancellation lies behind that. The block may be let go only if the
-- release began at lo, that is if nothing was cancelled: so a block with cancelled units keeps its lot
-- for ever, cannot be resized (composite key) and cannot get a second lot (unique key).
ALTER TABLE registry_lot
  ADD CONSTRAINT registry_lot_bounds CHECK (hi >= lo),
  ADD CONSTRAINT registry_lot_cursor CHECK (next_serial BETWEEN lo AND hi + 1),
  ADD CONSTRAINT registry_lot_end CHECK (
    CASE WHEN end_key IS NULL THEN kept_hi = hi
         WHEN end_key > 0 THEN kept_hi = hi AND end_key = hi + 1
         ELSE end_key = -(kept_hi + 1) AND kept_hi BETWEEN lo - 1 AND hi - 1 END),
  ADD CONSTRAINT registry_lot_stands
    CHECK (block_id IS NOT NULL OR end_key IS NOT DISTINCT FROM -lo),
  ADD CONSTRAINT registry_lot_block UNIQUE (block_id),
  ADD CONSTRAINT registry_lot_bounds_key UNIQUE (id, lo, hi),          -- what cancellations copy
  ADD CONSTRAINT registry_lot_issuance_fk
    FOREIGN KEY (issuance_id) REFERENCES registry_issuance (id),
  ADD CONSTRAINT registry_lot_block_fk FOREIGN KEY (block_id, issuance_id, lo, kept_hi)
    REFERENCES registry_block (id, issuance_id, lo, hi) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT registry_lot_tx_fk
    FOREIGN KEY (tx_id) REFERENCES registry_transaction (id) DEFERRABLE INITIALLY DEFERRED;
-- Room in the page for new versions of the row: the cursor moves with every sale and is in no index.
ALTER TABLE registry_lot SET (fillfactor = 10);
CREATE INDEX registry_lot_issuance ON registry_lot (issuance_id, lo);

-- Cancellations: the chain of a lot ------------------------------------------------------------------
-- A row of kind `c` ends like any link: nxt = e + 1. The one row of kind `r` gives the unsold tail back
-- and must reach the end; its nxt is -s, which no prv can equal, so nothing ever follows it.
ALTER TABLE registry_cancellation
  ADD CONSTRAINT registry_cancellation_kind CHECK (kind IN ('c', 'r')),
  ADD CONSTRAINT registry_cancellation_bounds CHECK (e >= s AND s >= lot_lo AND e <= lot_hi),
  ADD CONSTRAINT registry_cancellation_tail CHECK (kind = 'c' OR e = lot_hi),
  ADD CONSTRAINT registry_cancellation_key UNIQUE (key),               -- K11
  ADD CONSTRAINT registry_cancellation_s UNIQUE (lot_id, s),
  ADD CONSTRAINT registry_cancellation_nxt UNIQUE (lot_id, nxt),
  ADD CONSTRAINT registry_cancellation_lot_fk FOREIGN KEY (lot_id, lot_lo, lot_hi)
    REFERENCES registry_lot (id, lo, hi),
  ADD CONSTRAINT registry_cancellation_tx_fk
    FOREIGN KEY (tx_id) REFERENCES registry_transaction (id) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT registry_cancellation_chain FOREIGN KEY (lot_id, prv)
    REFERENCES registry_cancellation (lot_id, nxt);
ALTER TABLE registry_lot
  ADD CONSTRAINT registry_lot_end_fk FOREIGN KEY (id, end_key)
    REFERENCES registry_cancellation (lot_id, nxt);
-- Sealing reads rows by the transaction that wrote them.
CREATE INDEX registry_cancellation_xid ON registry_cancellation
  USING brin (xid) WITH (pages_per_range = 16);

-- Postings -------------------------------------------------------------------------------------------
-- No keys from dr and cr to account: they would lock two hot rows with every sale. An invariant looks.
ALTER TABLE registry_posting
  ADD CONSTRAINT registry_posting_parent CHECK (num_nonnulls(tx_id, cancellation_id) = 1),
  ADD CONSTRAINT registry_posting_bounds CHECK (hi >= lo),
  ADD CONSTRAINT registry_posting_double CHECK (dr <> cr),
  ADD CONSTRAINT registry_posting_tx_fk
    FOREIGN KEY (tx_id) REFERENCES registry_transaction (id) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT registry_posting_cancellation_fk
    FOREIGN KEY (cancellation_id) REFERENCES registry_cancellation (id),
  ADD CONSTRAINT registry_posting_issuance_fk
    FOREIGN KEY (issuance_id) REFERENCES registry_issuance (id);
CREATE INDEX registry_posting_dr ON registry_posting (dr, id);
CREATE INDEX registry_posting_cr ON registry_posting (cr, id);
-- Movements other than sales are few; the partial indexes cost a sale nothing.
CREATE INDEX registry_posting_tx ON registry_posting (tx_id) WHERE tx_id IS NOT NULL;
CREATE INDEX registry_posting_issuance ON registry_posting (issuance_id, lo)
  WHERE tx_id IS NOT NULL;

-- Holds ----------------------------------------------------------------------------------------------
ALTER TABLE registry_hold
  ADD CONSTRAINT registry_hold_quantity CHECK (quantity > 0),
  ADD CONSTRAINT registry_hold_once UNIQUE (order_key, lot_id),
  ADD CONSTRAINT registry_hold_lot_fk FOREIGN KEY (lot_id) REFERENCES registry_lot (id);
CREATE INDEX registry_hold_expiry ON registry_hold (lot_id, expires_at);

-- Proposals ------------------------------------------------------------------------------------------
ALTER TABLE registry_proposal
  ADD CONSTRAINT registry_proposal_verb CHECK (verb IN ('forward', 'cancel')),
  ADD CONSTRAINT registry_proposal_quantity CHECK (quantity > 0),
  ADD CONSTRAINT registry_proposal_state CHECK (
    CASE state WHEN 'proposed' THEN num_nonnulls(decided_by, decided_at, tx_id) = 0
               WHEN 'executed' THEN num_nonnulls(decided_by, decided_at, tx_id) = 3
               WHEN 'rejected' THEN num_nonnulls(decided_by, decided_at) = 2 AND tx_id IS NULL
               ELSE false END),
  -- The person who proposed may withdraw (reject) it, never execute it.
  ADD CONSTRAINT registry_proposal_four_eyes
    CHECK (state <> 'executed' OR (decided_by > 0 AND decided_by <> initiator)),
  ADD CONSTRAINT registry_proposal_from_fk
    FOREIGN KEY (from_account_id) REFERENCES registry_account (id),
  ADD CONSTRAINT registry_proposal_to_fk
    FOREIGN KEY (to_account_id) REFERENCES registry_account (id),
  ADD CONSTRAINT registry_proposal_tx_fk
    FOREIGN KEY (tx_id) REFERENCES registry_transaction (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX registry_proposal_waiting ON registry_proposal (from_account_id)
  WHERE state = 'proposed';

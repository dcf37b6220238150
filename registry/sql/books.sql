-- What the verbs share. None of this is granted to anybody.
--
-- Lock order: instruction line or proposal -> party -> issuance (by id) -> account (by id) -> block -> lot
-- (by id) -> hold. Nobody takes a lock to the left of one that it holds. Whoever changes the blocks of an
-- issuance locks the issuance first, so that its blocks are changed one at a time: without that, one who
-- waited for a block would wake on a shrunk one.

-- The registry's own accounts, made by migration.
CREATE OR REPLACE FUNCTION registry_source() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 1::bigint';
CREATE OR REPLACE FUNCTION registry_voluntary() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 2::bigint';
CREATE OR REPLACE FUNCTION registry_pending() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 3::bigint';
CREATE OR REPLACE FUNCTION registry_adaptation() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 4::bigint';

-- Locks accounts against a freeze for the length of the transaction and refuses frozen ones. Movers
-- share the lock; a freeze takes it alone, so it waits for what is in flight and stops what comes.
CREATE OR REPLACE FUNCTION registry_use_accounts(VARIADIC p_accounts bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_account registry_account; v_found integer := 0;
BEGIN
  PERFORM registry_refuse('LG423', 'R501', 'The registry is stopped; nothing moves.')
    FROM registry_stop WHERE resumed_id IS NULL;
  FOR v_account IN
    SELECT * FROM registry_account WHERE id = ANY (p_accounts) ORDER BY id FOR SHARE
  LOOP
    v_found := v_found + 1;
    IF v_account.closed_at IS NOT NULL THEN
      PERFORM registry_refuse('LG423', 'R217',
        format('Account %s is closed; nothing moves in or out of it.', v_account.number));
    END IF;
    IF v_account.frozen_by IS NOT NULL THEN
      PERFORM registry_refuse('LG423', 'R502',
        format('Account %s is frozen; nothing moves in or out of it.', v_account.number));
    END IF;
  END LOOP;
  IF v_found < (SELECT count(DISTINCT id) FROM unnest(p_accounts) AS id) THEN
    PERFORM registry_refuse('LG404', 'R205', 'There is no such account.');
  END IF;
END $$;

-- Writes the transaction row, last of its transaction: its leaf covers the postings.
CREATE OR REPLACE FUNCTION registry_book(
  p_id bigint, p_key uuid, p_verb text, p_request bytea, p_facts jsonb, p_initiator bigint,
  p_approver bigint, p_effective_at timestamptz) RETURNS bigint
LANGUAGE sql AS $$
  INSERT INTO registry_transaction
    (id, key, verb, request_sha256, facts, initiator, approver, effective_at, xid, at, leaf)
  VALUES (p_id, p_key, p_verb, p_request, p_facts, p_initiator, p_approver, p_effective_at,
    0, p_effective_at, '')  -- the last three are stamped
  RETURNING id
$$;

-- A repeated key: the same request answers its transaction, another one is refused.
CREATE OR REPLACE FUNCTION registry_booked(p_key uuid, p_request bytea) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE v_tx registry_transaction;
BEGIN
  SELECT * INTO v_tx FROM registry_transaction WHERE key = p_key;
  IF FOUND AND v_tx.request_sha256 <> p_request THEN
    PERFORM registry_refuse('LG422', 'R702', 'This key was used for another request.');
  END IF;
  RETURN v_tx.id;
END $$;

-- Makes [p_lo, p_hi] exactly one block and answers it. The issuance is locked by the caller. Shrinks
-- first, then inserts at most two remainders with the same attributes; never merges.
CREATE OR REPLACE FUNCTION registry_carve(p_block bigint, p_lo bigint, p_hi bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_old registry_block;
BEGIN
  SELECT * INTO STRICT v_old FROM registry_block
    WHERE id = p_block AND lo <= p_lo AND hi >= p_hi AND p_lo <= p_hi FOR NO KEY UPDATE;
  IF v_old.lo = p_lo AND v_old.hi = p_hi THEN RETURN; END IF;
  UPDATE registry_block SET lo = p_lo, hi = p_hi WHERE id = p_block;
  INSERT INTO registry_block (issuance_id, i_lo, i_hi, lo, hi, account_id, frozen_by,
    reserved_for_id)
  SELECT v_old.issuance_id, v_old.i_lo, v_old.i_hi, part.lo, part.hi, v_old.account_id,
    v_old.frozen_by, v_old.reserved_for_id
  FROM (VALUES (v_old.lo, p_lo - 1), (p_hi + 1, v_old.hi)) AS part (lo, hi)
  WHERE part.lo <= part.hi;
END $$;

-- Locks the issuances of a project, in the order of their ids, and answers them. Only units of these may be
-- taken afterwards: who waits here reads the blocks later than the issuances, and in between units of one
-- that is not locked may have come into the account (by an issuance, or by a forwarding).
CREATE OR REPLACE FUNCTION registry_lock_issuances(p_project text) RETURNS bigint[]
LANGUAGE sql AS $$
  SELECT ARRAY(
    SELECT id FROM registry_issuance WHERE project_number = p_project
    ORDER BY id FOR NO KEY UPDATE)
$$;

-- Takes p_quantity units out of the free blocks of locked issuances, lowest serial first, whole blocks and
-- at most one carved; answers the blocks. Accounts are locked by the caller. A transaction may hold 3,000
-- blocks (the limit of the international transaction log).
CREATE OR REPLACE FUNCTION registry_take(
  p_account bigint, p_project text, p_unit_type smallint, p_cp smallint, p_quantity bigint,
  p_issuances bigint[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE v_block registry_block; v_left bigint := p_quantity; v_taken bigint[] := '{}';
BEGIN
  FOR v_block IN SELECT * FROM registry_free_blocks(p_account, p_issuances, p_unit_type, p_cp)
  LOOP
    EXIT WHEN v_left = 0;
    IF v_left < v_block.hi - v_block.lo + 1 THEN
      PERFORM registry_carve(v_block.id, v_block.lo, v_block.lo + v_left - 1);
      v_left := 0;
    ELSE
      v_left := v_left - (v_block.hi - v_block.lo + 1);
    END IF;
    v_taken := v_taken || v_block.id;
    IF cardinality(v_taken) > 3000 THEN
      PERFORM registry_refuse('LG409', 'R308',
        'A transaction holds at most 3,000 blocks: ask for fewer units.');
    END IF;
  END LOOP;
  IF v_left > 0 THEN
    PERFORM registry_refuse('LG409', 'R302', format(
      'Only %s units of project %s are free in this account, not %s.',
      p_quantity - v_left, p_project, p_quantity), 'quantity');
  END IF;
  RETURN v_taken;
END $$;

-- Moves blocks to another account and posts each movement. A reservation ends where it was for.
CREATE OR REPLACE FUNCTION registry_move(p_tx bigint, p_blocks bigint[], p_to bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO registry_posting (tx_id, issuance_id, lo, hi, dr, cr)
    SELECT p_tx, issuance_id, lo, hi, account_id, p_to FROM registry_block
    WHERE id = ANY (p_blocks) ORDER BY issuance_id, lo;
  UPDATE registry_block SET account_id = p_to, reserved_for_id = NULL WHERE id = ANY (p_blocks);
END $$;

-- Writes a link into a lot's chain, and for a cancellation its posting; answers its id. The cursor has
-- been moved by the caller, who holds the lot.
CREATE OR REPLACE FUNCTION registry_link(
  p_lot registry_lot, p_s bigint, p_e bigint, p_kind text, p_buyer bigint, p_key uuid,
  p_beneficiary bytea, p_tx bigint, p_dr bigint, p_cr bigint, p_effective_at timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE c registry_cancellation; p registry_posting;
BEGIN
  c.id := nextval('registry_cancellation_id_seq');
  c.lot_id := p_lot.id; c.lot_lo := p_lot.lo; c.lot_hi := p_lot.hi; c.s := p_s; c.e := p_e;
  c.kind := p_kind; c.buyer := p_buyer; c.key := p_key; c.beneficiary_hmac := p_beneficiary;
  c.tx_id := p_tx; c.xid := registry_xid(); c.at := cdm_now(); c.effective_at := p_effective_at;
  IF p_kind = 'c' THEN
    p.id := nextval('registry_posting_id_seq');
    p.issuance_id := p_lot.issuance_id; p.lo := p_s; p.hi := p_e; p.dr := p_dr; p.cr := p_cr;
  END IF;
  INSERT INTO registry_cancellation (id, lot_id, lot_lo, lot_hi, s, e, kind, buyer, key,
    beneficiary_hmac, tx_id, xid, at, effective_at, leaf)
  VALUES (c.id, c.lot_id, c.lot_lo, c.lot_hi, c.s, c.e, c.kind, c.buyer, c.key,
    c.beneficiary_hmac, c.tx_id, c.xid, c.at, c.effective_at, registry_cancellation_leaf(c, p));
  IF p_kind = 'c' THEN
    INSERT INTO registry_posting (id, cancellation_id, issuance_id, lo, hi, dr, cr)
    VALUES (p.id, c.id, p.issuance_id, p.lo, p.hi, p.dr, p.cr);
  END IF;
  RETURN c.id;
END $$;

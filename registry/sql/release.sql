-- Verb: give the unsold tail of a lot back to its account and end the lot. What was sold stays with the
-- lot and moves to the voluntary cancellation account; the tail is an ordinary block again.
-- A sold-out lot is simply closed; a lot that ended before is left as it is.

CREATE OR REPLACE FUNCTION registry_end_lot(p_lot registry_lot, p_tx bigint, p_effective_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_kept bigint := p_lot.next_serial - 1; v_sold_out boolean := p_lot.next_serial > p_lot.hi;
BEGIN
  IF NOT v_sold_out THEN
    PERFORM registry_link(p_lot, p_lot.next_serial, p_lot.hi, 'r', 0, uuidv7(), NULL, p_tx, NULL,
      NULL, p_effective_at);
  END IF;
  UPDATE registry_lot SET next_serial = hi + 1, kept_hi = v_kept,
    end_key = CASE WHEN v_sold_out THEN hi + 1 ELSE -(v_kept + 1) END,
    block_id = CASE WHEN v_kept >= lo THEN block_id END
    WHERE id = p_lot.id;
  IF v_kept >= p_lot.lo THEN
    PERFORM registry_carve(p_lot.block_id, p_lot.lo, v_kept);
    UPDATE registry_block SET account_id = registry_voluntary() WHERE id = p_lot.block_id;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION registry_release_lot(
  p_lot bigint, p_initiator bigint, p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_lot registry_lot; v_block registry_block; v_tx bigint; v_facts jsonb;
BEGIN
  SELECT * INTO v_lot FROM registry_lot WHERE id = p_lot;
  IF NOT FOUND THEN PERFORM registry_refuse('LG404', 'R315', 'There is no such lot.'); END IF;
  PERFORM id FROM registry_issuance WHERE id = v_lot.issuance_id FOR NO KEY UPDATE;
  SELECT * INTO v_block FROM registry_block WHERE id = v_lot.block_id;
  IF FOUND THEN PERFORM registry_use_accounts(v_block.account_id); END IF;
  PERFORM id FROM registry_block WHERE id = v_lot.block_id FOR NO KEY UPDATE;
  SELECT * INTO v_lot FROM registry_lot WHERE id = p_lot FOR NO KEY UPDATE;
  IF v_lot.end_key IS NOT NULL THEN RETURN p_lot; END IF;
  IF v_block.frozen_by IS NOT NULL THEN
    PERFORM registry_refuse('LG423', 'R503', 'These units are frozen.');
  END IF;
  PERFORM registry_refuse('LG409', 'R318',
    'Units of this lot are held for buyers; release it when their orders have ended.')
    FROM registry_hold WHERE lot_id = p_lot AND expires_at > p_effective_at
    LIMIT 1;
  v_tx := nextval('registry_transaction_id_seq');
  v_facts := jsonb_build_object('lot', p_lot, 'released_from', v_lot.next_serial);
  PERFORM registry_end_lot(v_lot, v_tx, p_effective_at);
  PERFORM registry_book(v_tx, uuidv7(), 'release', registry_leaf(v_facts), v_facts, p_initiator,
    NULL, p_effective_at);
  RETURN p_lot;
END $$;

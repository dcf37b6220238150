-- Verb: settle many sales of one lot at once. The cursor moves once, the links and postings are written by
-- one statement each, so what a statement costs is shared by all of them. Answers, in the order asked, the
-- cancellations and which of them this call made.
--
-- Where anything is not plain (a key used before, too few units, a freeze) the sales go one after the other
-- through registry_cancel: it knows how to answer a repeated key and how to refuse. A refusal takes the
-- whole call back.
--
-- p_early: early lock release. The commit does not wait for the disk, so the lot is free for the next buyer
-- at once and many share one flush. Whoever asks for it owes a barrier, a synchronous commit after this
-- one, before anybody is told (registry/actions/settling.py). WAL is one sequence: a crash before the
-- barrier takes whole sales back, the latest first, never one that was answered.
CREATE FUNCTION registry_settle(
  p_lot bigint, p_quantities bigint[], p_buyers bigint[], p_keys uuid[], p_effective_at timestamptz,
  p_early boolean, OUT o_cancellations bigint[], OUT o_new boolean[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  c registry_cancellation; p registry_posting; v_lot registry_lot; v_plain boolean; v_total bigint;
  v_links registry_cancellation[] := '{}'; v_postings registry_posting[] := '{}'; v_one record;
BEGIN
  IF p_early THEN PERFORM set_config('synchronous_commit', 'off', true); END IF;
  o_cancellations := '{}'; o_new := '{}';
  SELECT * INTO v_lot FROM registry_lot WHERE id = p_lot FOR NO KEY UPDATE;

  -- A statement of its own: it sees what was written while this one waited for the lot.
  SELECT sum(quantity), bool_and(quantity > 0) AND count(DISTINCT key) = cardinality(p_keys)
      AND NOT EXISTS (SELECT FROM registry_cancellation WHERE key = ANY (p_keys))
      AND v_lot.next_serial + sum(quantity) <= v_lot.hi + 1 - (
        SELECT coalesce(sum(h.quantity), 0) FROM registry_hold h
        WHERE h.lot_id = p_lot AND h.expires_at > p_effective_at AND h.order_key <> ALL (p_keys))
    INTO v_total, v_plain
    FROM unnest(p_quantities, p_keys) AS asked (quantity, key);
  SELECT b.account_id, v_plain AND b.frozen_by IS NULL AND a.frozen_by IS NULL, cdm_now(),
      registry_xid()
    INTO p.dr, v_plain, c.at, c.xid
    FROM registry_block b JOIN registry_account a ON a.id = b.account_id
    WHERE b.id = v_lot.block_id;

  IF v_plain IS NOT TRUE THEN
    FOR v_one IN
      SELECT done.* FROM unnest(p_quantities, p_buyers, p_keys) WITH ORDINALITY
          AS asked (quantity, buyer, key, place),
        registry_cancel(p_lot, asked.quantity, asked.buyer, asked.key, asked.key, NULL,
          p_effective_at) AS done
      ORDER BY place
    LOOP
      o_cancellations := o_cancellations || v_one.o_cancellation;
      o_new := o_new || v_one.o_new;
    END LOOP;
    RETURN;
  END IF;

  UPDATE registry_lot SET next_serial = next_serial + v_total WHERE id = p_lot;
  c.lot_id := p_lot; c.lot_lo := v_lot.lo; c.lot_hi := v_lot.hi; c.kind := 'c';
  c.effective_at := p_effective_at; c.e := v_lot.next_serial - 1;
  p.issuance_id := v_lot.issuance_id; p.cr := registry_voluntary();
  FOR n IN 1 .. cardinality(p_keys) LOOP
    c.id := nextval('registry_cancellation_id_seq'); c.buyer := p_buyers[n]; c.key := p_keys[n];
    c.s := c.e + 1; c.e := c.e + p_quantities[n];
    p.id := nextval('registry_posting_id_seq'); p.cancellation_id := c.id; p.lo := c.s; p.hi := c.e;
    c.leaf := registry_cancellation_leaf(c, p);
    v_links := v_links || c; v_postings := v_postings || p;
    o_cancellations := o_cancellations || c.id; o_new := o_new || true;
  END LOOP;
  INSERT INTO registry_cancellation (id, lot_id, lot_lo, lot_hi, s, e, kind, buyer, key, xid, at,
      effective_at, leaf)
    SELECT id, lot_id, lot_lo, lot_hi, s, e, kind, buyer, key, xid, at, effective_at, leaf
    FROM unnest(v_links);
  INSERT INTO registry_posting (id, cancellation_id, issuance_id, lo, hi, dr, cr)
    SELECT id, cancellation_id, issuance_id, lo, hi, dr, cr FROM unnest(v_postings);
  DELETE FROM registry_hold WHERE lot_id = p_lot AND order_key = ANY (p_keys);
END $$;

REVOKE ALL ON FUNCTION registry_settle FROM PUBLIC;
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    GRANT EXECUTE ON FUNCTION registry_settle TO cdm_app;
  END IF;
END $$;

-- Verbs: hold units of a lot for an order, drop a hold, sweep expired ones. Exact under the lot's lock:
-- never more is held than remains, so nobody pays for units that are not there. `p_at` is the portal's
-- time, read from the database by the edge that asks. Asked twice, an order holds once, until the later
-- of the two moments.
CREATE OR REPLACE FUNCTION registry_hold_units(
  p_lot bigint, p_quantity bigint, p_order_key uuid, p_at timestamptz, p_expires_at timestamptz)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_lot registry_lot; v_hold registry_hold; v_left bigint;
BEGIN
  IF p_quantity IS NULL OR p_quantity < 1 THEN
    PERFORM registry_refuse('LG422', 'R313', 'Enter a whole number of tonnes, 1 or more.',
      'quantity');
  END IF;
  SELECT * INTO v_lot FROM registry_lot WHERE id = p_lot FOR NO KEY UPDATE;
  IF NOT FOUND THEN PERFORM registry_refuse('LG404', 'R315', 'There is no such lot.'); END IF;
  SELECT * INTO v_hold FROM registry_hold WHERE order_key = p_order_key AND lot_id = p_lot;
  IF FOUND AND v_hold.expires_at > p_at THEN
    IF v_hold.quantity <> p_quantity THEN
      PERFORM registry_refuse('LG422', 'R702', 'This order holds another quantity already.');
    END IF;
    UPDATE registry_hold SET expires_at = greatest(expires_at, p_expires_at) WHERE id = v_hold.id;
    RETURN v_hold.id;
  END IF;
  DELETE FROM registry_hold WHERE id = v_hold.id;  -- it had expired: the order asks anew
  PERFORM registry_refuse('LG423', 'R501', 'The registry is stopped; nothing moves.')
    FROM registry_stop WHERE resumed_id IS NULL;
  PERFORM registry_refuse('LG423', 'R503', 'These units are frozen.')
    FROM registry_block b JOIN registry_account a ON a.id = b.account_id
    WHERE b.id = v_lot.block_id AND (b.frozen_by IS NOT NULL OR a.frozen_by IS NOT NULL);
  PERFORM registry_ask_standing(account_id, registry_voluntary())
    FROM registry_block WHERE id = v_lot.block_id;
  SELECT v_lot.hi + 1 - v_lot.next_serial - coalesce(sum(quantity), 0) INTO v_left
    FROM registry_hold WHERE lot_id = p_lot AND expires_at > p_at;
  IF v_left < p_quantity THEN
    PERFORM registry_refuse('LG409', 'R314', format(
      'Only %s tonnes are left, not %s.', greatest(v_left, 0), p_quantity), 'quantity');
  END IF;
  INSERT INTO registry_hold (lot_id, quantity, order_key, expires_at)
    VALUES (p_lot, p_quantity, p_order_key, p_expires_at) RETURNING id INTO v_hold.id;
  RETURN v_hold.id;
END $$;

-- Answers how many holds went.
CREATE OR REPLACE FUNCTION registry_drop_hold(p_order_key uuid) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (DELETE FROM registry_hold WHERE order_key = p_order_key RETURNING 1)
  SELECT count(*) FROM gone
$$;

CREATE OR REPLACE FUNCTION registry_expire_holds(p_at timestamptz, p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (
    DELETE FROM registry_hold WHERE id IN (
      SELECT id FROM registry_hold WHERE expires_at <= p_at
      ORDER BY id LIMIT p_limit FOR UPDATE SKIP LOCKED)
    RETURNING 1)
  SELECT count(*) FROM gone
$$;

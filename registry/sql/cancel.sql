-- Verb: cancel units of a lot for a buyer. The hot one: one row lock, the lot's.
--
-- The cursor moves by p_quantity in one statement, which is lock, check and allocation at once. What the
-- cursor passed is booked into the lot's chain, whose keys refuse any double, whoever writes. Under the
-- lot's lock the holds of other orders are respected and the freeze is read: a freeze takes the lot's
-- lock before it is written, so the two cannot pass each other. Answers the
-- cancellation, and whether this call made it.
CREATE OR REPLACE FUNCTION registry_cancel(
  p_lot bigint, p_quantity bigint, p_buyer bigint, p_key uuid, p_order_key uuid,
  p_beneficiary bytea, p_effective_at timestamptz, OUT o_cancellation bigint, OUT o_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_lot registry_lot; v_same boolean; v_held bigint; v_from bigint;
  v_frozen boolean;
BEGIN
  SELECT id, lot_id = p_lot AND e - s + 1 = p_quantity AND buyer = p_buyer INTO o_cancellation, v_same
    FROM registry_cancellation WHERE key = p_key;
  o_new := NOT FOUND;
  IF NOT o_new THEN
    IF v_same THEN RETURN; END IF;
    PERFORM registry_refuse('LG422', 'R702', 'This key was used for another request.');
  END IF;

  UPDATE registry_lot SET next_serial = next_serial + p_quantity
    WHERE id = p_lot AND p_quantity > 0 AND next_serial + p_quantity <= hi + 1
    RETURNING * INTO v_lot;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R315', 'There is no such lot.')
      WHERE NOT EXISTS (SELECT FROM registry_lot WHERE id = p_lot);
    PERFORM registry_refuse('LG409', 'R316', 'Not so many tonnes are left.',
      'quantity');
  END IF;

  SELECT sum(quantity) INTO v_held FROM registry_hold
    WHERE lot_id = p_lot AND expires_at > p_effective_at AND order_key <> p_order_key;
  IF v_lot.next_serial + v_held > v_lot.hi + 1 THEN
    PERFORM registry_refuse('LG409', 'R317',
      'Not so many tonnes are left: others are held for buyers.', 'quantity');
  END IF;
  SELECT b.account_id, b.frozen_by IS NOT NULL OR a.frozen_by IS NOT NULL INTO v_from, v_frozen
    FROM registry_block b JOIN registry_account a ON a.id = b.account_id
    WHERE b.id = v_lot.block_id;
  IF v_frozen THEN
    PERFORM registry_refuse('LG423', 'R503', 'These units are frozen.');
  END IF;

  o_cancellation := registry_link(v_lot, v_lot.next_serial - p_quantity, v_lot.next_serial - 1, 'c',
    p_buyer, p_key, p_beneficiary, NULL, v_from, registry_voluntary(), p_effective_at);
  DELETE FROM registry_hold WHERE lot_id = p_lot AND order_key = p_order_key;
END $$;

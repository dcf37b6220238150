-- Verb of housekeeping: lots that are sold out end, and their blocks move to the voluntary cancellation
-- account, where their units were posted when they were sold. Answers how many. Cold on purpose: the
-- last sale of a lot would else lock issuance and block, to the left of the lot that it holds.
CREATE OR REPLACE FUNCTION registry_close_lots(p_effective_at timestamptz, p_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_sold_out bigint[]; v_lot registry_lot; v_closed bigint[] := '{}'; v_facts jsonb;
BEGIN
  v_sold_out := ARRAY(
    SELECT l.id FROM registry_lot l JOIN registry_block b ON b.id = l.block_id
    WHERE l.end_key IS NULL AND l.next_serial > l.hi AND b.frozen_by IS NULL
    ORDER BY l.id LIMIT p_limit);
  PERFORM id FROM registry_issuance
    WHERE id IN (SELECT issuance_id FROM registry_lot WHERE id = ANY (v_sold_out))
    ORDER BY id FOR NO KEY UPDATE;
  FOR v_lot IN
    SELECT l.* FROM registry_lot l JOIN registry_block b ON b.id = l.block_id
    WHERE l.id = ANY (v_sold_out) AND l.end_key IS NULL AND b.frozen_by IS NULL
    ORDER BY l.id FOR NO KEY UPDATE
  LOOP
    PERFORM registry_end_lot(v_lot, NULL, p_effective_at);
    v_closed := v_closed || v_lot.id;
  END LOOP;
  IF cardinality(v_closed) > 0 THEN
    v_facts := jsonb_build_object('lots', to_jsonb(v_closed));
    PERFORM registry_book(nextval('registry_transaction_id_seq'), uuidv7(), 'close',
      registry_leaf(v_facts), v_facts, 0, NULL, p_effective_at);
  END IF;
  RETURN cardinality(v_closed);
END $$;

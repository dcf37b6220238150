-- Verb: put units on offer. They stay in their account; a lot on their block says that they can only be
-- sold or released. Lowest serial first, one lot for each block. Answers the lots, and whether
-- this call opened them.
CREATE OR REPLACE FUNCTION registry_earmark(
  p_account bigint, p_project text, p_cp integer, p_quantity bigint, p_initiator bigint,
  p_key uuid, p_effective_at timestamptz, OUT o_lots bigint[], OUT o_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_tx bigint; v_request bytea; v_blocks bigint[]; v_issuances bigint[];
BEGIN
  IF p_quantity IS NULL OR p_quantity < 1 THEN
    PERFORM registry_refuse('LG422', 'R301', 'Enter a whole number of units, 1 or more.',
      'quantity');
  END IF;
  v_request := registry_leaf(jsonb_build_array('earmark', p_account, p_project, p_cp, p_quantity));
  v_tx := registry_booked(p_key, v_request);
  o_new := v_tx IS NULL;
  IF NOT o_new THEN
    o_lots := ARRAY(SELECT id FROM registry_lot WHERE tx_id = v_tx ORDER BY id);
    RETURN;
  END IF;
  PERFORM registry_refuse('LG409', 'R312', 'Units of this account are not offered.')
    FROM registry_account WHERE id = p_account
      AND (kind NOT IN (100, 110, 120, 121) OR adaptation_fund OR external);
  v_issuances := registry_lock_issuances(p_project);
  PERFORM registry_use_accounts(p_account);
  PERFORM registry_ask_standing(p_account, registry_voluntary());
  v_blocks := registry_take(p_account, p_project, 5::smallint, p_cp::smallint, p_quantity,
    v_issuances);
  v_tx := nextval('registry_transaction_id_seq');
  WITH opened AS (
    INSERT INTO registry_lot (issuance_id, block_id, tx_id, lo, hi, kept_hi, next_serial)
    SELECT issuance_id, id, v_tx, lo, hi, hi, lo FROM registry_block
    WHERE id = ANY (v_blocks) ORDER BY issuance_id, lo
    RETURNING id)
  SELECT array_agg(id ORDER BY id) INTO o_lots FROM opened;
  PERFORM registry_book(v_tx, p_key, 'earmark', v_request, jsonb_build_object(
    'account', p_account, 'lots', (SELECT jsonb_agg(jsonb_build_array(id, issuance_id, lo, hi)
      ORDER BY id) FROM registry_lot WHERE tx_id = v_tx)), p_initiator, NULL, p_effective_at);
END $$;

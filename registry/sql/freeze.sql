-- Verb: freeze an account or a block. It takes the locks of a move, so that nothing is in flight when it
-- is written: it waits for movers (who share the account's lock) and for sales (who hold the lot's).
-- Lifting it is a measure of two persons (measures.sql).

CREATE OR REPLACE FUNCTION registry_set_freeze(
  p_account bigint, p_block bigint, p_person bigint) RETURNS bigint  -- who had frozen it, or NULL
LANGUAGE plpgsql AS $$
DECLARE v_before bigint;
BEGIN
  IF p_block IS NOT NULL THEN
    PERFORM i.id FROM registry_issuance i JOIN registry_block b ON b.issuance_id = i.id
      WHERE b.id = p_block FOR NO KEY UPDATE OF i;
    SELECT frozen_by INTO v_before FROM registry_block WHERE id = p_block FOR NO KEY UPDATE;
  ELSE
    SELECT frozen_by INTO v_before FROM registry_account WHERE id = p_account FOR UPDATE;
  END IF;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R507', 'There is no such account or block.');
  END IF;
  PERFORM registry_refuse('LG423', 'R217', format('Account %s is closed.', number))
    FROM registry_account WHERE id = p_account AND closed_at IS NOT NULL;
  PERFORM l.id FROM registry_lot l JOIN registry_block b ON b.id = l.block_id
    WHERE b.id = p_block OR b.account_id = p_account ORDER BY l.id FOR NO KEY UPDATE OF l;
  UPDATE registry_block SET frozen_by = p_person WHERE id = p_block;
  UPDATE registry_account SET frozen_by = p_person WHERE id = p_account;
  RETURN v_before;
END $$;

CREATE OR REPLACE FUNCTION registry_freeze(
  p_account bigint, p_block bigint, p_person bigint, p_reason text, p_effective_at timestamptz)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_facts jsonb;
BEGIN
  IF num_nonnulls(p_account, p_block) <> 1 OR p_person IS NULL
     OR btrim(coalesce(p_reason, '')) = '' THEN
    PERFORM registry_refuse('LG422', 'R505', 'Say what is frozen, and why.', 'reason');
  END IF;
  IF registry_set_freeze(p_account, p_block, p_person) IS NOT NULL THEN
    PERFORM registry_refuse('LG423', 'R504', 'This is frozen already.');
  END IF;
  v_facts := jsonb_build_object('account', p_account, 'block', p_block, 'reason', btrim(p_reason));
  RETURN registry_book(nextval('registry_transaction_id_seq'), uuidv7(), 'freeze',
    registry_leaf(v_facts), v_facts, p_person, NULL, p_effective_at);
END $$;

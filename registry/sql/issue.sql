-- Verb: issue what a released instruction line says. One line issues once (K3): a second call, a call
-- at the same moment, or a call after a kill answers the same issuance.
--
-- Units go to the pending account, the share of proceeds from the end of the block to the Adaptation
-- Fund's account in the same transaction (decisions, 5). The Party's row is the lock and the counter.
CREATE OR REPLACE FUNCTION registry_issue(
  p_line bigint, p_effective_at timestamptz, OUT o_issuance bigint, OUT o_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_line registry_instructionline; v_tx bigint; v_lo bigint; v_hi bigint;
  v_share_lo bigint;
BEGIN
  SELECT * INTO v_line FROM registry_instructionline WHERE id = p_line FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R601', 'There is no such instruction.');
  END IF;
  SELECT id INTO o_issuance FROM registry_issuance WHERE line_id = p_line;
  o_new := NOT FOUND;
  IF NOT o_new THEN RETURN; END IF;
  IF v_line.releaser IS NULL THEN
    PERFORM registry_refuse('LG409', 'R602',
      'The instruction has not been released by a second person.');
  END IF;

  UPDATE registry_party SET next_serial = next_serial + v_line.quantity
    WHERE code = v_line.party_id RETURNING next_serial - v_line.quantity INTO v_lo;
  v_hi := v_lo + v_line.quantity - 1;
  v_share_lo := v_hi - v_line.share_of_proceeds + 1;
  PERFORM registry_use_accounts(registry_pending(), registry_adaptation());

  v_tx := nextval('registry_transaction_id_seq');
  INSERT INTO registry_issuance (tx_id, party_id, lo, hi, unit_type, original_cp, applicable_cp,
    lulucf, project_number, line_id, expires_on, effective_at, xid, at, leaf)
  VALUES (v_tx, v_line.party_id, v_lo, v_hi, v_line.unit_type, v_line.commitment_period,
    v_line.commitment_period, 0, v_line.project_number, p_line, v_line.expires_on,
    p_effective_at, 0, p_effective_at, '')  -- the last three are stamped
  RETURNING id INTO o_issuance;
  INSERT INTO registry_block (issuance_id, i_lo, i_hi, lo, hi, account_id)
  SELECT o_issuance, v_lo, v_hi, part.lo, part.hi, part.account
  FROM (VALUES (v_lo, v_share_lo - 1, registry_pending()),
               (v_share_lo, v_hi, registry_adaptation())) AS part (lo, hi, account)
  WHERE part.lo <= part.hi;
  INSERT INTO registry_posting (tx_id, issuance_id, lo, hi, dr, cr)
  VALUES (v_tx, o_issuance, v_lo, v_hi, registry_source(), registry_pending());
  IF v_line.share_of_proceeds > 0 THEN
    INSERT INTO registry_posting (tx_id, issuance_id, lo, hi, dr, cr)
    VALUES (v_tx, o_issuance, v_share_lo, v_hi, registry_pending(), registry_adaptation());
  END IF;
  PERFORM registry_mark(v_line.key, '{2,4}', v_line.releaser, p_effective_at);
  PERFORM registry_book(v_tx, v_line.key, 'issue', v_line.sha256,
    jsonb_build_object('line', p_line, 'issuance', o_issuance, 'way', registry_way(v_line.key)),
    v_line.initiator, v_line.releaser, p_effective_at);
END $$;

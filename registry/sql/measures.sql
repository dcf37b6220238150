-- Verbs: stop the registry; propose a measure (trust an account, trust it no longer, lift a freeze, lift what
-- restricts an account, let the registry move again) and have a second person decide on it.

-- Anybody who may can stop alone and at once; it waits for nobody.
CREATE OR REPLACE FUNCTION registry_halt(p_person bigint, p_reason text, p_effective_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_tx bigint := nextval('registry_transaction_id_seq'); v_facts jsonb;
BEGIN
  IF btrim(coalesce(p_reason, '')) = '' THEN
    PERFORM registry_refuse('LG422', 'R505', 'Say what is stopped, and why.', 'reason');
  END IF;
  INSERT INTO registry_stop (tx_id) VALUES (v_tx) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG409', 'R506', 'The registry is stopped already.');
  END IF;
  v_facts := jsonb_build_object('reason', btrim(p_reason));
  RETURN registry_book(v_tx, uuidv7(), 'stop', registry_leaf(v_facts), v_facts, p_person, NULL,
    p_effective_at);
END $$;

CREATE OR REPLACE FUNCTION registry_measure_hash(p registry_measure) RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN registry_leaf(jsonb_build_array('measure', p.key, p.verb, p.account_id, p.block_id,
    p.trusted_id, p.reason, p.initiator));
END $$;

-- Whether a measure makes sense as things stand; asked when it is proposed and when it is executed.
CREATE OR REPLACE FUNCTION registry_ask_measure(p registry_measure) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_trusted boolean;
BEGIN
  IF p.verb IN ('trust', 'distrust') THEN
    PERFORM registry_held_account(p.account_id);
    SELECT EXISTS (SELECT FROM registry_trustedaccount WHERE account_id = p.account_id
      AND trusted_id = p.trusted_id AND until IS NULL) INTO v_trusted;
    PERFORM registry_refuse('LG409', 'R415', 'Only an open account of a national registry is trusted.',
      'trusted') WHERE p.verb = 'trust' AND NOT EXISTS (
        SELECT FROM registry_account WHERE id = p.trusted_id AND external AND NOT terminal
          AND closed_at IS NULL);
    IF p.verb = 'trust' AND v_trusted THEN
      PERFORM registry_refuse('LG409', 'R414', 'This account is trusted already.', 'trusted');
    END IF;
    IF p.verb = 'distrust' AND NOT v_trusted THEN
      PERFORM registry_refuse('LG409', 'R416', 'This account is not trusted.', 'trusted');
    END IF;
  ELSIF p.verb = 'unfreeze' THEN
    IF num_nonnulls(p.account_id, p.block_id) <> 1 THEN
      PERFORM registry_refuse('LG422', 'R505', 'Say what is to move again.', 'reason');
    END IF;
    PERFORM registry_refuse('LG404', 'R507', 'There is no such account or block.')
      WHERE NOT EXISTS (SELECT FROM registry_account WHERE id = p.account_id
        UNION ALL SELECT FROM registry_block WHERE id = p.block_id);
    PERFORM registry_refuse('LG409', 'R417', 'This is not frozen.')
      WHERE NOT EXISTS (
        SELECT FROM registry_account WHERE id = p.account_id AND frozen_by IS NOT NULL
        UNION ALL SELECT FROM registry_block WHERE id = p.block_id AND frozen_by IS NOT NULL);
  ELSIF p.verb = 'lift' THEN
    PERFORM registry_held_account(p.account_id);
    PERFORM registry_refuse('LG409', 'R422', 'This account is neither restricted nor suspended.')
      FROM registry_account WHERE id = p.account_id AND standing IN ('open', 'closure_pending');
  ELSIF p.verb = 'resume' THEN
    PERFORM registry_refuse('LG409', 'R418', 'The registry is not stopped.')
      WHERE NOT EXISTS (SELECT FROM registry_stop WHERE resumed_id IS NULL);
  ELSE
    PERFORM registry_refuse('LG422', 'R419', 'There is no such measure.');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION registry_propose_measure(
  p_verb text, p_account bigint, p_block bigint, p_trusted bigint, p_reason text, p_initiator bigint,
  p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_measure;
BEGIN
  v.key := uuidv7(); v.verb := p_verb; v.account_id := p_account; v.block_id := p_block;
  v.trusted_id := p_trusted; v.reason := btrim(coalesce(p_reason, '')); v.initiator := p_initiator;
  IF v.reason = '' THEN
    PERFORM registry_refuse('LG422', 'R412', 'Say why.', 'reason');
  END IF;
  PERFORM registry_ask_measure(v);
  INSERT INTO registry_measure (key, verb, account_id, block_id, trusted_id, reason, sha256,
    initiator, at, state, decision)
  VALUES (v.key, v.verb, v.account_id, v.block_id, v.trusted_id, v.reason, registry_measure_hash(v),
    v.initiator, p_effective_at, 'proposed', '')
  ON CONFLICT DO NOTHING RETURNING id INTO v.id;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG409', 'R413', 'The same is proposed already and waits for a second person.');
  END IF;
  RETURN v.id;
END $$;

-- Does what a measure says; p_delay passes before a newly trusted account counts. A freeze comes off under
-- the locks with which it was put on.
CREATE OR REPLACE FUNCTION registry_do_measure(p registry_measure, p_tx bigint, p_delay interval)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  CASE p.verb
    WHEN 'trust' THEN
      INSERT INTO registry_trustedaccount (account_id, trusted_id, since)
      VALUES (p.account_id, p.trusted_id, cdm_now() + greatest(p_delay, interval '0'));
    WHEN 'distrust' THEN
      UPDATE registry_trustedaccount SET until = cdm_now()
      WHERE account_id = p.account_id AND trusted_id = p.trusted_id AND until IS NULL;
    WHEN 'unfreeze' THEN
      PERFORM registry_set_freeze(p.account_id, p.block_id, NULL);
    WHEN 'lift' THEN
      PERFORM registry_lock_standing(p.account_id);
      UPDATE registry_account SET standing = 'open' WHERE id = p.account_id;
    WHEN 'resume' THEN
      UPDATE registry_stop SET resumed_id = p_tx WHERE resumed_id IS NULL;
  END CASE;
END $$;

CREATE OR REPLACE FUNCTION registry_approve_measure(
  p_measure bigint, p_approver bigint, p_seen bytea, p_delay interval, p_effective_at timestamptz,
  OUT o_tx bigint, OUT o_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_measure;
BEGIN
  SELECT * INTO v FROM registry_measure WHERE id = p_measure FOR NO KEY UPDATE;
  IF NOT FOUND THEN PERFORM registry_refuse('LG404', 'R411', 'There is no such measure.'); END IF;
  o_new := v.state <> 'executed' OR v.decided_by <> p_approver;
  IF NOT o_new THEN o_tx := v.tx_id; RETURN; END IF;  -- asked twice
  IF v.state <> 'proposed' THEN
    PERFORM registry_refuse('LG409', 'R410', 'This measure was decided before.');
  END IF;
  IF v.sha256 <> registry_measure_hash(v) OR v.sha256 <> coalesce(p_seen, v.sha256) THEN
    PERFORM registry_refuse('LG409', 'R409',
      'What is to be approved is not what was proposed. Look at it again.');
  END IF;
  o_tx := nextval('registry_transaction_id_seq');
  UPDATE registry_measure SET state = 'executed', decided_by = p_approver,
    decided_at = p_effective_at, tx_id = o_tx WHERE id = p_measure;
  PERFORM registry_ask_measure(v);
  PERFORM registry_do_measure(v, o_tx, p_delay);
  PERFORM registry_book(o_tx, v.key, v.verb, v.sha256, jsonb_build_object('measure', v.id,
    'account', v.account_id, 'block', v.block_id, 'trusted', v.trusted_id, 'reason', v.reason),
    v.initiator, p_approver, p_effective_at);
END $$;

CREATE OR REPLACE FUNCTION registry_reject_measure(
  p_measure bigint, p_person bigint, p_reason text, p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_measure;
BEGIN
  SELECT * INTO v FROM registry_measure WHERE id = p_measure FOR NO KEY UPDATE;
  IF NOT FOUND THEN PERFORM registry_refuse('LG404', 'R411', 'There is no such measure.'); END IF;
  IF btrim(coalesce(p_reason, '')) = '' THEN
    PERFORM registry_refuse('LG422', 'R405', 'Say why it is rejected.', 'reason');
  END IF;
  IF v.state <> 'proposed' THEN
    PERFORM registry_refuse('LG409', 'R410', 'This measure was decided before.');
  END IF;
  UPDATE registry_measure SET state = 'rejected', decided_by = p_person, decided_at = p_effective_at,
    decision = btrim(p_reason) WHERE id = p_measure;
  RETURN p_measure;
END $$;

-- Verbs: propose a transaction, have a second person approve it, execute it when its delay is over, or
-- reject it. Three kinds move units at a proposal: forwarding (type 10) from the pending account to a
-- holding account, external transfer (type 3) to an account of a national registry, cancellation (type 4)
-- to a cancellation account. From holding account to holding account nothing moves (open point m of the
-- domain file: refused).

-- Which verb moves units from one account to the other; refuses what no verb does.
CREATE OR REPLACE FUNCTION registry_verb_between(p_from bigint, p_to bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE v_from registry_account; v_to registry_account;
BEGIN
  SELECT * INTO v_from FROM registry_account WHERE id = p_from;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R205', 'There is no such account.');
  END IF;
  SELECT * INTO v_to FROM registry_account WHERE id = p_to;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R205', 'There is no such account.');
  END IF;
  IF p_from = p_to THEN
    PERFORM registry_refuse('LG409', 'R303', 'From an account to itself nothing moves.', 'to_account');
  END IF;
  IF v_from.terminal THEN
    PERFORM registry_refuse('LG423', 'R304', 'Nothing leaves a cancellation account.');
  END IF;
  IF v_from.adaptation_fund OR v_to.adaptation_fund THEN
    PERFORM registry_refuse('LG409', 'R307',
      'The Adaptation Fund’s account takes the share of proceeds and nothing else.', 'to_account');
  END IF;
  IF v_from.kind IN (100, 110, 120, 121) AND NOT v_from.external THEN
    IF v_to.kind IN (230, 240, 250, 260) AND NOT v_to.external THEN
      RETURN 'cancel';
    END IF;
    IF v_to.kind IN (100, 121) AND v_to.external THEN
      RETURN 'transfer';
    END IF;
    IF v_from.kind = 110 AND v_to.kind IN (100, 120, 121) THEN
      RETURN 'forward';
    END IF;
  END IF;
  PERFORM registry_refuse('LG409', 'R305', format(
    'Units do not move from account %s to account %s.', v_from.number, v_to.number), 'to_account');
END $$;

-- Units leave the pending account only for somebody whom a letter on file authorises for the project;
-- for an account of a national registry, whoever holds it, that is a letter of its Party.
CREATE OR REPLACE FUNCTION registry_ask_authorisation(p_project text, p_from bigint, p_to bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM registry_refuse('LG409', 'R306', format(CASE WHEN t.external
    THEN 'No letter of the Party of account %s authorises it for project %s.'
    ELSE 'The holder of account %s is no authorised participant of project %s.' END,
    t.number, p_project), 'to_account')
  FROM registry_account f, registry_account t
  WHERE f.id = p_from AND t.id = p_to AND f.kind = 110 AND NOT t.terminal AND NOT EXISTS (
    SELECT FROM registry_authorisation a WHERE a.project_number = p_project AND a.until IS NULL
      AND CASE WHEN t.external THEN a.party_id = t.party_id ELSE a.holder_id = t.holder_id END);
END $$;

-- The units are reserved at once, so that nothing else takes them. A key that is in use at this moment is
-- refused, a repeated one answers its proposal.
CREATE OR REPLACE FUNCTION registry_propose(
  p_project text, p_from bigint, p_to bigint, p_quantity bigint, p_cp integer, p_unit_type integer,
  p_party text, p_lo bigint, p_hi bigint, p_initiator bigint, p_key uuid, p_effective_at timestamptz,
  OUT o_proposal bigint, OUT o_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_proposal; v_issuances bigint[];
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended(p_key::text, 0)) THEN
    PERFORM registry_refuse('LG409', 'R703', 'A request with this key is still running.');
  END IF;
  SELECT * INTO v FROM registry_proposal WHERE key = p_key;
  o_new := NOT FOUND;
  IF NOT o_new THEN
    IF (v.project_number, v.from_account_id, v.to_account_id, v.quantity, v.commitment_period,
        v.unit_type, v.party_id, v.lo, v.hi, v.initiator) IS DISTINCT FROM
       (p_project, p_from, p_to, p_quantity, p_cp::smallint, p_unit_type::smallint, p_party::bpchar,
        p_lo, p_hi, p_initiator) THEN
      PERFORM registry_refuse('LG422', 'R702', 'This key was used for another request.');
    END IF;
    o_proposal := v.id;
    RETURN;
  END IF;
  IF p_quantity IS NULL OR p_quantity < 1 THEN
    PERFORM registry_refuse('LG422', 'R301', 'Enter a whole number of units, 1 or more.', 'quantity');
  END IF;
  IF p_lo IS NOT NULL THEN
    PERFORM registry_issuance_of(p_party, p_lo, p_hi, p_project, p_unit_type, p_cp);
  END IF;
  v.verb := registry_verb_between(p_from, p_to);
  PERFORM registry_ask_authorisation(p_project, p_from, p_to);
  v_issuances := registry_lock_issuances(p_project);
  PERFORM registry_use_accounts(p_from, p_to);
  PERFORM registry_ask_standing(p_from, p_to);
  v.key := p_key; v.project_number := p_project; v.unit_type := p_unit_type;
  v.commitment_period := p_cp; v.quantity := p_quantity; v.party_id := p_party; v.lo := p_lo;
  v.hi := p_hi; v.from_account_id := p_from; v.to_account_id := p_to; v.initiator := p_initiator;
  INSERT INTO registry_proposal (key, verb, project_number, unit_type, commitment_period, quantity,
    party_id, lo, hi, from_account_id, to_account_id, sha256, initiator, at, state, reason)
  VALUES (v.key, v.verb, v.project_number, v.unit_type, v.commitment_period, v.quantity, v.party_id,
    v.lo, v.hi, v.from_account_id, v.to_account_id, registry_proposal_hash(v), v.initiator,
    p_effective_at, 'proposed', '')
  RETURNING id INTO o_proposal;
  PERFORM registry_reserve(o_proposal, v_issuances);
  PERFORM registry_mark(p_key, '{0}', p_initiator, p_effective_at);
END $$;

-- Cancels whole blocks outside the shop. The same chain guards them: a lot on each block, sold at once.
CREATE OR REPLACE FUNCTION registry_cancel_blocks(
  p_tx bigint, p_blocks bigint[], p_to bigint, p_effective_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_block registry_block; v_lot registry_lot;
BEGIN
  FOR v_block IN
    SELECT * FROM registry_block WHERE id = ANY (p_blocks) ORDER BY issuance_id, lo
  LOOP
    INSERT INTO registry_lot (issuance_id, block_id, tx_id, lo, hi, kept_hi, next_serial)
    VALUES (v_block.issuance_id, v_block.id, p_tx, v_block.lo, v_block.hi, v_block.hi,
      v_block.hi + 1)
    RETURNING * INTO v_lot;
    PERFORM registry_link(v_lot, v_lot.lo, v_lot.hi, 'c', 0, uuidv7(), NULL, p_tx,
      v_block.account_id, p_to, p_effective_at);
    UPDATE registry_lot SET end_key = hi + 1 WHERE id = v_lot.id;
    UPDATE registry_block SET account_id = p_to, reserved_for_id = NULL WHERE id = v_block.id;
  END LOOP;
END $$;

-- Ends a proposal without a movement and lets go of its units.
CREATE OR REPLACE FUNCTION registry_end_proposal(
  p registry_proposal, p_state text, p_way integer[], p_person bigint, p_reason text,
  p_effective_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM registry_let_go(p);
  UPDATE registry_proposal SET state = p_state, decided_by = p_person, decided_at = p_effective_at,
    reason = p_reason WHERE id = p.id;
  PERFORM registry_mark(p.key, p_way, p_person, p_effective_at);
END $$;

-- Moves what an approved proposal reserved; answers the transaction, or NULL where the independent journal
-- or the acquiring registry says no. The proposal is locked by the caller.
CREATE OR REPLACE FUNCTION registry_carry_out(p_proposal bigint, p_effective_at timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE v registry_proposal; v_to registry_account; v_blocks bigint[]; v_tx bigint;
BEGIN
  SELECT * INTO STRICT v FROM registry_proposal WHERE id = p_proposal;
  PERFORM registry_ask_authorisation(v.project_number, v.from_account_id, v.to_account_id);
  PERFORM registry_lock_issuances(v.project_number);
  SELECT * INTO v_to FROM registry_account WHERE id = v.to_account_id FOR SHARE;
  IF v_to.external AND (v_to.closed_at IS NOT NULL OR v_to.frozen_by IS NOT NULL) THEN
    PERFORM registry_end_proposal(v, 'declined', '{2,6}', v.approved_by,
      'The acquiring registry takes nothing into this account.', p_effective_at);
    RETURN NULL;
  END IF;
  PERFORM registry_use_accounts(v.from_account_id, v.to_account_id);
  PERFORM registry_ask_standing(v.from_account_id, v.to_account_id);
  PERFORM registry_refuse('LG423', 'R322', 'Some of the units are frozen.')
    FROM registry_block WHERE reserved_for_id = v.id AND frozen_by IS NOT NULL LIMIT 1;
  IF NOT registry_log_agrees(v) THEN
    PERFORM registry_end_proposal(v, 'terminated', '{3,5}', v.approved_by,
      'The journal of postings does not agree with the blocks.', p_effective_at);
    RETURN NULL;
  END IF;
  v_tx := nextval('registry_transaction_id_seq');
  UPDATE registry_proposal SET state = 'executed', decided_by = v.approved_by,
    decided_at = p_effective_at, tx_id = v_tx WHERE id = v.id;
  v_blocks := ARRAY(SELECT id FROM registry_block WHERE reserved_for_id = v.id
    ORDER BY issuance_id, lo);
  IF v.verb = 'cancel' THEN
    PERFORM registry_cancel_blocks(v_tx, v_blocks, v.to_account_id, p_effective_at);
  ELSE
    PERFORM registry_move(v_tx, v_blocks, v.to_account_id);
  END IF;
  PERFORM registry_mark(v.key, CASE v.verb WHEN 'transfer' THEN '{2,8,4}'::integer[]
    ELSE '{2,4}' END, v.approved_by, p_effective_at);
  RETURN registry_book(v_tx, v.key, v.verb, v.sha256, jsonb_build_object(
    'proposal', v.id, 'way', registry_way(v.key)), v.initiator, v.approved_by, p_effective_at);
END $$;

-- The approver saw p_seen (NULL: did not look at a page); what is executed is what was proposed. A transfer
-- to an account that is not trusted waits p_delay first, by the database's clock; then o_tx is NULL.
CREATE OR REPLACE FUNCTION registry_approve(
  p_proposal bigint, p_approver bigint, p_seen bytea, p_delay interval, p_effective_at timestamptz,
  OUT o_tx bigint, OUT o_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_proposal; v_after timestamptz := cdm_now();
BEGIN
  SELECT * INTO v FROM registry_proposal WHERE id = p_proposal FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R404', 'There is no such proposal.');
  END IF;
  o_new := v.approved_by IS DISTINCT FROM p_approver OR v.state IN ('rejected', 'lapsed');
  IF NOT o_new THEN o_tx := v.tx_id; RETURN; END IF;  -- asked twice
  IF v.state <> 'proposed' THEN
    PERFORM registry_refuse('LG409', 'R403', 'This proposal was decided before.');
  END IF;
  IF v.sha256 <> registry_proposal_hash(v) OR v.sha256 <> coalesce(p_seen, v.sha256) THEN
    PERFORM registry_refuse('LG409', 'R402',
      'What is to be approved is not what was proposed. Look at it again.');
  END IF;
  IF v.verb = 'transfer' AND NOT EXISTS (
    SELECT FROM registry_trustedaccount WHERE account_id = v.from_account_id
      AND trusted_id = v.to_account_id AND until IS NULL AND since <= v_after) THEN
    v_after := v_after + greatest(p_delay, interval '0');
  END IF;
  -- One person's second yes is refused here, before anything moves.
  UPDATE registry_proposal SET state = 'approved', approved_by = p_approver,
    approved_at = p_effective_at, execute_after = v_after WHERE id = p_proposal;
  PERFORM registry_mark(v.key, '{1}', p_approver, p_effective_at);
  IF v_after <= cdm_now() THEN
    o_tx := registry_carry_out(p_proposal, p_effective_at);
  ELSE
    PERFORM registry_use_accounts(v.from_account_id, v.to_account_id);
    PERFORM registry_ask_standing(v.from_account_id, v.to_account_id);
  END IF;
END $$;

-- Executes an approved proposal whose delay is over; NULL where it ended without a movement.
CREATE OR REPLACE FUNCTION registry_execute(p_proposal bigint, p_effective_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_proposal;
BEGIN
  SELECT * INTO v FROM registry_proposal WHERE id = p_proposal FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R404', 'There is no such proposal.');
  END IF;
  IF v.state = 'executed' THEN RETURN v.tx_id; END IF;  -- another run was first
  IF v.state <> 'approved' THEN
    PERFORM registry_refuse('LG409', 'R407', 'No second person has approved this proposal.');
  END IF;
  IF v.execute_after > cdm_now() THEN
    PERFORM registry_refuse('LG409', 'R406', format('It is executed after %s UTC, not before.',
      to_char(v.execute_after AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')));
  END IF;
  RETURN registry_carry_out(p_proposal, p_effective_at);
END $$;

-- Refused by a second person, withdrawn by the first, or aborted by anybody who may, until it is executed.
CREATE OR REPLACE FUNCTION registry_reject(
  p_proposal bigint, p_person bigint, p_reason text, p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_proposal;
BEGIN
  SELECT * INTO v FROM registry_proposal WHERE id = p_proposal FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R404', 'There is no such proposal.');
  END IF;
  IF btrim(coalesce(p_reason, '')) = '' THEN
    PERFORM registry_refuse('LG422', 'R405', 'Say why it is rejected.', 'reason');
  END IF;
  IF v.state NOT IN ('proposed', 'approved') THEN
    PERFORM registry_refuse('LG409', 'R403', 'This proposal was decided before.');
  END IF;
  PERFORM registry_end_proposal(v, 'rejected', '{7}', p_person, btrim(p_reason), p_effective_at);
  RETURN p_proposal;
END $$;

-- Approved proposals that were not finished p_wait after they could have been: cancelled by the log.
CREATE OR REPLACE FUNCTION registry_lapse_proposals(
  p_wait interval, p_limit integer, p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_proposal; v_count bigint := 0;
BEGIN
  FOR v IN SELECT * FROM registry_proposal
    WHERE state = 'approved' AND execute_after + p_wait < cdm_now()
    ORDER BY id LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED
  LOOP
    PERFORM registry_end_proposal(v, 'lapsed', '{7}', 0, 'Not finished in time.', p_effective_at);
    v_count := v_count + 1;
  END LOOP;
  RETURN v_count;
END $$;

-- What proposals share: the units that wait for them, and the steps of their way. Not granted.

-- Blocks of issuances in an account that are free to move: not frozen, not reserved, not on offer; lowest
-- first.
CREATE OR REPLACE FUNCTION registry_free_blocks(
  p_account bigint, p_issuances bigint[], p_unit_type smallint, p_cp smallint)
RETURNS SETOF registry_block LANGUAGE sql STABLE AS $$
  SELECT b.* FROM registry_block b JOIN registry_issuance i ON i.id = b.issuance_id
  WHERE b.account_id = p_account AND b.issuance_id = ANY (p_issuances) AND i.unit_type = p_unit_type
    AND (p_cp IS NULL OR i.applicable_cp = p_cp)
    AND b.frozen_by IS NULL AND b.reserved_for_id IS NULL
    AND NOT EXISTS (SELECT FROM registry_lot l WHERE l.block_id = b.id)
  ORDER BY i.party_id, b.lo
$$;

-- What was proposed, as one hash. Named serials join it only where there are any.
CREATE OR REPLACE FUNCTION registry_proposal_hash(p registry_proposal) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT registry_leaf(jsonb_build_array('proposal', p.key, p.verb, p.project_number, p.unit_type,
    p.commitment_period, p.quantity, p.from_account_id, p.to_account_id, p.initiator)
    || CASE WHEN p.lo IS NULL THEN '[]' ELSE jsonb_build_array(p.party_id, p.lo, p.hi) END)
$$;

-- Writes the next steps of a transaction's way. The caller holds its proposal or line.
CREATE OR REPLACE FUNCTION registry_mark(
  p_key uuid, p_states integer[], p_person bigint, p_effective_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_n integer; v_was integer;
BEGIN
  SELECT n, state INTO v_n, v_was FROM registry_transactionstate
    WHERE key = p_key ORDER BY n DESC LIMIT 1;
  v_n := coalesce(v_n, 0);
  INSERT INTO registry_transactionstate (key, n, was, state, person, at, effective_at)
  SELECT p_key, v_n + step, CASE WHEN step = 1 THEN v_was ELSE p_states[step - 1] END,
    p_states[step], p_person, p_effective_at, p_effective_at  -- `at` is stamped
  FROM generate_subscripts(p_states, 1) AS step ORDER BY step;
END $$;

-- The way as it stands, for the booking: so the leaf of the transaction covers it.
CREATE OR REPLACE FUNCTION registry_way(p_key uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_agg(jsonb_build_array(state, person, registry_moment(at)) ORDER BY n)
  FROM registry_transactionstate WHERE key = p_key
$$;

-- Exactly these serials, which may lie in several blocks of one account; answers the blocks.
CREATE OR REPLACE FUNCTION registry_take_exactly(
  p_account bigint, p_issuance bigint, p_lo bigint, p_hi bigint) RETURNS bigint[]
LANGUAGE plpgsql AS $$
DECLARE v_block registry_block; v_taken bigint[] := '{}';
BEGIN
  FOR v_block IN SELECT * FROM registry_block
    WHERE issuance_id = p_issuance AND lo <= p_hi AND hi >= p_lo ORDER BY lo
  LOOP
    IF v_block.account_id <> p_account THEN
      PERFORM registry_refuse('LG409', 'R125', 'Not all of these units are in this account.', 'serials');
    END IF;
    IF v_block.frozen_by IS NOT NULL THEN
      PERFORM registry_refuse('LG423', 'R127', 'Some of these units are frozen.', 'serials');
    END IF;
    IF v_block.reserved_for_id IS NOT NULL THEN
      PERFORM registry_refuse('LG409', 'R128', format(
        'Some of these units are reserved for proposal %s.', v_block.reserved_for_id), 'serials');
    END IF;
    PERFORM registry_refuse('LG409', 'R126', 'Some of these units are on offer.', 'serials')
      FROM registry_lot WHERE block_id = v_block.id;
    PERFORM registry_carve(v_block.id, greatest(v_block.lo, p_lo), least(v_block.hi, p_hi));
    v_taken := v_taken || v_block.id;
    IF cardinality(v_taken) > 3000 THEN
      PERFORM registry_refuse('LG409', 'R308',
        'A transaction holds at most 3,000 blocks: ask for fewer units.', 'serials');
    END IF;
  END LOOP;
  RETURN v_taken;
END $$;

-- The issuance that made the named units. Nothing is said about who holds them.
CREATE OR REPLACE FUNCTION registry_issuance_of(
  p_party text, p_lo bigint, p_hi bigint, p_project text, p_unit_type integer, p_cp integer)
RETURNS registry_issuance LANGUAGE plpgsql AS $$
DECLARE v registry_issuance;
BEGIN
  PERFORM registry_refuse('LG404', 'R121', format('The registry knows no Party %s.', p_party), 'serials')
    WHERE NOT EXISTS (SELECT FROM registry_party WHERE code = p_party);
  SELECT * INTO v FROM registry_issuance WHERE party_id = p_party AND lo <= p_lo
    ORDER BY lo DESC LIMIT 1;
  IF v.hi IS NULL OR p_lo > v.hi THEN
    PERFORM registry_refuse('LG409', 'R122', format(
      'Party %s has not been issued serial %s yet: its serials end at %s.', p_party, p_lo,
      coalesce(v.hi, 0)), 'serials');
  END IF;
  IF p_hi > v.hi THEN
    PERFORM registry_refuse('LG409', 'R123', format(
      'The block ends at %s; serial %s lies beyond it.', v.hi, p_hi), 'serials');
  END IF;
  IF (v.project_number, v.unit_type, v.applicable_cp)
     IS DISTINCT FROM (p_project, p_unit_type::smallint, p_cp::smallint) THEN
    PERFORM registry_refuse('LG409', 'R124', format(
      'These serials of %s were issued for another project, unit type or commitment period.',
      p_party), 'serials');
  END IF;
  RETURN v;
END $$;

-- Reserves the units of a proposal out of the issuances of its project. They and the accounts are locked by
-- the caller.
CREATE OR REPLACE FUNCTION registry_reserve(p_proposal bigint, p_issuances bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v registry_proposal; v_blocks bigint[]; v_issuance registry_issuance;
BEGIN
  SELECT * INTO STRICT v FROM registry_proposal WHERE id = p_proposal;
  IF v.lo IS NULL THEN
    v_blocks := registry_take(v.from_account_id, v.project_number, v.unit_type,
      v.commitment_period, v.quantity, p_issuances);
  ELSE
    v_issuance := registry_issuance_of(
      v.party_id, v.lo, v.hi, v.project_number, v.unit_type, v.commitment_period);
    v_blocks := registry_take_exactly(v.from_account_id, v_issuance.id, v.lo, v.hi);
  END IF;
  -- What has expired leaves circulation: it goes to mandatory or administrative cancellation alone.
  PERFORM registry_refuse('LG409', 'R309', format('Some of these units expired on %s.', i.expires_on))
    FROM registry_block b JOIN registry_issuance i ON i.id = b.issuance_id
    JOIN registry_account t ON t.id = v.to_account_id
    WHERE b.id = ANY (v_blocks) AND i.expires_on < cdm_now()::date AND t.kind NOT IN (250, 260)
    LIMIT 1;
  UPDATE registry_block SET reserved_for_id = v.id WHERE id = ANY (v_blocks);
END $$;

-- Lets go of what a proposal reserved.
CREATE OR REPLACE FUNCTION registry_let_go(p registry_proposal) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM registry_lock_issuances(p.project_number);
  UPDATE registry_block SET reserved_for_id = NULL WHERE reserved_for_id = p.id;
END $$;

-- Whether the journal of postings, which the blocks do not write, says the same as the blocks: the units
-- are as many as proposed, and each was last posted into the account that gives them.
CREATE OR REPLACE FUNCTION registry_log_agrees(p registry_proposal) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(b.hi - b.lo + 1), 0) = p.quantity AND bool_and(coalesce(latest.cr, 0)
      = p.from_account_id AND b.account_id = p.from_account_id)
  FROM registry_block b LEFT JOIN LATERAL (
    SELECT cr FROM registry_posting WHERE issuance_id = b.issuance_id AND lo <= b.lo AND hi >= b.hi
      AND tx_id IS NOT NULL ORDER BY id DESC LIMIT 1) AS latest ON true
  WHERE b.reserved_for_id = p.id
$$;

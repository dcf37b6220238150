-- The import: what the CDM registry has published, booked by the verbs that book everything else. Loaded
-- last of all. Nothing here is granted to anybody: the command connects as the owner, as migrations do.
--
-- A Party's serials belong either to the import or to own issuance (decisions, 4). Which one is not a flag
-- that could be wrong: the Party's first issuance says it, and every later one must be of its kind. The
-- verb holds the Party's row, so two first issuances cannot pass each other.
ALTER TABLE registry_importedline
  ADD CONSTRAINT registry_importedline_line_fk
    FOREIGN KEY (line_id) REFERENCES registry_instructionline (id),
  ADD CONSTRAINT registry_importedline_hash CHECK (octet_length(row_sha256) = 32),
  ADD CONSTRAINT registry_importedline_once UNIQUE (row_sha256);
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_importedline
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();

CREATE FUNCTION registry_one_origin() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_first bigint;
BEGIN
  SELECT line_id INTO v_first FROM registry_issuance WHERE party_id = NEW.party_id AND lo = 1;
  IF FOUND AND EXISTS (SELECT FROM registry_importedline WHERE line_id = v_first)
     <> EXISTS (SELECT FROM registry_importedline WHERE line_id = NEW.line_id) THEN
    PERFORM registry_refuse('LG409', 'R613', format(
      'The serials of Party %s belong to the %s; one registry numbers them, never two.',
      NEW.party_id, CASE WHEN EXISTS (SELECT FROM registry_importedline WHERE line_id = v_first)
        THEN 'imported CDM registry' ELSE 'issuances of this registry' END));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER one_origin BEFORE INSERT ON registry_issuance
  FOR EACH ROW EXECUTE FUNCTION registry_one_origin();

-- Issues rows of the registry's issuance report, in serial order within a Party, one instruction line for
-- each. A row issues once: its hash is the line's reference, so a row that is here already answers itself.
-- A row whose serials are not the next ones of its Party is refused, and with it the whole call. Answers
-- how many were new. Locks all Parties first: a later row must not lock one to the left of what an
-- earlier row holds.
CREATE FUNCTION registry_import_issuances(p_rows jsonb, p_releaser bigint) RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE r record; v_line bigint; v_issued record; v_booked integer := 0; v_lo bigint;
BEGIN
  PERFORM code FROM registry_party
  WHERE code IN (SELECT row ->> 'party' FROM jsonb_array_elements(p_rows) AS row)
  ORDER BY code FOR NO KEY UPDATE;
  FOR r IN SELECT * FROM jsonb_to_recordset(p_rows) AS row (
    hash text, party text, lo bigint, hi bigint, unit_type integer, cp integer, project text,
    expires date, at timestamptz)
  LOOP
    v_line := registry_instruct(r.project, 'UNFCCC ' || r.hash, r.party, r.unit_type, r.cp,
      r.hi - r.lo + 1, 0, r.expires, 0, r.at);
    INSERT INTO registry_importedline (line_id, row_sha256) VALUES (v_line, decode(r.hash, 'hex'))
    ON CONFLICT (row_sha256) DO NOTHING;
    PERFORM registry_release_instruction(v_line, p_releaser, r.at);
    SELECT * INTO v_issued FROM registry_issue(v_line, r.at);
    IF v_issued.o_new THEN
      SELECT lo INTO STRICT v_lo FROM registry_issuance WHERE id = v_issued.o_issuance;
      IF v_lo <> r.lo THEN
        PERFORM registry_refuse('LG409', 'R614', format(
          'The report says that %s units of Party %s begin at serial %s; the next is %s.',
          r.hi - r.lo + 1, r.party, r.lo, v_lo));
      END IF;
      v_booked := v_booked + 1;
    END IF;
  END LOOP;
  RETURN v_booked;
END $$;

-- Verb: cancel exactly the units [p_lo, p_hi] of a Party, wherever they lie in a block that is free to
-- move. The block is carved, and cancelled as every block outside the shop is. Two persons, as ever.
CREATE FUNCTION registry_cancel_range(
  p_party text, p_lo bigint, p_hi bigint, p_key uuid, p_facts jsonb, p_initiator bigint,
  p_approver bigint, p_effective_at timestamptz, OUT o_tx bigint, OUT o_new boolean)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_issuance bigint; v_block registry_block; v_request bytea;
BEGIN
  v_request := registry_leaf(jsonb_build_array('cancel_range', p_party, p_lo, p_hi, p_facts));
  o_tx := registry_booked(p_key, v_request);
  o_new := o_tx IS NULL;
  IF NOT o_new THEN RETURN; END IF;
  SELECT id INTO v_issuance FROM registry_issuance
    WHERE party_id = p_party AND lo = (
      SELECT max(lo) FROM registry_issuance WHERE party_id = p_party AND lo <= p_lo)
    AND hi >= p_hi FOR NO KEY UPDATE;
  IF NOT FOUND OR p_lo > p_hi THEN
    PERFORM registry_refuse('LG409', 'R123', format(
      'Serials %s to %s of Party %s are not part of one issuance.', p_lo, p_hi, p_party));
  END IF;
  SELECT * INTO STRICT v_block FROM registry_block
    WHERE issuance_id = v_issuance AND lo <= p_lo ORDER BY lo DESC LIMIT 1;
  PERFORM registry_use_accounts(v_block.account_id, registry_voluntary());
  IF v_block.hi < p_hi OR v_block.account_id = registry_voluntary() THEN
    PERFORM registry_refuse('LG409', 'R302', format(
      'Serials %s to %s of Party %s are not all free: some were cancelled or moved before.',
      p_lo, p_hi, p_party));
  END IF;
  PERFORM registry_refuse('LG423', 'R126', 'Units of this block are on offer.')
    FROM registry_lot WHERE block_id = v_block.id;
  IF v_block.frozen_by IS NOT NULL THEN
    PERFORM registry_refuse('LG423', 'R127', 'The block is frozen.');
  END IF;
  IF v_block.reserved_for_id IS NOT NULL THEN
    PERFORM registry_refuse('LG423', 'R128', 'The block is reserved for a proposal.');
  END IF;
  PERFORM registry_carve(v_block.id, p_lo, p_hi);
  o_tx := nextval('registry_transaction_id_seq');
  PERFORM registry_cancel_blocks(o_tx, ARRAY[v_block.id], registry_voluntary(), p_effective_at);
  PERFORM registry_book(o_tx, p_key, 'cancel', v_request, p_facts, p_initiator, p_approver,
    p_effective_at);
END $$;

-- Cancels rows of the registry's cancellation report. A row cancels once: its key is made of its hash.
-- Answers how many were new. Locks all issuances first, for the same reason as above.
CREATE FUNCTION registry_import_cancellations(p_rows jsonb, p_approver bigint) RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE r record; v_booked integer := 0; v_done record;
BEGIN
  PERFORM i.id FROM registry_issuance i
  WHERE i.id IN (
    SELECT within.id FROM jsonb_to_recordset(p_rows) AS row (party text, lo bigint)
    CROSS JOIN LATERAL (
      SELECT id FROM registry_issuance WHERE party_id = row.party AND lo <= row.lo
      ORDER BY lo DESC LIMIT 1) AS within)
  ORDER BY i.id FOR NO KEY UPDATE;
  FOR r IN SELECT * FROM jsonb_to_recordset(p_rows) AS row (
    key uuid, party text, lo bigint, hi bigint, facts jsonb, at timestamptz)
  LOOP
    SELECT * INTO v_done FROM registry_cancel_range(
      r.party, r.lo, r.hi, r.key, r.facts, 0, p_approver, r.at);
    v_booked := v_booked + v_done.o_new::integer;
  END LOOP;
  RETURN v_booked;
END $$;

DO $$
DECLARE f regprocedure; r text;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname IN (
      'registry_one_origin', 'registry_import_issuances', 'registry_cancel_range',
      'registry_import_cancellations') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
  END LOOP;
  FOREACH r IN ARRAY ARRAY['cdm_app', 'cdm_audit', 'cdm_signer'] LOOP
    CONTINUE WHEN NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r);
    EXECUTE format('REVOKE ALL ON TABLE registry_importedline FROM %I', r);
    EXECUTE format('GRANT SELECT ON TABLE registry_importedline TO %I', r);
  END LOOP;
END $$;

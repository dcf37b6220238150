-- Verbs: enter a line of an instruction; release it by a second person (decisions, 6).

CREATE OR REPLACE FUNCTION registry_line_hash(l registry_instructionline) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT registry_leaf(jsonb_build_array('instruction', l.project_number, l.reference, l.party_id,
    l.unit_type, l.commitment_period, l.quantity, l.share_of_proceeds, l.expires_on))
$$;

-- The same reference, project and commitment period a second time: the same content answers the same
-- line, other content is refused.
CREATE OR REPLACE FUNCTION registry_instruct(
  p_project text, p_reference text, p_party text, p_unit_type integer, p_cp integer,
  p_quantity bigint, p_share bigint, p_expires date, p_initiator bigint,
  p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_line registry_instructionline; v_id bigint; v_hash bytea;
BEGIN
  v_line.project_number := p_project; v_line.reference := p_reference; v_line.party_id := p_party;
  v_line.unit_type := p_unit_type; v_line.commitment_period := p_cp;
  v_line.quantity := p_quantity; v_line.share_of_proceeds := p_share;
  v_line.expires_on := p_expires;
  v_hash := registry_line_hash(v_line);
  INSERT INTO registry_instructionline (key, project_number, reference, party_id, unit_type,
    commitment_period, quantity, share_of_proceeds, expires_on, sha256, initiator, at)
  VALUES (uuidv7(), p_project, p_reference, p_party, p_unit_type, p_cp, p_quantity, p_share,
    p_expires, v_hash, p_initiator, p_effective_at)
  ON CONFLICT ON CONSTRAINT registry_instructionline_once DO NOTHING
  RETURNING id, key INTO v_id, v_line.key;
  IF v_id IS NOT NULL THEN
    PERFORM registry_mark(v_line.key, '{0}', p_initiator, p_effective_at);
  ELSE
    SELECT id INTO v_id FROM registry_instructionline
      WHERE project_number = p_project AND reference = p_reference
        AND commitment_period = p_cp AND sha256 = v_hash;
    IF NOT FOUND THEN
      PERFORM registry_refuse('LG422', 'R604', format(
        'Reference %s of project %s was instructed before with other content.',
        p_reference, p_project), 'reference');
    END IF;
  END IF;
  RETURN v_id;
END $$;

CREATE OR REPLACE FUNCTION registry_release_instruction(
  p_line bigint, p_releaser bigint, p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_line registry_instructionline;
BEGIN
  SELECT * INTO v_line FROM registry_instructionline WHERE id = p_line FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R601', 'There is no such instruction.');
  END IF;
  IF v_line.releaser = p_releaser THEN RETURN p_line; END IF;  -- asked twice
  IF v_line.releaser IS NOT NULL THEN
    PERFORM registry_refuse('LG409', 'R603', 'This instruction was released before.');
  END IF;
  IF v_line.sha256 <> registry_line_hash(v_line) THEN
    PERFORM registry_refuse('LG409', 'R606',
      'The instruction is no longer what was instructed.');
  END IF;
  UPDATE registry_instructionline SET releaser = p_releaser, released_at = p_effective_at
    WHERE id = p_line;
  PERFORM registry_mark(v_line.key, '{1}', p_releaser, p_effective_at);
  RETURN p_line;
END $$;

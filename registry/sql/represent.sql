-- Verbs: name and recall the representatives of an account, enter and end an authorisation.

-- The lowest free seat of three. Answers the representative.
CREATE OR REPLACE FUNCTION registry_represent(
  p_account bigint, p_person bigint, p_initiator bigint, p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_seat integer; v_id bigint;
BEGIN
  PERFORM registry_held_account(p_account);
  PERFORM registry_refuse('LG409', 'R213', 'This person represents the account already.', 'person')
    FROM registry_representative
    WHERE account_id = p_account AND person_id = p_person AND until IS NULL;
  SELECT min(free) INTO v_seat FROM generate_series(1, 3) AS free WHERE NOT EXISTS (
    SELECT FROM registry_representative
    WHERE account_id = p_account AND until IS NULL AND seat = free);
  IF v_seat IS NULL THEN
    PERFORM registry_refuse('LG409', 'R212', 'An account has at most three representatives.', 'person');
  END IF;
  INSERT INTO registry_representative (account_id, person_id, seat, since)
    VALUES (p_account, p_person, v_seat, p_effective_at) RETURNING id INTO v_id;
  PERFORM registry_note('represent', jsonb_build_object('account', p_account, 'person', p_person,
    'seat', v_seat), p_initiator, NULL, p_effective_at);
  RETURN v_id;
END $$;

CREATE OR REPLACE FUNCTION registry_recall(
  p_representative bigint, p_initiator bigint, p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_representative;
BEGIN
  UPDATE registry_representative SET until = p_effective_at
    WHERE id = p_representative AND until IS NULL RETURNING * INTO v;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R215', 'There is no such representative.');
  END IF;
  RETURN registry_note('recall', jsonb_build_object('account', v.account_id, 'person', v.person_id,
    'seat', v.seat), p_initiator, NULL, p_effective_at);
END $$;

-- A letter on file authorises a holder, or a Party, for a project. The same again answers the same.
CREATE OR REPLACE FUNCTION registry_authorise(
  p_project text, p_holder bigint, p_party text, p_letter text, p_initiator bigint,
  p_effective_at timestamptz, OUT o_authorisation bigint, OUT o_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF num_nonnulls(p_holder, p_party) <> 1 OR coalesce(p_project, '') !~ '^([A-Z]{2}-)?[0-9]{1,7}$' THEN
    PERFORM registry_refuse('LG422', 'R804', 'Say which holder or Party, and for which project.',
      'holder');
  END IF;
  IF btrim(coalesce(p_letter, '')) = '' THEN
    PERFORM registry_refuse('LG422', 'R801', 'Say which letter authorises it.', 'letter');
  END IF;
  PERFORM registry_refuse('LG404', 'R204', 'The registry does not know this Party.', 'party')
    WHERE p_party IS NOT NULL AND NOT EXISTS (SELECT FROM registry_party WHERE code = p_party);
  INSERT INTO registry_authorisation (project_number, holder_id, party_id, letter, since)
    VALUES (p_project, p_holder, p_party, btrim(p_letter), p_effective_at)
    ON CONFLICT DO NOTHING RETURNING id INTO o_authorisation;
  o_new := FOUND;
  IF NOT o_new THEN
    SELECT id INTO STRICT o_authorisation FROM registry_authorisation
      WHERE project_number = p_project AND holder_id IS NOT DISTINCT FROM p_holder
        AND party_id IS NOT DISTINCT FROM p_party AND until IS NULL;
    RETURN;
  END IF;
  PERFORM registry_note('authorise', jsonb_build_object('project', p_project, 'holder', p_holder,
    'party', p_party, 'letter', btrim(p_letter)), p_initiator, NULL, p_effective_at);
END $$;

CREATE OR REPLACE FUNCTION registry_revoke(
  p_authorisation bigint, p_initiator bigint, p_reason text, p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_authorisation;
BEGIN
  IF btrim(coalesce(p_reason, '')) = '' THEN
    PERFORM registry_refuse('LG422', 'R803', 'Say why the authorisation ends.', 'reason');
  END IF;
  UPDATE registry_authorisation SET until = p_effective_at
    WHERE id = p_authorisation AND until IS NULL RETURNING * INTO v;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG404', 'R802', 'There is no such authorisation.');
  END IF;
  RETURN registry_note('revoke', jsonb_build_object('project', v.project_number, 'holder',
    v.holder_id, 'party', v.party_id, 'reason', btrim(p_reason)), p_initiator, NULL, p_effective_at);
END $$;

-- Verbs: open and close an account. Its number carries its id, so both are made here.

-- Books an act that moves nothing.
CREATE OR REPLACE FUNCTION registry_note(
  p_verb text, p_facts jsonb, p_initiator bigint, p_approver bigint, p_effective_at timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN registry_book(nextval('registry_transaction_id_seq'), uuidv7(), p_verb,
    registry_leaf(p_facts), p_facts, p_initiator, p_approver, p_effective_at);
END $$;

-- Holding accounts of the registry (100, 120, 121) and, with p_external, accounts of the simulated national
-- registry of a Party (100, 121, 230, 300). What a holder asked for has an approver: a second person.
CREATE OR REPLACE FUNCTION registry_open_account(
  p_kind integer, p_party text, p_holder bigint, p_name text, p_initiator bigint,
  p_effective_at timestamptz, p_external boolean DEFAULT false, p_approver bigint DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_id bigint; v_number text;
BEGIN
  IF p_external AND p_kind NOT IN (100, 121, 230, 300) THEN
    PERFORM registry_refuse('LG409', 'R206', 'A national registry has accounts 100, 121, 230 and 300.',
      'kind');
  END IF;
  IF NOT p_external AND p_kind NOT IN (100, 120, 121) THEN
    PERFORM registry_refuse('LG409', 'R201',
      'Only holding accounts are opened; the registry has its own accounts already.', 'kind');
  END IF;
  IF p_party IS NULL OR (p_holder IS NULL AND NOT p_external)
     OR btrim(coalesce(p_name, '')) = '' THEN
    PERFORM registry_refuse('LG422', 'R202', 'An account needs a Party, a holder and a name.', 'name');
  END IF;
  v_id := nextval('registry_account_id_seq');
  v_number := registry_account_number(p_party, p_kind, v_id);
  INSERT INTO registry_account (id, number, kind, party_id, holder_id, name, adaptation_fund, external)
  VALUES (v_id, v_number, p_kind, p_party, p_holder, btrim(p_name), false, p_external);
  PERFORM registry_note('open_account', jsonb_build_object('account', v_id, 'number', v_number,
    'holder', p_holder), p_initiator, p_approver, p_effective_at);
  RETURN v_id;
END $$;

-- Locks an account of a holder that is open. The registry's own accounts have no holder.
CREATE OR REPLACE FUNCTION registry_held_account(p_account bigint) RETURNS registry_account
LANGUAGE plpgsql AS $$
DECLARE v registry_account;
BEGIN
  SELECT * INTO v FROM registry_account WHERE id = p_account FOR UPDATE;
  IF NOT FOUND THEN PERFORM registry_refuse('LG404', 'R205', 'There is no such account.'); END IF;
  IF v.id < 1000 THEN
    PERFORM registry_refuse('LG409', 'R209', 'The registry’s own accounts stay as they are.');
  END IF;
  IF v.closed_at IS NOT NULL THEN
    PERFORM registry_refuse('LG409', 'R210', format('Account %s is closed.', v.number));
  END IF;
  RETURN v;
END $$;

-- The account's lock keeps movers out (they share it), so what is empty stays empty. Another person asked
-- for it before (standing.sql); an account of a national registry is closed at once.
CREATE OR REPLACE FUNCTION registry_close_account(
  p_account bigint, p_initiator bigint, p_reason text, p_effective_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_account := registry_held_account(p_account);
  v_closure bigint; v_asked_by bigint := p_initiator;
BEGIN
  IF btrim(coalesce(p_reason, '')) = '' THEN
    PERFORM registry_refuse('LG422', 'R211', 'Say why the account is closed.', 'reason');
  END IF;
  IF v.frozen_by IS NOT NULL THEN
    PERFORM registry_refuse('LG423', 'R219', 'A frozen account is not closed.');
  END IF;
  PERFORM registry_refuse('LG409', 'R207', 'The account still holds units.')
    FROM registry_block WHERE account_id = p_account LIMIT 1;
  PERFORM registry_refuse('LG409', 'R208', 'A proposal for this account is still open.')
    FROM registry_proposal WHERE p_account IN (from_account_id, to_account_id)
      AND state IN ('proposed', 'approved') LIMIT 1;
  IF NOT v.external THEN
    SELECT id, asked_by INTO v_closure, v_asked_by FROM registry_asked_closure(p_account);
    UPDATE registry_closure SET outcome = 'closed', decided_by = p_initiator,
      decided_at = p_effective_at WHERE id = v_closure;
  END IF;
  UPDATE registry_account SET closed_at = p_effective_at WHERE id = p_account;
  RETURN registry_note('close_account', jsonb_build_object('account', p_account, 'reason',
    btrim(p_reason)), v_asked_by, CASE WHEN NOT v.external THEN p_initiator END, p_effective_at);
END $$;

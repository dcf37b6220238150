-- The standing of a holder's account (domain, 3.9 and 5.3): open, restricted, partly suspended, suspended,
-- closure asked for, closed. One person restricts or suspends at once, two persons lift it (measures.sql);
-- one person asks for the closure, another one closes. The account keeps what restricted it while its
-- closure is asked for, and goes back there when the closure is taken back.

ALTER TABLE registry_account
  ADD CONSTRAINT registry_account_standing CHECK (standing IN (
    'open', 'restricted', 'suspended_partially', 'suspended', 'closure_pending'));
DROP TRIGGER keep_rest ON registry_account;
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_account FOR EACH ROW
  EXECUTE FUNCTION registry_keep_rest('name', 'frozen_by', 'frozen', 'terminal', 'closed_at', 'standing');

ALTER TABLE registry_transaction
  DROP CONSTRAINT registry_transaction_verb,
  ADD CONSTRAINT registry_transaction_verb CHECK (verb IN (
    'open_account', 'close_account', 'represent', 'recall', 'authorise', 'revoke', 'issue', 'forward',
    'transfer', 'cancel', 'earmark', 'release', 'close', 'freeze', 'unfreeze', 'trust', 'distrust',
    'stop', 'resume', 'restrict', 'lift', 'ask_closure', 'withdraw_closure')),
  DROP CONSTRAINT registry_transaction_approved,
  ADD CONSTRAINT registry_transaction_approved CHECK (approver IS NOT NULL OR verb NOT IN (
    'issue', 'forward', 'transfer', 'cancel', 'unfreeze', 'trust', 'distrust', 'resume', 'lift'));

ALTER TABLE registry_measure
  DROP CONSTRAINT registry_measure_shape,
  ADD CONSTRAINT registry_measure_shape CHECK (
    CASE WHEN verb IN ('trust', 'distrust')
           THEN num_nonnulls(account_id, trusted_id) = 2 AND block_id IS NULL
         WHEN verb = 'unfreeze' THEN num_nonnulls(account_id, block_id) = 1 AND trusted_id IS NULL
         WHEN verb = 'lift' THEN account_id IS NOT NULL AND num_nonnulls(block_id, trusted_id) = 0
         WHEN verb = 'resume' THEN num_nonnulls(account_id, block_id, trusted_id) = 0
         ELSE false END);

-- A closure that is asked for ends once: taken back, or closed by another person than asked for it.
ALTER TABLE registry_closure
  ADD CONSTRAINT registry_closure_was CHECK (was IN (
    'open', 'restricted', 'suspended_partially', 'suspended')),
  ADD CONSTRAINT registry_closure_reason CHECK (btrim(reason) <> ''),
  ADD CONSTRAINT registry_closure_outcome CHECK (
    CASE outcome WHEN '' THEN num_nonnulls(decided_by, decided_at) = 0
                 WHEN 'withdrawn' THEN num_nonnulls(decided_by, decided_at) = 2
                 WHEN 'closed' THEN num_nonnulls(decided_by, decided_at) = 2
                 ELSE false END),
  ADD CONSTRAINT registry_closure_four_eyes
    CHECK (outcome <> 'closed' OR (decided_by > 0 AND decided_by <> asked_by)),
  ADD CONSTRAINT registry_closure_account_fk
    FOREIGN KEY (account_id) REFERENCES registry_account (id);
CREATE UNIQUE INDEX registry_closure_once ON registry_closure (account_id) WHERE outcome = '';
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_closure
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_closure FOR EACH ROW
  EXECUTE FUNCTION registry_keep_rest('outcome', 'decided_by', 'decided_at');
CREATE TRIGGER decided_once BEFORE UPDATE ON registry_closure
  FOR EACH ROW WHEN (OLD.outcome <> '') EXECUTE FUNCTION registry_decided();

-- Every pair of the table, and no other. Accounts of the registry's own and of national registries have
-- no standing but open; the latter are closed as they were. Only a measure of two persons, which is
-- executed and not booked yet, lifts a restriction.
CREATE OR REPLACE FUNCTION registry_guard_standing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_from text := 'new'; v_to text := CASE WHEN NEW.closed_at IS NULL THEN NEW.standing ELSE 'closed' END;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_from := CASE WHEN OLD.closed_at IS NULL THEN OLD.standing ELSE 'closed' END;
  END IF;
  IF v_from = v_to OR (NEW.external AND v_from || '>' || v_to = 'open>closed') THEN RETURN NEW; END IF;
  IF NOT (v_from || '>' || v_to) = ANY (string_to_array(TG_ARGV[0], ' '))
     OR ((NEW.external OR NEW.id < 1000) AND v_to <> 'open') THEN
    PERFORM registry_refuse('LG409', 'R220', format(
      'Account %s is %s; it does not become %s.', NEW.number, replace(v_from, '_', ' '),
      replace(v_to, '_', ' ')));
  END IF;
  IF v_to = 'closure_pending' AND NOT EXISTS (SELECT FROM registry_closure
      WHERE account_id = NEW.id AND outcome = '' AND was = v_from) THEN
    PERFORM registry_refuse('LG409', 'R220', 'Nobody asked for the closure of this account.');
  END IF;
  IF v_from = 'closure_pending' THEN
    PERFORM registry_refuse('LG409', 'R220', 'The closure of this account is asked for.')
      WHERE NOT EXISTS (SELECT FROM registry_closure c WHERE c.account_id = NEW.id
        AND c.id = (SELECT max(id) FROM registry_closure WHERE account_id = NEW.id)
        AND CASE WHEN v_to = 'closed' THEN c.outcome = 'closed'
                 ELSE c.outcome = 'withdrawn' AND c.was = v_to END);
    PERFORM registry_refuse('LG409', 'R207', 'The account still holds units.')
      FROM registry_block WHERE v_to = 'closed' AND account_id = NEW.id LIMIT 1;
  ELSIF v_to = 'open' AND v_from <> 'new' AND NOT EXISTS (SELECT FROM registry_measure m
      WHERE m.verb = 'lift' AND m.account_id = NEW.id AND m.state = 'executed'
        AND NOT EXISTS (SELECT FROM registry_transaction WHERE id = m.tx_id)) THEN
    PERFORM registry_refuse('LG409', 'R220', 'Two persons lift what restricts an account.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_standing BEFORE INSERT OR UPDATE OF standing, closed_at ON registry_account
  FOR EACH ROW EXECUTE FUNCTION registry_guard_standing(
  'new>open '
  'open>restricted open>suspended_partially open>suspended '
  'restricted>suspended_partially restricted>suspended suspended_partially>suspended '
  'restricted>open suspended_partially>open suspended>open '
  'open>closure_pending restricted>closure_pending suspended_partially>closure_pending '
  'suspended>closure_pending '
  'closure_pending>open closure_pending>restricted closure_pending>suspended_partially '
  'closure_pending>suspended closure_pending>closed');

-- What restricts an account: its standing, and while its closure is asked for what it was before.
CREATE OR REPLACE FUNCTION registry_limit(p_account bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE v text;
BEGIN
  SELECT CASE WHEN a.standing <> 'closure_pending' THEN a.standing
    ELSE (SELECT was FROM registry_closure WHERE account_id = a.id AND outcome = '') END INTO v
  FROM registry_account a WHERE a.id = p_account;
  RETURN v;
END $$;

-- Whether units may go from an account (NULL: from nowhere) to another (NULL: nowhere yet, they are offered).
-- A restricted account may only cancel and sell; a suspended one gives nothing; a wholly suspended one, and
-- one that is to be closed, takes nothing.
CREATE OR REPLACE FUNCTION registry_ask_standing(p_from bigint, p_to bigint) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE v_from registry_account; v_to registry_account; v_limit text;
BEGIN
  SELECT * INTO v_from FROM registry_account WHERE id = p_from;
  SELECT * INTO v_to FROM registry_account WHERE id = p_to;
  IF v_to.standing IN ('suspended', 'closure_pending') THEN
    PERFORM registry_refuse('LG423', 'R223', format(CASE v_to.standing
      WHEN 'suspended' THEN 'Account %s is suspended; it takes no units.'
      ELSE 'The closure of account %s is asked for; it takes no units.' END, v_to.number));
  END IF;
  IF v_from.standing = 'open' THEN RETURN; END IF;
  v_limit := registry_limit(v_from.id);
  IF v_limit IN ('suspended', 'suspended_partially') THEN
    PERFORM registry_refuse('LG423', 'R221',
      format('Account %s is suspended; it gives no units.', v_from.number));
  END IF;
  IF v_limit = 'restricted' AND NOT v_to.terminal THEN
    PERFORM registry_refuse('LG423', 'R222',
      format('Account %s is restricted; its units are cancelled or sold, not transferred.',
        v_from.number));
  END IF;
END $$;

-- Every movement writes a posting, so this guard holds whichever verb asks. It reads what a change of
-- standing wrote before this statement; that change waits for movers and sales, as a freeze does.
CREATE OR REPLACE FUNCTION registry_standing_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM registry_account a WHERE a.standing <> 'open'
      AND a.id IN (SELECT dr FROM moved UNION ALL SELECT cr FROM moved)) THEN
    PERFORM registry_ask_standing(dr, cr) FROM (SELECT DISTINCT dr, cr FROM moved) AS pair;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER standing_holds AFTER INSERT ON registry_posting
  REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION registry_standing_holds();

-- K8, K15 again, with what came: no block enters or leaves an account whose standing forbids it. What a lot
-- sold before has left already, by its posting: its block only follows.
CREATE OR REPLACE FUNCTION registry_block_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM registry_refuse('LG423', 'R304', 'Nothing leaves a cancellation account.')
  FROM registry_account WHERE id = OLD.account_id AND terminal;
  IF OLD.frozen_by IS NOT NULL THEN
    PERFORM registry_refuse('LG423', 'R322', 'The block is frozen.');
  END IF;
  IF NEW.reserved_for_id IS NOT NULL THEN
    PERFORM registry_refuse('LG423', 'R321', 'The block is reserved for a proposal.');
  END IF;
  PERFORM registry_refuse('LG423', 'R320', 'Units of this block are on offer.')
  FROM registry_lot WHERE block_id = OLD.id AND next_serial <= kept_hi;
  PERFORM registry_refuse('LG423', 'R217', format('Account %s is closed.', number))
  FROM registry_account WHERE id = NEW.account_id AND closed_at IS NOT NULL;
  PERFORM registry_ask_standing(CASE WHEN EXISTS (SELECT FROM registry_lot WHERE block_id = OLD.id)
    THEN NULL ELSE OLD.account_id END, NEW.account_id);
  RETURN NEW;
END $$;

-- Locks an account of a holder as a freeze does: it waits for movers, who share the account's lock, and for
-- sales, which hold the lot's.
CREATE OR REPLACE FUNCTION registry_lock_standing(p_account bigint) RETURNS registry_account
LANGUAGE plpgsql AS $$
DECLARE v registry_account := registry_held_account(p_account);
BEGIN
  PERFORM l.id FROM registry_lot l JOIN registry_block b ON b.id = l.block_id
    WHERE b.account_id = p_account ORDER BY l.id FOR NO KEY UPDATE OF l;
  RETURN v;
END $$;

-- Verb: restrict or suspend an account, or more than before. Alone and at once.
CREATE OR REPLACE FUNCTION registry_restrict(
  p_account bigint, p_standing text, p_person bigint, p_reason text, p_effective_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_account;
BEGIN
  IF btrim(coalesce(p_reason, '')) = ''
     OR p_standing IS NULL OR p_standing NOT IN ('restricted', 'suspended_partially', 'suspended') THEN
    PERFORM registry_refuse('LG422', 'R224', 'Say what is restricted or suspended, and why.', 'reason');
  END IF;
  v := registry_lock_standing(p_account);
  IF v.standing = p_standing THEN
    PERFORM registry_refuse('LG409', 'R220', format('Account %s is that already.', v.number));
  END IF;
  UPDATE registry_account SET standing = p_standing WHERE id = p_account;
  RETURN registry_note('restrict', jsonb_build_object('account', p_account, 'was', v.standing,
    'standing', p_standing, 'reason', btrim(p_reason)), p_person, NULL, p_effective_at);
END $$;

-- Verb: ask for the closure of an account. Answers the closure.
CREATE OR REPLACE FUNCTION registry_ask_closure(
  p_account bigint, p_person bigint, p_by_holder boolean, p_reason text, p_effective_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_account; v_id bigint;
BEGIN
  IF btrim(coalesce(p_reason, '')) = '' THEN
    PERFORM registry_refuse('LG422', 'R211', 'Say why the account is closed.', 'reason');
  END IF;
  v := registry_lock_standing(p_account);
  IF v.standing = 'closure_pending' OR v.external THEN
    PERFORM registry_refuse('LG409', 'R220', CASE WHEN v.external
      THEN 'An account of a national registry is closed there.'
      ELSE 'The closure of this account is asked for already.' END);
  END IF;
  INSERT INTO registry_closure (account_id, was, reason, asked_by, by_holder, at, outcome)
    VALUES (p_account, v.standing, btrim(p_reason), p_person, p_by_holder, p_effective_at, '')
    RETURNING id INTO v_id;
  UPDATE registry_account SET standing = 'closure_pending' WHERE id = p_account;
  PERFORM registry_note('ask_closure', jsonb_build_object('account', p_account, 'was', v.standing,
    'reason', btrim(p_reason)), p_person, NULL, p_effective_at);
  RETURN v_id;
END $$;

-- The closure that is asked for, of a locked account.
CREATE OR REPLACE FUNCTION registry_asked_closure(p_account bigint) RETURNS registry_closure
LANGUAGE plpgsql AS $$
DECLARE v registry_closure;
BEGIN
  SELECT * INTO v FROM registry_closure WHERE account_id = p_account AND outcome = '' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM registry_refuse('LG409', 'R225', 'The closure of this account is not asked for.');
  END IF;
  RETURN v;
END $$;

-- Verb: take back that a closure is asked for. The side that asked does it.
CREATE OR REPLACE FUNCTION registry_withdraw_closure(
  p_account bigint, p_person bigint, p_by_holder boolean, p_effective_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v registry_account := registry_lock_standing(p_account); c registry_closure;
BEGIN
  c := registry_asked_closure(p_account);
  IF c.by_holder <> p_by_holder THEN
    PERFORM registry_refuse('LG409', 'R226', CASE WHEN c.by_holder
      THEN 'The holder asked for the closure; the holder takes it back.'
      ELSE 'The registry asked for the closure; the registry takes it back.' END);
  END IF;
  UPDATE registry_closure SET outcome = 'withdrawn', decided_by = p_person,
    decided_at = p_effective_at WHERE id = c.id;
  UPDATE registry_account SET standing = c.was WHERE id = p_account;
  PERFORM registry_note('withdraw_closure', jsonb_build_object('account', p_account, 'standing', c.was),
    p_person, NULL, p_effective_at);
  RETURN c.id;
END $$;

-- Rights: the rule is that of rights.sql: read the tables, call the verbs.
DO $$
DECLARE f regprocedure; r text;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname IN (
      'registry_open_account', 'registry_guard_standing', 'registry_limit', 'registry_ask_standing',
      'registry_standing_holds', 'registry_lock_standing', 'registry_restrict', 'registry_ask_closure',
      'registry_asked_closure', 'registry_withdraw_closure') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app')
       AND (SELECT proname FROM pg_proc WHERE oid = f) = ANY (ARRAY['registry_open_account',
         'registry_restrict', 'registry_ask_closure', 'registry_withdraw_closure']) THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO cdm_app', f);
    END IF;
  END LOOP;
  FOREACH r IN ARRAY ARRAY['cdm_app', 'cdm_audit', 'cdm_signer'] LOOP
    CONTINUE WHEN NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r);
    EXECUTE format('REVOKE ALL ON TABLE registry_closure FROM %I', r);
    EXECUTE format('GRANT SELECT ON TABLE registry_closure TO %I', r);
    EXECUTE format('REVOKE ALL ON SEQUENCE registry_closure_id_seq FROM %I', r);
  END LOOP;
END $$;

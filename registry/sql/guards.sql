-- Guards: triggers that refuse what a key cannot see. They are the second wall; rights are the first.

-- Refusals carry an SQLSTATE of class LG (404 unknown, 409 not now, 422 never, 423 locked) and a stable
-- code in the place of a constraint's name, so that Python names both alike (registry/errors.py).
CREATE FUNCTION registry_refuse(p_state text, p_code text, p_message text, p_field text DEFAULT '')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = p_state, CONSTRAINT = p_code, MESSAGE = p_message,
    COLUMN = p_field;
END $$;

-- K12: rows of record are never changed and never deleted. A correction is a new row.
CREATE FUNCTION registry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are of record: never changed, never deleted', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'registry_of_record';
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_transaction
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_issuance
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_cancellation
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_posting
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_reconciliation
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
-- State may change, but what the record points at stays.
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_account
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_party
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_instructionline
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_proposal
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_lot
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();

-- An instruction line changes once: its release. A proposal changes once: its decision. An account
-- changes its name and its freeze, never its number, kind, Party or holder. What may change is named
-- in the trigger; everything else must stay as it is. (Generated columns are not computed yet in a
-- BEFORE trigger, so they are named too; they follow from columns that are not.)
CREATE FUNCTION registry_keep_rest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - TG_ARGV <> to_jsonb(OLD) - TG_ARGV THEN
    RAISE EXCEPTION 'what was entered in % stays as it was', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'registry_keep_rest';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_instructionline
  FOR EACH ROW EXECUTE FUNCTION registry_keep_rest('releaser', 'released_at');
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_proposal
  FOR EACH ROW EXECUTE FUNCTION registry_keep_rest(
    'state', 'decided_by', 'decided_at', 'reason', 'tx_id');
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_account
  FOR EACH ROW EXECUTE FUNCTION registry_keep_rest('name', 'frozen_by', 'frozen', 'terminal');

CREATE FUNCTION registry_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this was decided before and is not decided again'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'registry_decided_once';
END $$;
CREATE TRIGGER decided_once BEFORE UPDATE ON registry_instructionline
  FOR EACH ROW WHEN (OLD.releaser IS NOT NULL) EXECUTE FUNCTION registry_decided();
CREATE TRIGGER decided_once BEFORE UPDATE ON registry_proposal
  FOR EACH ROW WHEN (OLD.state <> 'proposed') EXECUTE FUNCTION registry_decided();

-- K8, K15: a block leaves its account neither from a cancellation account, nor while it is frozen, nor
-- while units of it are on offer.
CREATE FUNCTION registry_block_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM registry_refuse('LG423', 'terminal_account', 'Nothing leaves a cancellation account.')
  FROM registry_account WHERE id = OLD.account_id AND terminal;
  IF OLD.frozen_by IS NOT NULL THEN
    PERFORM registry_refuse('LG423', 'frozen', 'The block is frozen.');
  END IF;
  PERFORM registry_refuse('LG423', 'on_offer', 'Units of this block are on offer.')
  FROM registry_lot WHERE block_id = OLD.id AND next_serial <= kept_hi;
  RETURN NEW;
END $$;
CREATE TRIGGER block_stays BEFORE UPDATE OF account_id ON registry_block
  FOR EACH ROW WHEN (OLD.account_id <> NEW.account_id) EXECUTE FUNCTION registry_block_stays();

-- A cursor never goes back: what it passed was cancelled or released.
CREATE FUNCTION registry_cursor_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the cursor of a lot never goes back'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'registry_cursor_forward';
END $$;
CREATE TRIGGER cursor_forward BEFORE UPDATE ON registry_lot
  FOR EACH ROW WHEN (NEW.next_serial < OLD.next_serial) EXECUTE FUNCTION registry_cursor_back();
-- The same for a Party's counter.
CREATE TRIGGER counter_forward BEFORE UPDATE ON registry_party
  FOR EACH ROW WHEN (NEW.next_serial < OLD.next_serial) EXECUTE FUNCTION registry_cursor_back();

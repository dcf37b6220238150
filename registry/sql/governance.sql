-- Governance: who may have what done. Keys, checks and guards of what waits for a second person, of the
-- history of transactions, of representatives, authorisations and trusted accounts, and of the stop.

-- Accounts -------------------------------------------------------------------------------------------
ALTER TABLE registry_account
  DROP CONSTRAINT registry_account_kind,
  ADD CONSTRAINT registry_account_kind
    CHECK (kind IN (0, 100, 110, 120, 121, 230, 240, 250, 260, 300)),
  -- An account of a simulated national registry names its Party; retirement is for those alone.
  ADD CONSTRAINT registry_account_external
    CHECK (CASE WHEN external THEN party_id IS NOT NULL AND kind IN (100, 121, 230, 300)
                ELSE kind <> 300 END);
-- A closed account makes room for another one of its holder.
DROP INDEX registry_account_holder;
CREATE UNIQUE INDEX registry_account_holder ON registry_account (holder_id, kind, party_id, external)
  NULLS NOT DISTINCT WHERE holder_id IS NOT NULL AND closed_at IS NULL;
DROP TRIGGER keep_rest ON registry_account;
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_account FOR EACH ROW
  EXECUTE FUNCTION registry_keep_rest('name', 'frozen_by', 'frozen', 'terminal', 'closed_at');
CREATE TRIGGER decided_once BEFORE UPDATE ON registry_account
  FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION registry_decided();

-- Representatives: three numbered seats, one person on each -------------------------------------------
ALTER TABLE registry_representative
  ADD CONSTRAINT registry_representative_seat CHECK (seat BETWEEN 1 AND 3),
  ADD CONSTRAINT registry_representative_person CHECK (person_id > 0),
  ADD CONSTRAINT registry_representative_account_fk
    FOREIGN KEY (account_id) REFERENCES registry_account (id);
CREATE UNIQUE INDEX registry_representative_one ON registry_representative (account_id, seat)
  WHERE until IS NULL;
CREATE UNIQUE INDEX registry_representative_once ON registry_representative (account_id, person_id)
  WHERE until IS NULL;

-- Authorisations: who may receive units of a project -------------------------------------------------
ALTER TABLE registry_authorisation
  ADD CONSTRAINT registry_authorisation_whose CHECK (num_nonnulls(holder_id, party_id) = 1),
  ADD CONSTRAINT registry_authorisation_letter CHECK (btrim(letter) <> ''),
  ADD CONSTRAINT registry_authorisation_party_fk
    FOREIGN KEY (party_id) REFERENCES registry_party (code);
CREATE UNIQUE INDEX registry_authorisation_once
  ON registry_authorisation (project_number, holder_id, party_id)
  NULLS NOT DISTINCT WHERE until IS NULL;

-- Trusted accounts -----------------------------------------------------------------------------------
ALTER TABLE registry_trustedaccount
  ADD CONSTRAINT registry_trustedaccount_other CHECK (account_id <> trusted_id),
  ADD CONSTRAINT registry_trustedaccount_account_fk
    FOREIGN KEY (account_id) REFERENCES registry_account (id),
  ADD CONSTRAINT registry_trustedaccount_trusted_fk
    FOREIGN KEY (trusted_id) REFERENCES registry_account (id);
CREATE UNIQUE INDEX registry_trustedaccount_once
  ON registry_trustedaccount (account_id, trusted_id) WHERE until IS NULL;

-- What ended stays ended, and only its end is ever written. -------------------------------------------
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_representative
  FOR EACH ROW EXECUTE FUNCTION registry_keep_rest('until');
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_authorisation
  FOR EACH ROW EXECUTE FUNCTION registry_keep_rest('until');
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_trustedaccount
  FOR EACH ROW EXECUTE FUNCTION registry_keep_rest('until');
CREATE TRIGGER decided_once BEFORE UPDATE ON registry_representative
  FOR EACH ROW WHEN (OLD.until IS NOT NULL) EXECUTE FUNCTION registry_decided();
CREATE TRIGGER decided_once BEFORE UPDATE ON registry_authorisation
  FOR EACH ROW WHEN (OLD.until IS NOT NULL) EXECUTE FUNCTION registry_decided();
CREATE TRIGGER decided_once BEFORE UPDATE ON registry_trustedaccount
  FOR EACH ROW WHEN (OLD.until IS NOT NULL) EXECUTE FUNCTION registry_decided();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_representative
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_authorisation
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_trustedaccount
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();

-- Transactions ---------------------------------------------------------------------------------------
ALTER TABLE registry_transaction
  DROP CONSTRAINT registry_transaction_verb,
  ADD CONSTRAINT registry_transaction_verb CHECK (verb IN (
    'open_account', 'close_account', 'represent', 'recall', 'authorise', 'revoke', 'issue', 'forward',
    'transfer', 'cancel', 'earmark', 'release', 'close', 'freeze', 'unfreeze', 'trust', 'distrust',
    'stop', 'resume')),
  DROP CONSTRAINT registry_transaction_approved,
  ADD CONSTRAINT registry_transaction_approved CHECK (approver IS NOT NULL OR verb NOT IN (
    'issue', 'forward', 'transfer', 'cancel', 'unfreeze', 'trust', 'distrust', 'resume'));

-- The history of a transaction: a chain of its states. A row names the state that it leaves, and the key
-- (key, n - 1, was) -> (key, n, state) holds it to the row before; the pairs are those of the domain file,
-- 3.6. So a state that the table does not lead to cannot be written, and a final one is never left.
ALTER TABLE registry_transactionstate
  ADD COLUMN before smallint GENERATED ALWAYS AS (NULLIF(n, 1) - 1) STORED,
  ADD CONSTRAINT registry_transactionstate_n UNIQUE (key, n),
  ADD CONSTRAINT registry_transactionstate_target UNIQUE (key, n, state),
  ADD CONSTRAINT registry_transactionstate_first CHECK (n >= 1 AND (n = 1) = (was IS NULL)),
  ADD CONSTRAINT registry_transactionstate_step CHECK (
    CASE WHEN was IS NULL THEN state = 0
         ELSE was * 10 + state IN (1, 7, 12, 13, 17, 24, 26, 27, 28, 35, 84, 86, 87) END),
  ADD CONSTRAINT registry_transactionstate_chain FOREIGN KEY (key, before, was)
    REFERENCES registry_transactionstate (key, n, state);
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_transactionstate
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE FUNCTION registry_stamp_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := cdm_now();
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON registry_transactionstate
  FOR EACH ROW EXECUTE FUNCTION registry_stamp_state();

-- Proposals ------------------------------------------------------------------------------------------
ALTER TABLE registry_proposal
  DROP CONSTRAINT registry_proposal_verb,
  ADD CONSTRAINT registry_proposal_verb CHECK (verb IN ('forward', 'transfer', 'cancel')),
  DROP CONSTRAINT registry_proposal_state,
  ADD CONSTRAINT registry_proposal_state CHECK (
    CASE WHEN state = 'proposed'
           THEN num_nonnulls(approved_by, approved_at, execute_after, decided_by, decided_at, tx_id) = 0
         WHEN state = 'approved' THEN num_nonnulls(approved_by, approved_at, execute_after) = 3
           AND num_nonnulls(decided_by, decided_at, tx_id) = 0
         WHEN state = 'executed' THEN num_nonnulls(decided_by, decided_at, tx_id) = 3
         WHEN state IN ('rejected', 'declined', 'terminated', 'lapsed')
           THEN num_nonnulls(decided_by, decided_at) = 2 AND tx_id IS NULL
         ELSE false END),
  ADD CONSTRAINT registry_proposal_approver
    CHECK (approved_by IS NULL OR (approved_by > 0 AND approved_by <> initiator)),
  -- Named serials are as many as the quantity, of a Party, in order.
  ADD CONSTRAINT registry_proposal_serials CHECK (
    CASE num_nonnulls(party_id, lo, hi) WHEN 0 THEN true
         WHEN 3 THEN lo >= 1 AND hi >= lo AND quantity = hi - lo + 1 ELSE false END),
  ADD CONSTRAINT registry_proposal_party_fk
    FOREIGN KEY (party_id) REFERENCES registry_party (code);
DROP TRIGGER keep_rest ON registry_proposal;
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_proposal FOR EACH ROW
  EXECUTE FUNCTION registry_keep_rest('state', 'approved_by', 'approved_at', 'execute_after',
    'decided_by', 'decided_at', 'reason', 'tx_id');
DROP TRIGGER decided_once ON registry_proposal;
CREATE TRIGGER decided_once BEFORE UPDATE ON registry_proposal FOR EACH ROW
  WHEN (OLD.state NOT IN ('proposed', 'approved')
    OR (OLD.approved_by IS NOT NULL AND (OLD.approved_by, OLD.execute_after)
        IS DISTINCT FROM (NEW.approved_by, NEW.execute_after)))
  EXECUTE FUNCTION registry_decided();
DROP INDEX registry_proposal_waiting;
CREATE INDEX registry_proposal_waiting ON registry_proposal (from_account_id)
  WHERE state IN ('proposed', 'approved');

-- Units reserved for a proposal: named in their block, so parts of a split inherit it.
ALTER TABLE registry_block
  ADD CONSTRAINT registry_block_reserved_fk
    FOREIGN KEY (reserved_for_id) REFERENCES registry_proposal (id);
CREATE INDEX registry_block_reserved ON registry_block (reserved_for_id)
  WHERE reserved_for_id IS NOT NULL;

-- Measures -------------------------------------------------------------------------------------------
ALTER TABLE registry_measure
  ADD CONSTRAINT registry_measure_shape CHECK (
    CASE WHEN verb IN ('trust', 'distrust')
           THEN num_nonnulls(account_id, trusted_id) = 2 AND block_id IS NULL
         WHEN verb = 'unfreeze' THEN num_nonnulls(account_id, block_id) = 1 AND trusted_id IS NULL
         WHEN verb = 'resume' THEN num_nonnulls(account_id, block_id, trusted_id) = 0
         ELSE false END),
  ADD CONSTRAINT registry_measure_reason CHECK (btrim(reason) <> ''),
  ADD CONSTRAINT registry_measure_state CHECK (
    CASE state WHEN 'proposed' THEN num_nonnulls(decided_by, decided_at, tx_id) = 0
               WHEN 'executed' THEN num_nonnulls(decided_by, decided_at, tx_id) = 3
               WHEN 'rejected' THEN num_nonnulls(decided_by, decided_at) = 2 AND tx_id IS NULL
               ELSE false END),
  ADD CONSTRAINT registry_measure_four_eyes
    CHECK (state <> 'executed' OR (decided_by > 0 AND decided_by <> initiator)),
  ADD CONSTRAINT registry_measure_account_fk
    FOREIGN KEY (account_id) REFERENCES registry_account (id),
  ADD CONSTRAINT registry_measure_block_fk FOREIGN KEY (block_id) REFERENCES registry_block (id),
  ADD CONSTRAINT registry_measure_trusted_fk
    FOREIGN KEY (trusted_id) REFERENCES registry_account (id),
  ADD CONSTRAINT registry_measure_tx_fk
    FOREIGN KEY (tx_id) REFERENCES registry_transaction (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX registry_measure_waits
  ON registry_measure (verb, account_id, block_id, trusted_id)
  NULLS NOT DISTINCT WHERE state = 'proposed';
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_measure
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_measure FOR EACH ROW
  EXECUTE FUNCTION registry_keep_rest('state', 'decided_by', 'decided_at', 'decision', 'tx_id');
CREATE TRIGGER decided_once BEFORE UPDATE ON registry_measure
  FOR EACH ROW WHEN (OLD.state <> 'proposed') EXECUTE FUNCTION registry_decided();

-- The stop of the whole registry: at most one is open, and it ends by a booking of two persons. ------
ALTER TABLE registry_stop
  ADD CONSTRAINT registry_stop_tx_fk
    FOREIGN KEY (tx_id) REFERENCES registry_transaction (id) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT registry_stop_resumed_fk
    FOREIGN KEY (resumed_id) REFERENCES registry_transaction (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX registry_stop_open ON registry_stop ((true)) WHERE resumed_id IS NULL;
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON registry_stop
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER keep_rest BEFORE UPDATE ON registry_stop
  FOR EACH ROW EXECUTE FUNCTION registry_keep_rest('resumed_id');
CREATE TRIGGER decided_once BEFORE UPDATE ON registry_stop
  FOR EACH ROW WHEN (OLD.resumed_id IS NOT NULL) EXECUTE FUNCTION registry_decided();

-- Every movement writes a posting, so one guard stops them all, whichever verb asks. No lock: a stop does
-- not wait for what is in flight; a statement that begins after it committed is refused.
CREATE FUNCTION registry_stopped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM registry_stop WHERE resumed_id IS NULL) THEN
    PERFORM registry_refuse('LG423', 'R501', 'The registry is stopped; nothing moves.');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER stopped BEFORE INSERT ON registry_posting
  FOR EACH STATEMENT EXECUTE FUNCTION registry_stopped();

-- K8, K15 again, with what came: a reserved block leaves its account only for the proposal that reserved
-- it (which lets go of it in the same statement), and nothing enters a closed account.
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
  RETURN NEW;
END $$;

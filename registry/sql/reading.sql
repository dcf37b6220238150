-- Reading: one descent of one index from (Party, serial) to the block that holds the unit.
--
-- A block's Party follows from its issuance, which is of record; the trigger writes it, whoever inserts,
-- so no verb names it and none can get it wrong. A Party's serials are one line (one counter per
-- Party), so the last block that begins at or before a serial is the only one that can hold it.
ALTER TABLE registry_block ADD COLUMN party_id varchar(2);

CREATE FUNCTION registry_block_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT party_id INTO NEW.party_id FROM registry_issuance WHERE id = NEW.issuance_id;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION registry_block_party() FROM PUBLIC;
CREATE TRIGGER block_party BEFORE INSERT OR UPDATE OF issuance_id, party_id ON registry_block
  FOR EACH ROW EXECUTE FUNCTION registry_block_party();

UPDATE registry_block SET party_id = '';  -- the trigger writes the truth
CREATE INDEX registry_block_serial ON registry_block (party_id, lo);

-- Lists are read newest first by the day on which it happened: an import books what is years old.
CREATE INDEX registry_issuance_time ON registry_issuance (effective_at, id);
CREATE INDEX registry_cancellation_time ON registry_cancellation (effective_at, id);
CREATE INDEX registry_transaction_time ON registry_transaction (effective_at, id);

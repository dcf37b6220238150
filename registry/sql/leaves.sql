-- Leaves and stamps. Every row of record carries SHA-256 over all its columns as a JSON array, so that
-- free text cannot be shifted between fields, and a later seal over the leaves finds any edit.
-- Moments are written in UTC with microseconds whatever the session's settings are; bytes as hex.

CREATE FUNCTION registry_moment(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE FUNCTION registry_leaf(p_row jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(convert_to(p_row::text, 'UTF8'))
$$;

CREATE FUNCTION registry_xid() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT pg_current_xact_id()::text::bigint
$$;

-- Whoever inserts, the stamp wins: `at`, `xid` and `leaf` of transactions and issuances are set here.
-- A transaction is written after its postings, which its leaf covers.
CREATE FUNCTION registry_stamp_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := cdm_now();
  NEW.xid := registry_xid();
  NEW.leaf := registry_leaf(jsonb_build_array(
    'transaction', NEW.id, NEW.key, NEW.verb, encode(NEW.request_sha256, 'hex'), NEW.facts,
    NEW.initiator, NEW.approver, NEW.xid, registry_moment(NEW.at),
    registry_moment(NEW.effective_at),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(id, issuance_id, lo, hi, dr, cr) ORDER BY id), '[]')
     FROM registry_posting WHERE tx_id = NEW.id)));
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON registry_transaction
  FOR EACH ROW EXECUTE FUNCTION registry_stamp_transaction();

CREATE FUNCTION registry_stamp_issuance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := cdm_now();
  NEW.xid := registry_xid();
  NEW.leaf := registry_leaf(jsonb_build_array(
    'issuance', NEW.id, NEW.tx_id, NEW.party_id, NEW.lo, NEW.hi, NEW.unit_type, NEW.original_cp,
    NEW.applicable_cp, NEW.lulucf, NEW.project_number, NEW.line_id, NEW.expires_on, NEW.xid,
    registry_moment(NEW.at), registry_moment(NEW.effective_at)));
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON registry_issuance
  FOR EACH ROW EXECUTE FUNCTION registry_stamp_issuance();

-- A cancellation's leaf covers its posting, which only the verb knows; so the verb computes it, and the
-- guard refuses a row that was not stamped just now by this very transaction.
CREATE FUNCTION registry_cancellation_leaf(c registry_cancellation, p registry_posting)
RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT registry_leaf(jsonb_build_array(
    'cancellation', c.id, c.lot_id, c.lot_lo, c.lot_hi, c.s, c.e, c.kind, c.buyer, c.key,
    encode(c.beneficiary_hmac, 'hex'), c.tx_id, c.xid, registry_moment(c.at),
    registry_moment(c.effective_at),
    CASE WHEN p.id IS NOT NULL THEN
      jsonb_build_array(p.id, p.issuance_id, p.lo, p.hi, p.dr, p.cr) END))
$$;

CREATE FUNCTION registry_stamp_cancellation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.xid <> registry_xid() OR abs(extract(epoch FROM cdm_now() - NEW.at)) > 10 THEN
    RAISE EXCEPTION 'a cancellation is stamped when it is written'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'registry_cancellation_stamp';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON registry_cancellation
  FOR EACH ROW EXECUTE FUNCTION registry_stamp_cancellation();

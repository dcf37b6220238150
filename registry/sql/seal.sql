-- Sealing: every row of record becomes a leaf of one growing Merkle tree (RFC 9162), in the order of
-- (xid, kind, id) inside a seal. The tree is built here, in the transaction that takes the leaves in; the
-- head is signed afterwards by the one process that has the key. A head counts when it is signed.

ALTER TABLE registry_seal
  ADD CONSTRAINT registry_seal_number CHECK (number >= 1),
  ADD CONSTRAINT registry_seal_takes CHECK (to_xid > from_xid AND tree_size > 0),
  ADD CONSTRAINT registry_seal_hash CHECK (
    octet_length(root) = 32 AND (previous_root IS NULL) = (number = 1)),
  ADD CONSTRAINT registry_seal_once UNIQUE (epoch, from_xid),
  ADD CONSTRAINT registry_seal_grows UNIQUE (tree_size);
ALTER TABLE registry_sealsignature
  ADD CONSTRAINT registry_sealsignature_size CHECK (
    octet_length(public_key) = 32 AND octet_length(signature) = 64),
  ADD CONSTRAINT registry_sealsignature_once UNIQUE (seal_id, public_key),
  ADD CONSTRAINT registry_sealsignature_seal_fk
    FOREIGN KEY (seal_id) REFERENCES registry_seal (number);
ALTER TABLE registry_sealleaf
  ADD CONSTRAINT registry_sealleaf_place CHECK (index >= 0),
  ADD CONSTRAINT registry_sealleaf_kind CHECK (kind IN ('transaction', 'issuance', 'cancellation')),
  ADD CONSTRAINT registry_sealleaf_hash CHECK (octet_length(leaf) = 32),
  ADD CONSTRAINT registry_sealleaf_once UNIQUE (kind, record_id),
  -- The head is written last: its root is known when the leaves are in.
  ADD CONSTRAINT registry_sealleaf_seal_fk
    FOREIGN KEY (seal_id) REFERENCES registry_seal (number) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE registry_sealnode
  ADD CONSTRAINT registry_sealnode_place CHECK (level BETWEEN 1 AND 62 AND index >= 0),
  ADD CONSTRAINT registry_sealnode_hash CHECK (octet_length(hash) = 32);

CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_seal
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_sealsignature
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_sealleaf
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_sealnode
  FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_change();

-- Rows are taken by the transaction that wrote them. Block range indexes cost a booking nothing.
CREATE INDEX registry_transaction_xid ON registry_transaction
  USING brin (xid) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX registry_issuance_xid ON registry_issuance
  USING brin (xid) WITH (pages_per_range = 16, autosummarize = on);
-- A cancellation's leaf covers its posting, which is found by the cancellation.
CREATE INDEX registry_posting_cancellation ON registry_posting
  USING brin (cancellation_id) WITH (pages_per_range = 16, autosummarize = on);
ALTER INDEX registry_cancellation_xid SET (autosummarize = on);

-- The rows of the newest seal, leaf p_first and later, whose leaf is not the hash of what stands in the
-- row. Written apart from the stamps (leaves.sql) on purpose: the signer puts nothing into the log that it
-- has not recomputed, and a stamp changed without this stops the log instead of slipping into it. Only
-- the ids of the seal are read; hash joins, since the planner cannot know how many rows are new.
CREATE FUNCTION registry_mismatches(p_first bigint) RETURNS TABLE (kind text, record_id bigint)
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_nestloop = off AS $$
#variable_conflict use_column
DECLARE v_lo bigint; v_hi bigint;
BEGIN
  SELECT min(s.record_id), max(s.record_id) INTO v_lo, v_hi
    FROM registry_sealleaf s WHERE s.index >= p_first AND s.kind = 'cancellation';
  RETURN QUERY
    SELECT s.kind, s.record_id FROM registry_sealleaf s
    JOIN registry_cancellation c ON c.id = s.record_id AND c.id BETWEEN v_lo AND v_hi
    LEFT JOIN registry_posting p ON p.cancellation_id = c.id
      AND p.cancellation_id BETWEEN v_lo AND v_hi
    WHERE s.index >= p_first AND s.kind = 'cancellation'
      AND s.leaf <> registry_cancellation_leaf(c, p);

  SELECT min(s.record_id), max(s.record_id) INTO v_lo, v_hi
    FROM registry_sealleaf s WHERE s.index >= p_first AND s.kind = 'issuance';
  RETURN QUERY
    SELECT s.kind, s.record_id FROM registry_sealleaf s
    JOIN registry_issuance i ON i.id = s.record_id AND i.id BETWEEN v_lo AND v_hi
    WHERE s.index >= p_first AND s.kind = 'issuance'
      AND s.leaf <> registry_leaf(jsonb_build_array(
        'issuance', i.id, i.tx_id, i.party_id, i.lo, i.hi, i.unit_type, i.original_cp,
        i.applicable_cp, i.lulucf, i.project_number, i.line_id, i.expires_on, i.xid,
        registry_moment(i.at), registry_moment(i.effective_at)));

  SELECT min(s.record_id), max(s.record_id) INTO v_lo, v_hi
    FROM registry_sealleaf s WHERE s.index >= p_first AND s.kind = 'transaction';
  RETURN QUERY
    SELECT s.kind, s.record_id FROM registry_sealleaf s
    JOIN registry_transaction t ON t.id = s.record_id AND t.id BETWEEN v_lo AND v_hi
    LEFT JOIN (
      SELECT p.tx_id, jsonb_agg(jsonb_build_array(p.id, p.issuance_id, p.lo, p.hi, p.dr, p.cr)
        ORDER BY p.id) AS moved
      FROM registry_posting p WHERE p.tx_id BETWEEN v_lo AND v_hi GROUP BY p.tx_id) posted
      ON posted.tx_id = t.id
    WHERE s.index >= p_first AND s.kind = 'transaction'
      AND s.leaf <> registry_leaf(jsonb_build_array(
        'transaction', t.id, t.key, t.verb, encode(t.request_sha256, 'hex'), t.facts,
        t.initiator, t.approver, t.xid, registry_moment(t.at), registry_moment(t.effective_at),
        coalesce(posted.moved, '[]')));
END $$;

-- Completes the subtrees that leaves p_first to p_size - 1 complete: one range of the level below per
-- level, so the whole costs as many hashes as there are new leaves.
CREATE FUNCTION registry_grow_tree(p_first bigint, p_size bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_level smallint := 1; v_from bigint; v_to bigint;
BEGIN
  LOOP
    v_from := p_first >> v_level; v_to := p_size >> v_level;
    EXIT WHEN v_to = 0;
    IF v_level = 1 THEN
      INSERT INTO registry_sealnode (level, index, hash)
      SELECT 1, index >> 1, sha256('\x01'::bytea
          || string_agg(sha256('\x00'::bytea || leaf), ''::bytea ORDER BY index))
      FROM registry_sealleaf WHERE index >= v_from * 2 AND index < v_to * 2 GROUP BY index >> 1;
    ELSE
      INSERT INTO registry_sealnode (level, index, hash)
      SELECT v_level, index >> 1, sha256('\x01'::bytea
          || string_agg(hash, ''::bytea ORDER BY index))
      FROM registry_sealnode
      WHERE level = v_level - 1 AND index >= v_from * 2 AND index < v_to * 2
      GROUP BY index >> 1;
    END IF;
    v_level := v_level + 1;
  END LOOP;
END $$;

-- The root over the first p_size leaves: the complete subtrees from right to left.
CREATE FUNCTION registry_tree_root(p_size bigint) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
DECLARE v_root bytea; v_peak bytea;
BEGIN
  FOR v_level IN 0..62 LOOP
    CONTINUE WHEN (p_size >> v_level) & 1 = 0;
    IF v_level = 0 THEN
      SELECT sha256('\x00'::bytea || leaf) INTO STRICT v_peak
        FROM registry_sealleaf WHERE index = p_size - 1;
    ELSE
      SELECT hash INTO STRICT v_peak FROM registry_sealnode
        WHERE level = v_level AND index = (p_size >> v_level) - 1;
    END IF;
    v_root := CASE WHEN v_root IS NULL THEN v_peak
                   ELSE sha256('\x01'::bytea || v_peak || v_root) END;
  END LOOP;
  RETURN v_root;
END $$;

-- Every transaction below the horizon that could have written here has ended. It is the oldest one that
-- still runs, transactions of other databases of the cluster left out: they write nothing here, and a
-- dump or a migration there must not keep this log waiting. One is left out only if it surely runs there:
-- the same process holds its lock before and after the process's database was read. When in doubt it counts.
CREATE FUNCTION registry_horizon() RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_now pg_snapshot := pg_current_snapshot(); v_running bigint[]; v_before text[];
  v_elsewhere integer[]; v_after text[]; v_horizon bigint;
BEGIN
  v_running := ARRAY(SELECT x::text::bigint FROM pg_snapshot_xip(v_now) AS x);
  IF cardinality(v_running) > 0 THEN
    PERFORM pg_stat_clear_snapshot();
    v_before := ARRAY(SELECT pid || ':' || transactionid FROM pg_locks
      WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted);
    v_elsewhere := ARRAY(SELECT pid FROM pg_stat_activity WHERE datid <>
      (SELECT oid FROM pg_database WHERE datname = current_database()));
    v_after := ARRAY(SELECT pid || ':' || transactionid FROM pg_locks
      WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted);
    SELECT min(x) INTO v_horizon FROM unnest(v_running) AS x
    WHERE NOT EXISTS (SELECT FROM unnest(v_elsewhere) AS pid
      WHERE pid || ':' || (x % 4294967296) = ANY (v_before)
        AND pid || ':' || (x % 4294967296) = ANY (v_after));
  END IF;
  RETURN least(v_horizon, pg_snapshot_xmax(v_now)::text::bigint,
    pg_current_xact_id_if_assigned()::text::bigint);
END $$;

-- Verb of the signer: takes in what was written since the last seal; answers the new head's number, or
-- NULL when there is nothing to seal or another one is sealing.
--
-- Identity values commit out of order, so rows are not taken by id: a late committer would be lost. They
-- are taken by the transaction that wrote them, up to the horizon. The horizon is read before the rows,
-- each in a snapshot of its own, so every row below it is there to be seen.
--
-- A restored dump lives in a cluster whose transaction numbers begin anew, behind the last seal's. Then a
-- new epoch begins, takes everything that is not sealed, and from then on looks each row up.
CREATE FUNCTION registry_seal_rows() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_last registry_seal; v_epoch integer := 1; v_from bigint := 0; v_to bigint;
  v_size bigint := 0; v_number bigint := 1; v_leaves bigint; v_restored boolean := false;
  v_wrong record;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('registry_seal', 0)) THEN RETURN NULL; END IF;
  v_to := registry_horizon();
  SELECT * INTO v_last FROM registry_seal ORDER BY number DESC LIMIT 1;
  IF FOUND THEN
    v_restored := pg_snapshot_xmax(pg_current_snapshot())::text::bigint < v_last.to_xid;
    v_epoch := v_last.epoch + v_restored::integer;
    v_from := CASE WHEN v_restored THEN 0 ELSE v_last.to_xid END;
    v_size := v_last.tree_size; v_number := v_last.number + 1;
  END IF;
  IF v_to <= v_from THEN RETURN NULL; END IF;

  INSERT INTO registry_sealleaf (index, seal_id, kind, record_id, leaf)
  SELECT v_size + row_number() OVER (ORDER BY xid, kind, id) - 1, v_number, kind, id, leaf
  FROM (
    SELECT 'transaction' AS kind, id, xid, leaf FROM registry_transaction
      WHERE xid >= v_from AND (xid < v_to OR v_restored)
    UNION ALL
    SELECT 'issuance', id, xid, leaf FROM registry_issuance
      WHERE xid >= v_from AND (xid < v_to OR v_restored)
    UNION ALL
    SELECT 'cancellation', id, xid, leaf FROM registry_cancellation
      WHERE xid >= v_from AND (xid < v_to OR v_restored)) AS written
  WHERE v_epoch = 1 OR NOT EXISTS (
    SELECT FROM registry_sealleaf s WHERE s.kind = written.kind AND s.record_id = written.id);
  GET DIAGNOSTICS v_leaves = ROW_COUNT;
  IF v_leaves = 0 THEN RETURN NULL; END IF;

  SELECT * INTO v_wrong FROM registry_mismatches(v_size) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% % is not what its leaf says: nothing is sealed until it is looked into',
      v_wrong.kind, v_wrong.record_id
      USING ERRCODE = 'data_corrupted', CONSTRAINT = 'registry_seal_leaf';
  END IF;
  PERFORM registry_grow_tree(v_size, v_size + v_leaves);
  INSERT INTO registry_seal (number, epoch, from_xid, to_xid, tree_size, root, previous_root, at)
  VALUES (v_number, v_epoch, v_from, v_to, v_size + v_leaves,
    registry_tree_root(v_size + v_leaves), v_last.root, cdm_now());
  RETURN v_number;
END $$;

-- Verb of the signer: keep its signature of a head.
CREATE FUNCTION registry_sign_seal(p_number bigint, p_public_key bytea, p_signature bytea)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO registry_sealsignature (seal_id, public_key, signature, at)
  VALUES (p_number, p_public_key, p_signature, cdm_now())
  ON CONFLICT ON CONSTRAINT registry_sealsignature_once DO NOTHING;
  RETURN p_number;
END $$;

-- Rights: everybody's roles read; the signer alone calls its two verbs.
DO $$
DECLARE f regprocedure; r text; t text;
  verbs text[] := ARRAY['registry_seal_rows', 'registry_sign_seal'];
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname = ANY (
      verbs || ARRAY['registry_horizon', 'registry_mismatches', 'registry_grow_tree',
        'registry_tree_root']) LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_signer')
       AND (SELECT proname FROM pg_proc WHERE oid = f) = ANY (verbs) THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO cdm_signer', f);
    END IF;
  END LOOP;
  FOREACH r IN ARRAY ARRAY['cdm_app', 'cdm_audit', 'cdm_signer'] LOOP
    CONTINUE WHEN NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r);
    FOREACH t IN ARRAY ARRAY['seal', 'sealsignature', 'sealleaf', 'sealnode'] LOOP
      EXECUTE format('REVOKE ALL ON TABLE registry_%s FROM %I', t, r);
      EXECUTE format('GRANT SELECT ON TABLE registry_%s TO %I', t, r);
    END LOOP;
    EXECUTE format('REVOKE ALL ON SEQUENCE registry_sealsignature_id_seq FROM %I', r);
  END LOOP;
END $$;

-- Rights: the first wall. The web, the worker and beat read the ledger and call its verbs, nothing else.
-- Functions are executable by everybody unless that is taken away, so it is, for every one.
DO $$
DECLARE f regprocedure; r text; t regclass;
  verbs text[] := ARRAY['registry_open_account', 'registry_instruct', 'registry_release_instruction',
    'registry_issue', 'registry_propose', 'registry_approve', 'registry_reject', 'registry_earmark',
    'registry_hold_units', 'registry_drop_hold', 'registry_expire_holds', 'registry_cancel',
    'registry_release_lot', 'registry_close_lots', 'registry_freeze', 'registry_unfreeze',
    'registry_keep_reconciliation'];
BEGIN
  FOR f IN SELECT oid FROM pg_proc
           WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'registry\_%' LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app')
       AND (SELECT proname FROM pg_proc WHERE oid = f) = ANY (verbs) THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO cdm_app', f);
    END IF;
  END LOOP;
  FOREACH r IN ARRAY ARRAY['cdm_app', 'cdm_audit', 'cdm_signer'] LOOP
    CONTINUE WHEN NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r);
    FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
               AND relkind IN ('r', 'S') AND relname LIKE 'registry\_%' LOOP
      EXECUTE format('REVOKE ALL ON %s %s FROM %I',
        CASE (SELECT relkind FROM pg_class WHERE oid = t) WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
        t, r);
      IF (SELECT relkind FROM pg_class WHERE oid = t) = 'r' THEN
        EXECUTE format('GRANT SELECT ON TABLE %s TO %I', t, r);
      END IF;
    END LOOP;
  END LOOP;
END $$;

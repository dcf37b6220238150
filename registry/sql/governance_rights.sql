-- Rights of what governance added; the rule is that of rights.sql: read the tables, call the verbs.
-- What rights.sql granted before to a function of another signature went with it.
DO $$
DECLARE f regprocedure; r text; t regclass;
  verbs text[] := ARRAY['registry_open_account', 'registry_close_account', 'registry_represent',
    'registry_recall', 'registry_authorise', 'registry_revoke', 'registry_instruct',
    'registry_release_instruction', 'registry_issue', 'registry_propose', 'registry_approve',
    'registry_execute', 'registry_reject', 'registry_lapse_proposals', 'registry_earmark',
    'registry_hold_units', 'registry_drop_hold', 'registry_expire_holds', 'registry_cancel',
    'registry_release_lot', 'registry_close_lots', 'registry_freeze', 'registry_halt',
    'registry_propose_measure', 'registry_approve_measure', 'registry_reject_measure',
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
               AND relkind = 'r' AND relname LIKE 'registry\_%' LOOP
      EXECUTE format('REVOKE ALL ON TABLE %s FROM %I', t, r);
      EXECUTE format('GRANT SELECT ON TABLE %s TO %I', t, r);
    END LOOP;
    FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
               AND relkind = 'S' AND relname LIKE 'registry\_%' LOOP
      EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM %I', t, r);
    END LOOP;
  END LOOP;
END $$;

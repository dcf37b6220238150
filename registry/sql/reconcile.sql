-- Verb: keep what a run of the invariants found. The run itself is registry/invariants.py.
CREATE FUNCTION registry_keep_reconciliation(p_checks integer, p_problems jsonb) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO registry_reconciliation (at, ok, checks, problems)
  VALUES (cdm_now(), p_problems = '[]', p_checks, p_problems) RETURNING id
$$;

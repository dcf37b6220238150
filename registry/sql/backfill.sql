-- What stood before governance came gets what it would have now: the history of lines and proposals, the
-- reservation of units for proposals that wait, and an authorisation for whom units were forwarded to.
DO $$
DECLARE l registry_instructionline; p registry_proposal;
BEGIN
  FOR l IN SELECT * FROM registry_instructionline ORDER BY id LOOP
    PERFORM registry_mark(l.key, '{0}', l.initiator, l.at);
    CONTINUE WHEN l.releaser IS NULL;
    PERFORM registry_mark(l.key, '{1}', l.releaser, l.released_at);
    PERFORM registry_mark(l.key, '{2,4}', l.releaser, effective_at)
      FROM registry_issuance WHERE line_id = l.id;
  END LOOP;
  INSERT INTO registry_authorisation (project_number, holder_id, letter, since)
    SELECT r.project_number, a.holder_id, 'carried over from the forwardings before', min(r.at)
    FROM registry_proposal r JOIN registry_account a ON a.id = r.to_account_id
    WHERE r.verb = 'forward' AND r.state <> 'rejected' AND a.holder_id IS NOT NULL
    GROUP BY r.project_number, a.holder_id;
  FOR p IN SELECT * FROM registry_proposal ORDER BY id LOOP
    PERFORM registry_mark(p.key, '{0}', p.initiator, p.at);
    IF p.state = 'proposed' THEN
      PERFORM registry_reserve(p.id, registry_lock_issuances(p.project_number));
    ELSE
      PERFORM registry_mark(p.key, CASE p.state WHEN 'executed' THEN '{1,2,4}'::integer[]
        ELSE '{7}' END, p.decided_by, p.decided_at);
    END IF;
  END LOOP;
END $$;

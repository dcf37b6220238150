-- What board_due should hold, worked out from the cases.
SELECT 'vote' AS act, q.id AS request_id, s.seat_number::int, NULL::bigint AS period_id,
       NULL::bigint AS doe_id
  FROM board_request q, (SELECT DISTINCT seat_number FROM identity_membership
                         WHERE seat_number IS NOT NULL) s
 WHERE q.state = 'assessed' AND NOT EXISTS (
   SELECT FROM board_vote v WHERE v.request_id = q.id AND v.seat_number = s.seat_number)
UNION ALL
SELECT 'instruct', q.id, NULL, NULL, NULL FROM board_request q
 WHERE q.kind = 'issuance' AND q.state = 'approved'
   AND NOT EXISTS (SELECT FROM board_instruction n WHERE n.request_id = q.id)
UNION ALL
SELECT 'request', NULL, NULL, p.id, p.verifier_id FROM projects_monitoringperiod p
 WHERE p.stage = 'issuance' AND p.verifier_id IS NOT NULL AND NOT EXISTS (
   SELECT FROM board_request q WHERE q.period_id = p.id
      AND q.state NOT IN ('rejected', 'withdrawn'))

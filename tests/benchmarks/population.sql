-- A whole population of projects and cases, made by set: see population.py.
--
-- Every row is inserted in the state in which the database lets it begin, and moved by UPDATE along
-- the ways that the triggers allow; no wall is switched off. Of every ten projects one is in
-- design, one in national approval, one in validation, one at registration and six are registered,
-- each with ten monitoring periods: the last measured now, the one before in verification, the
-- eighth at issuance, the others granted: units.sql goes on with those. `j` counts the projects of a
-- kind, so that owners, auditors and states mix. From a hundred projects on some more wait for the
-- DNA, the team of experts and the Board, so that their first page is as full as with ten thousand.

CREATE TEMPORARY TABLE bulk ON COMMIT DROP AS
WITH made AS (
  SELECT n, n / 10 AS j, n %% 10 AS class FROM generate_series(0, %(projects)s - 1) AS n
  UNION ALL
  SELECT %(projects)s + k, CASE k %% 4 WHEN 0 THEN 7 WHEN 3 THEN 12 ELSE 6 END,
         CASE k %% 4 WHEN 0 THEN 1 ELSE 3 END
    FROM generate_series(0, 119) AS k WHERE %(projects)s >= 100)
SELECT n, j, class,
       'BULK-' || lpad(n::text, 6, '0') AS reference,
       %(at)s - interval '900 days' AS begun,
       CASE WHEN j %% 10 = 0 THEN %(owner)s
            ELSE (%(others)s::bigint[])[1 + j %% %(other_count)s] END AS owner_id,
       (%(does)s::bigint[])[1 + j %% 2] AS validator_id,
       (%(does)s::bigint[])[1 + (j + 1) %% 2] AS verifier_id
  FROM made;

INSERT INTO projects_project
  (reference, rules, fictional, owner_id, party_code, title, summary, sector, sectoral_scope, scale,
   methodology, methodology_version, location, latitude, longitude, crediting_kind, crediting_first_date,
   crediting_last_date, estimated_annual_tonnes, opinion, decision, created_at, stage)
SELECT reference, 'demonstration', true, owner_id, 'KE', 'Solar park ' || n, '', 'solar', 1, 'large',
       'ACM0002', '20.0', '', j %% 50 - 15, n %% 43 - 3, 'fixed', (%(at)s - interval '800 days')::date,
       (%(at)s + interval '2800 days')::date, 50000, '', '', begun, 'design'
  FROM bulk;

ALTER TABLE bulk ADD COLUMN id bigint;
UPDATE bulk SET id = p.id FROM projects_project p WHERE p.reference = bulk.reference;
CREATE INDEX ON bulk (id);
ANALYZE bulk;

INSERT INTO projects_participation (project_id, organisation_id) SELECT id, owner_id FROM bulk;
INSERT INTO participant_designdocument (project_id, content, updated_at)
SELECT id, '{}', begun FROM bulk;

INSERT INTO projects_blob (sha256, data, size_bytes)
VALUES (%(sha256)s, '\x62756c6b', 4) ON CONFLICT DO NOTHING;

-- Stage 2: letters of approval

UPDATE projects_project p
   SET stage = 'national_approval', design_version = 1, design_submitted_at = begun
  FROM bulk b WHERE b.id = p.id AND class >= 1;

INSERT INTO dna_letter (project_id, party_code, host, state, requested_at, ratified, voluntary,
                        sustainable_development, sha256, reason)
SELECT id, 'KE', true, 'requested', begun, false, false, false, '', ''
  FROM bulk WHERE class >= 2 OR class = 1 AND j %% 3 > 0;
UPDATE dna_letter l SET state = 'clarification'
  FROM bulk b WHERE b.id = l.project_id AND class = 1 AND j %% 3 = 2;
INSERT INTO projects_document (project_id, kind, title, filename, media_type, version, blob_id,
                               public, part, confidential, filed_at)
SELECT id, 'letter', 'Letter of approval', 'letter.pdf', 'application/pdf', 1, %(sha256)s, true, '',
       false, begun
  FROM bulk WHERE class >= 2;
UPDATE dna_letter l
   SET state = 'issued', ratified = true, voluntary = true, sustainable_development = true,
       number = 'BULK/' || n, document_id = d.id, issued_at = begun, decided_at = begun
  FROM bulk b JOIN projects_document d ON d.project_id = b.id AND d.kind = 'letter'
 WHERE b.id = l.project_id AND class >= 2;

-- Stage 3: engagements, validations with comments and findings

INSERT INTO doe_engagement (project_id, organisation_id, function, state, offered_at, reason, notice)
SELECT id, validator_id, 'validation', 'offered', begun, '', ''
  FROM bulk WHERE class >= 2 OR class = 1 AND j %% 2 = 0;
UPDATE doe_engagement e SET state = 'accepted', decided_at = begun, no_conflict_at = begun
  FROM bulk b WHERE b.id = e.project_id AND class >= 2;
UPDATE projects_project p
   SET stage = 'validation', validator_id = b.validator_id, host_approved_at = begun,
       validation_began_at = begun
  FROM bulk b WHERE b.id = p.id AND class >= 2;
INSERT INTO doe_validation (project_id, number, organisation_id, state, published_at,
                            comments_close_at, published_version, conclusion)
SELECT id, 1, validator_id, 'open', begun,
       CASE WHEN class = 2 AND j %% 4 = 0 THEN %(at)s + interval '1 day' * (1 + j %% 20)
            ELSE begun + interval '30 days' END, 1, ''
  FROM bulk WHERE class >= 3 OR class = 2 AND j %% 5 > 0;
INSERT INTO doe_comment (validation_id, number, name, affiliation, email, text, at, response)
SELECT v.id, c, 'A neighbour', '', 'neighbour@example.org', 'Where does the water go?',
       begun + interval '1 day', ''
  FROM bulk b JOIN doe_validation v ON v.project_id = b.id, generate_series(1, 2) c
 WHERE class = 2 AND j %% 3 = 0;
INSERT INTO projects_finding (project_id, kind, number, subject, section, passage, state, raised_by_id, raised_at)
SELECT id, (ARRAY['CAR', 'CL', 'CAR', 'FAR'])[f], f, 'Grid factor', '', '',
       (ARRAY['open', 'answered', 'closed', 'forwarded'])[1 + (j + f) %% 3], validator_id, begun
  FROM bulk, generate_series(1, 3) f WHERE class = 2;

-- Stage 4: opinions and requests for registration, one in every state

UPDATE doe_validation v SET state = 'positive', decided_at = begun + interval '60 days', design_version = 1
  FROM bulk b WHERE b.id = v.project_id AND (class >= 3 OR class = 2 AND j %% 7 = 1);
UPDATE projects_project p SET opinion = 'positive', opinion_at = begun + interval '60 days'
  FROM bulk b WHERE b.id = p.id AND (class >= 3 OR class = 2 AND j %% 7 = 1);
UPDATE projects_project p
   SET stage = 'registration', registration_requested_at = begun + interval '61 days'
  FROM bulk b WHERE b.id = p.id AND class >= 3;
INSERT INTO board_request (kind, project_id, version, reference, fee_usd, submitted_by_id,
                           submitted_at, incomplete_reasons, note, review_scope, end_reason, state)
SELECT 'registration', id, 1, 'BR-' || n, 0, validator_id, begun + interval '61 days', '', '', '', '',
       'submitted'
  FROM bulk WHERE class >= 3;

-- Stages 5 and 6: monitoring periods, verifications

UPDATE projects_project p
   SET stage = 'monitoring', number = (1000000 + n)::text, decision = 'register',
       registered_at = begun + interval '90 days'
  FROM bulk b WHERE b.id = p.id AND class >= 4;

INSERT INTO projects_creditingperiod (project_id, number, version, first_date, last_date,
                                      estimated_annual_tonnes, design_version, registered_at)
SELECT p.id, 1, 1, crediting_first_date, crediting_last_date, estimated_annual_tonnes, 1,
       registered_at
  FROM projects_project p JOIN bulk b ON b.id = p.id WHERE class >= 4;
INSERT INTO projects_registeredversion (project_id, design_version, effective_date, registered_at)
SELECT p.id, 1, crediting_first_date, registered_at
  FROM projects_project p JOIN bulk b ON b.id = p.id WHERE class >= 4;

CREATE TEMPORARY TABLE span ON COMMIT DROP AS
SELECT b.id AS project_id, b.n, b.j, b.validator_id, b.verifier_id, number,
       (%(at)s - interval '30 days' * (11 - number))::date AS first_date,
       (%(at)s - interval '30 days' * (10 - number) - interval '1 day')::date AS last_date,
       %(at)s - interval '20 days' AS reported_at
  FROM bulk b, generate_series(1, 10) AS number WHERE class >= 4 AND NOT (class = 9 AND j %% 5 = 0);

INSERT INTO projects_monitoringperiod (project_id, number, first_date, last_date, opened_at,
                                       verification_outcome, decision, stage)
SELECT project_id, number, first_date, last_date, reported_at, '', '', 'monitoring' FROM span;
ALTER TABLE span ADD COLUMN id bigint;
UPDATE span s SET id = p.id FROM projects_monitoringperiod p
 WHERE p.project_id = s.project_id AND p.number = s.number;
CREATE INDEX ON span (id);
ANALYZE span;

UPDATE projects_monitoringperiod p
   SET stage = 'verification', report_version = 1, reported_at = s.reported_at, claimed_tonnes = 4000,
       verifier_id = CASE WHEN p.number = 9 AND j %% 9 = 0 THEN NULL ELSE s.verifier_id END
  FROM span s WHERE s.id = p.id AND p.number < 10;
INSERT INTO doe_verification (period_id, organisation_id, state, published_at, certified, conclusion)
SELECT id, verifier_id, 'verifying', reported_at, '{}', ''
  FROM span WHERE number < 9 OR number = 9 AND j %% 9 > 1;
INSERT INTO doe_verificationrun (verification_id, report_version, state, queued_at, attempts, step,
                                 steps, message, result, finished_at)
SELECT v.id, 1, 'done', reported_at, 1, 1, 1, '', '{}', reported_at
  FROM span s JOIN doe_verification v ON v.period_id = s.id WHERE number < 9 OR j %% 9 > 2;
INSERT INTO projects_finding (project_id, period_id, kind, number, subject, section, passage, state,
                              raised_by_id, raised_at)
SELECT project_id, id, 'CAR', 1, 'Meter seal', '', '',
       (ARRAY['open', 'answered', 'closed'])[1 + j %% 3], verifier_id, reported_at
  FROM span WHERE number = 9 AND j %% 2 = 0;
UPDATE doe_verification v SET state = 'certified', decided_at = reported_at, certified = '{"2": 4000}'
  FROM span s WHERE s.id = v.period_id AND number < 9;
UPDATE projects_monitoringperiod p
   SET stage = 'issuance', verification_outcome = 'positive', certified_tonnes = 4000,
       certified_at = s.reported_at
  FROM span s WHERE s.id = p.id AND s.number < 9;

-- Stage 7: requests for issuance

INSERT INTO board_request (kind, project_id, period_id, version, reference, submitted_by_id,
                           submitted_at, incomplete_reasons, note, review_scope, end_reason, state)
SELECT 'issuance', project_id, id, 1, 'BI-' || n || '-' || number, verifier_id, reported_at, '', '',
       '', '', 'submitted'
  FROM span WHERE number < 8 OR number = 8 AND (j / 2) %% 12 > 0;

-- Where each request stands: the past ones granted, the others one in every state

CREATE TEMPORARY TABLE stand ON COMMIT DROP AS
SELECT q.id, row_number() OVER (ORDER BY q.id) AS j,
       CASE WHEN b.class >= 4 AND q.kind = 'registration' OR s.number < 8 THEN 9
            ELSE coalesce(b.j, 0) %% 9 END AS upto
  FROM board_request q JOIN bulk b ON b.id = q.project_id
  LEFT JOIN span s ON s.id = q.period_id;
CREATE INDEX ON stand (id);
ANALYZE stand;

UPDATE board_request q SET state = 'completeness_check',
       check_due_at = %(at)s + interval '1 hour' * (j %% 400 - 100)
  FROM stand s WHERE s.id = q.id AND upto >= 1;
UPDATE board_request q SET state = 'information_check'
  FROM stand s WHERE s.id = q.id AND upto >= 2;
UPDATE board_request q SET state = 'incomplete', incomplete_reasons = 'A page is missing.'
  FROM stand s WHERE s.id = q.id AND upto = 2 AND j %% 2 = 0;
UPDATE board_request q SET state = 'published', check_due_at = NULL, published_at = %(at)s - interval '5 days',
       window_closes_at = %(at)s + interval '1 minute' * (1 + j %% 30000)
  FROM stand s WHERE s.id = q.id AND upto >= 3;
INSERT INTO board_recusal (request_id, person_id, name, reason, at)
SELECT q.id, (%(members)s::bigint[])[1 + s.j %% 10], 'A member', 'Worked for the owner',
       %(at)s - interval '4 days'
  FROM stand s JOIN board_request q ON q.id = s.id WHERE upto BETWEEN 3 AND 8 AND j %% 20 = 0;
INSERT INTO board_reviewrequest (request_id, person_id, name, party_code, seat_number, grounds, reasons, at)
SELECT s.id, (%(members)s::bigint[])[m], 'Member ' || m, '', m, '["other"]', 'See the grid factor',
       %(at)s - interval '3 days'
  FROM stand s, generate_series(3, 5) m WHERE upto BETWEEN 4 AND 8 AND (m = 3 OR upto > 4)
   AND NOT EXISTS (SELECT FROM board_recusal r WHERE r.request_id = s.id
                   AND r.person_id = (%(members)s::bigint[])[m]);
UPDATE board_request q SET state = 'review_requested'
  FROM stand s WHERE s.id = q.id AND upto BETWEEN 5 AND 8;
UPDATE board_request q SET state = 'under_review', review_scope = 'The grid factor',
       assessment_due_at = %(at)s + interval '1 hour' * (j %% 400 - 100)
  FROM stand s WHERE s.id = q.id AND upto BETWEEN 6 AND 8;
INSERT INTO board_assessment (request_id, side, person_id, name, recommendation, reasons, at)
SELECT s.id, side, CASE side WHEN 'rit' THEN %(expert)s ELSE %(official)s END, 'An assessor',
       CASE WHEN side = 'rit' AND upto = 8 THEN 'reject' ELSE 'correct' END, 'Read in full',
       %(at)s - interval '2 days'
  FROM stand s, unnest(ARRAY['secretariat', 'rit']) side
 WHERE upto BETWEEN 7 AND 8 OR upto = 6 AND side = 'rit' AND j %% 2 = 0;
UPDATE board_request q SET state = 'assessed' FROM stand s WHERE s.id = q.id AND upto BETWEEN 7 AND 8;
UPDATE board_request q SET state = 'proposed',
       objection_closes_at = %(at)s + interval '1 minute' * (1 + j %% 5000)
  FROM stand s WHERE s.id = q.id AND upto = 7;
INSERT INTO board_vote (request_id, person_id, name, seat_number, ruling, reasons, at)
SELECT s.id, (%(members)s::bigint[])[m], 'Member ' || m, m, 'correct', '', %(at)s - interval '1 day'
  FROM stand s, generate_series(2, 10) m WHERE upto = 8 AND (j %% 3 = 0 OR m < 5)
   AND NOT EXISTS (SELECT FROM board_recusal r WHERE r.request_id = s.id
                   AND r.person_id = (%(members)s::bigint[])[m]);
UPDATE board_request q SET state = 'approved', decided_at = %(at)s - interval '1 day',
       window_closes_at = %(at)s - interval '1 day'
  FROM stand s WHERE s.id = q.id AND (upto = 9 OR upto = 4 AND j %% 2 = 0);
INSERT INTO board_invoice (request_id, amount_usd, before_cap_usd, advance_usd, received_usd,
                           earlier_quantity, rule, state, made_at, payment_reference,
                           proof)
SELECT q.id, 800.50, 800.50, 0, 0, 0, 'sop', CASE WHEN s.j %% 5 = 0 THEN 'due' ELSE 'waived' END,
       %(at)s - interval '1 day', '', ''
  FROM stand s JOIN board_request q ON q.id = s.id WHERE q.kind = 'issuance' AND q.state = 'approved';
INSERT INTO board_payment (invoice_id, amount_usd, reference, received_on, recorded_by_id,
                           recorded_name, recorded_at, state, decided_name, reason)
SELECT i.id, 800.50, 'BULK-' || i.id, %(at)s::date, %(official)s, 'Signe Holm', %(at)s, 'recorded', '', ''
  FROM board_invoice i JOIN stand s ON s.id = i.request_id WHERE i.state = 'due' AND s.j %% 2 = 0;
-- Proceedings about accreditations

INSERT INTO doe_proceeding (organisation_id, kind, project_id, scopes, functions, reasons, state,
                            opened_at, statement, answer, decision, prepared_by_id, prepared_at)
SELECT validator_id, 'exempt', id, '[]', '[]', 'No other entity is near',
       CASE j %% 2 WHEN 0 THEN 'asked' ELSE 'proposed' END, begun, '', '', '', %(official)s, begun
  FROM bulk WHERE class = 2 AND j %% 10 < 2;

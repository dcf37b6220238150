-- What the Board's grants become: instructions, units, offers, orders, certificates. See population.py.
--
-- For the projects with a reference in [first, last], in one transaction: every movement goes through
-- the registry's own functions, so each of its keys and triggers is asked. What was paid for is issued,
-- one line in forty of it not yet; what was not paid for waits for its release. Of every ten projects
-- one has its forwarding proposed only; seven of the others offer half of what they got, in ten orders
-- of two tonnes, of which eight are certified, one is paid and one is open.

CREATE TEMPORARY TABLE due ON COMMIT DROP AS
SELECT q.id AS request_id, q.reference, p.id AS project_id, p.number, p.owner_id, m.id AS period_id,
       m.number AS period, i.state = 'waived' AS paid, NULL::bigint AS line, NULL::bigint AS issuance
  FROM projects_project p
  JOIN projects_monitoringperiod m ON m.project_id = p.id AND m.stage = 'issuance'
  JOIN board_request q ON q.period_id = m.id AND q.state = 'approved'
  JOIN board_invoice i ON i.request_id = q.id
 WHERE p.reference BETWEEN %(first)s AND %(last)s AND m.number < 8;
UPDATE due SET line = registry_instruct(
  number, reference, 'KE', 5, 2, 4000, 80, NULL, %(chair)s, %(at)s);
INSERT INTO board_instruction (request_id, commitment_period, part, quantity, share_of_proceeds,
                               line_id, instructed_by_id, at)
SELECT request_id, 2, 1, 4000, 80, line, %(chair)s, %(at)s FROM due ORDER BY line;
SELECT count(registry_release_instruction(line, %(clerk)s, %(at)s)) FROM due WHERE paid;
UPDATE due SET issuance = (registry_issue(line, %(at)s)).o_issuance WHERE paid AND line %% 40 > 0;
UPDATE board_instruction n SET issuance_id = d.issuance
  FROM due d WHERE d.line = n.line_id AND d.issuance IS NOT NULL;
UPDATE projects_monitoringperiod p
   SET stage = 'offsetting', decision = 'issue', issued_tonnes = 4000, issued_at = %(at)s
  FROM due d WHERE d.period_id = p.id AND d.issuance IS NOT NULL;

-- Forwarded to the participant, but for the share of proceeds and the youngest issuance

CREATE TEMPORARY TABLE given ON COMMIT DROP AS
SELECT d.project_id, d.number, d.owner_id, a.id AS account, 3920 * greatest(count(*) - 1, 1) AS units,
       row_number() OVER (ORDER BY d.project_id) AS j, NULL::bigint AS proposal, NULL::bigint AS offer
  FROM due d JOIN registry_account a ON a.holder_id = d.owner_id
 WHERE d.issuance IS NOT NULL GROUP BY d.project_id, d.number, d.owner_id, a.id;
SELECT count(registry_authorise(number, owner_id, NULL, 'Letter of approval', %(clerk)s, %(at)s))
  FROM given;
UPDATE given SET proposal = (registry_propose(
  number, 3, account, units, 2, 5, NULL, NULL, NULL, %(clerk)s, gen_random_uuid(), %(at)s)).o_proposal;
SELECT count((registry_approve(proposal, %(second_clerk)s, NULL, '0', %(at)s)).o_tx)
  FROM given WHERE j %% 10 > 0;

-- Offered

CREATE TEMPORARY TABLE lot ON COMMIT DROP AS
SELECT g.project_id, g.owner_id, g.units, g.j, unnest((registry_earmark(
  account, number, 2, units / 2, %(clerk)s, gen_random_uuid(), %(at)s)).o_lots) AS id
  FROM given g WHERE j %% 10 > 2;
INSERT INTO offsets_offer (project_id, seller_id, commitment_period, quantity, price, currency,
                           price_version, state, listed_at)
SELECT DISTINCT project_id, owner_id, 2, units / 2, 3 + j %% 50 / 10.0, 'USD', 1, 'listed', %(at)s
  FROM lot;
UPDATE given g SET offer = o.id FROM offsets_offer o WHERE o.project_id = g.project_id;
INSERT INTO offsets_offerlot (offer_id, lot_id)
SELECT g.offer, l.id FROM lot l JOIN given g ON g.project_id = l.project_id ORDER BY l.id;
UPDATE offsets_offer o SET state = 'paused' FROM given g WHERE g.offer = o.id AND g.j %% 20 = 13;

-- Sold: the orders of an offer take from its first lot

CREATE TEMPORARY TABLE sale ON COMMIT DROP AS
SELECT o.id AS offer, o.seller_id, o.price, l.id AS lot, k, gen_random_uuid() AS key,
       (%(codes)s::text[])[row_number() OVER (ORDER BY o.id, k)] AS code, NULL::bigint AS id
  FROM given g JOIN offsets_offer o ON o.id = g.offer
  JOIN (SELECT project_id, min(id) AS id FROM lot GROUP BY project_id) l
    ON l.project_id = g.project_id, generate_series(1, 10) AS k;
INSERT INTO offsets_order (code, order_key, buyer_key, anonymous, state, quantity, total, currency,
                           beneficiary_name, on_behalf, reference, name_public, reason, email,
                           started_at, held_until, note)
SELECT 'bulk-' || code, key, '', k = 2, 'checkout', 2, 2 * price, 'USD', 'Buyer ' || k, false, '',
       k %% 2 = 0, '', 'buyer@example.org', %(at)s, %(at)s + interval '20 minutes', '' FROM sale;
UPDATE sale s SET id = o.id FROM offsets_order o WHERE o.order_key = s.key;
CREATE INDEX ON sale (id);
SELECT count(registry_hold_units(lot, 2, key, %(at)s, %(at)s + interval '20 minutes'))
  FROM sale WHERE k > 8;
INSERT INTO offsets_orderline (order_id, offer_id, lot_id, key, quantity, unit_price)
SELECT id, offer, lot, key, 2, price FROM sale;
INSERT INTO offsets_paymentattempt (uuid, order_id, provider, amount, currency, state,
                                    received_currency, refund_reference, started_at,
                                    page_url, provider_reference)
SELECT gen_random_uuid(), id, 'sandbox', 2 * price, 'USD', 'pending', '', '', %(at)s, '', ''
  FROM sale WHERE k < 10;
UPDATE offsets_paymentattempt a
   SET state = 'succeeded', received = amount, received_currency = 'USD', settled_at = %(at)s
  FROM sale s WHERE s.id = a.order_id;
INSERT INTO offsets_moneyentry (order_id, attempt_id, debit, credit, amount, currency, at)
SELECT order_id, a.id, 'provider', 'buyer', amount, 'USD', %(at)s
  FROM sale s JOIN offsets_paymentattempt a ON a.order_id = s.id;
UPDATE offsets_order o SET state = 'payment_pending' FROM sale s WHERE s.id = o.id AND k < 10;
UPDATE offsets_order o SET state = 'paid', paid_at = %(at)s FROM sale s WHERE s.id = o.id AND k < 10;

SELECT count((registry_settle(lot, quantities, ids, keys, %(at)s, false)).o_new)
  FROM (SELECT lot, array_agg(2::bigint ORDER BY id) AS quantities, array_agg(id ORDER BY id) AS ids,
               array_agg(key ORDER BY id) AS keys FROM sale WHERE k < 9 GROUP BY lot) AS sold;
UPDATE offsets_orderline l SET cancellation_id = c.id
  FROM sale s JOIN registry_cancellation c ON c.key = s.key WHERE l.order_id = s.id;
INSERT INTO offsets_moneyentry (order_id, line_id, participant_id, debit, credit, amount, currency, at)
SELECT s.id, l.id, seller_id, 'buyer', 'participant', 2 * price, 'USD', %(at)s
  FROM sale s JOIN offsets_orderline l ON l.order_id = s.id WHERE k < 9;
INSERT INTO offsets_certificate (order_id, code, number, tonnes, sandbox, issued_at, sha256)
SELECT id, code, 'BC-' || id, 2, true, %(at)s, '' FROM sale WHERE k < 9 ORDER BY id;
INSERT INTO offsets_receipt (order_id, key, state, tries, next_try_at, ended_at)
SELECT id, gen_random_uuid(), 'sent', 1, %(at)s, %(at)s FROM sale WHERE k < 9;
UPDATE offsets_order o SET state = 'fulfilled', fulfilled_at = %(at)s
  FROM sale s WHERE s.id = o.id AND k < 9;

-- A second price for some: every project with an offer has 1.43 of them

CREATE TEMPORARY TABLE more ON COMMIT DROP AS
SELECT g.project_id, g.owner_id, g.units, g.j, unnest((registry_earmark(
  account, number, 2, units / 4, %(clerk)s, gen_random_uuid(), %(at)s)).o_lots) AS id
  FROM given g WHERE j %% 10 IN (4, 6, 8);
INSERT INTO offsets_offer (project_id, seller_id, commitment_period, quantity, price, currency,
                           price_version, state, listed_at)
SELECT DISTINCT project_id, owner_id, 2, units / 4, 4 + j %% 40 / 10.0, 'USD', 1, 'listed', %(at)s
  FROM more;
INSERT INTO offsets_offerlot (offer_id, lot_id)
SELECT max(o.id), m.id FROM more m JOIN offsets_offer o ON o.project_id = m.project_id
 GROUP BY m.id ORDER BY m.id;

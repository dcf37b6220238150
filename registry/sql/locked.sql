-- A ledger of before: units were taken out of issuances that nobody had locked, where these came into the
-- account while the taker waited. What is here took the place of functions with other arguments; the verbs
-- are loaded again.
DROP FUNCTION IF EXISTS registry_lock_issuances(bigint, text);
DROP FUNCTION IF EXISTS registry_free_blocks(bigint, text, smallint, smallint);
DROP FUNCTION IF EXISTS registry_take(bigint, text, smallint, smallint, bigint);
DROP FUNCTION IF EXISTS registry_reserve(bigint);
REVOKE ALL ON FUNCTION registry_lock_issuances, registry_free_blocks, registry_take, registry_reserve
  FROM PUBLIC;

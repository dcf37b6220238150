-- The database and its roles. Run by psql as a superuser; may be run again at any time.
-- The embedded cluster runs it at every start, the compose file once at the first.
--   cdm_owner   owns the database and migrates
--   cdm_app     web, worker and beat; what it may touch is granted by the migrations
--   cdm_signer  seals the log
--   cdm_audit   reads
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN', role)
  FROM unnest(ARRAY['cdm_owner', 'cdm_app', 'cdm_signer', 'cdm_audit']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

ALTER ROLE cdm_app SET statement_timeout = '5s';
ALTER ROLE cdm_app SET lock_timeout = '3s';
ALTER ROLE cdm_app SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE cdm_audit SET default_transaction_read_only = on;
ALTER ROLE cdm_audit SET statement_timeout = '60s';

-- The owner may put on the others' shoes (tests of the grants do), but inherits nothing from them.
GRANT cdm_app, cdm_signer, cdm_audit TO cdm_owner WITH INHERIT FALSE, SET TRUE;

-- Who checks the books reads them as the auditor, who cannot write.
GRANT cdm_audit TO cdm_app WITH INHERIT FALSE, SET TRUE;

SELECT 'CREATE DATABASE cdm' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cdm')
\gexec
ALTER DATABASE cdm OWNER TO cdm_owner;
REVOKE ALL ON DATABASE cdm FROM PUBLIC;
GRANT CONNECT ON DATABASE cdm TO cdm_app, cdm_signer, cdm_audit;

-- Passwords come from the environment only. Embedded servers have none: nobody else can connect.
\getenv owner_password CDM_OWNER_PASSWORD
\if :{?owner_password}
ALTER ROLE cdm_owner PASSWORD :'owner_password';
\endif
\getenv app_password CDM_APP_PASSWORD
\if :{?app_password}
ALTER ROLE cdm_app PASSWORD :'app_password';
\endif
\getenv signer_password CDM_SIGNER_PASSWORD
\if :{?signer_password}
ALTER ROLE cdm_signer PASSWORD :'signer_password';
\endif
\getenv audit_password CDM_AUDIT_PASSWORD
\if :{?audit_password}
ALTER ROLE cdm_audit PASSWORD :'audit_password';
\endif

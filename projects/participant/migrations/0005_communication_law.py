"""The database knows the diagram of modalities of communication, who must sign, and in which order:
nothing enters into force, and no forwarding reaches the registry, before every signature needed.

What a statement says, and every signature, is of record. The pairs are written out by hand; a test
compares them with the domain's table.
"""

from django.db import migrations

SQL = """
-- Whether a scope of a statement is signed by these entities: all of a joint one, one of another.
CREATE FUNCTION participant_scope_signed(p_statement bigint, p_scope text, p_signed bigint[])
RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (CASE p_scope WHEN 'a' THEN s.manner_a ELSE s.manner_b END) = 'joint'
    THEN bool_and(f.organisation_id = ANY (p_signed))
    ELSE bool_or(f.organisation_id = ANY (p_signed)) END IS TRUE
  FROM participant_statement s
  JOIN participant_focalpoint f ON f.statement_id = s.id AND strpos(f.scopes, p_scope) > 0
  WHERE s.id = p_statement GROUP BY s.id
$$;

-- Whether everybody who must sign a statement has: every participant of a first one; of a change
-- the focal points of scope (b) of the statement that it changes, and every participant added.
CREATE FUNCTION participant_statement_signed(p_statement bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  WITH signed AS (
    SELECT coalesce(array_agg(organisation_id), '{}') AS who
      FROM participant_signature WHERE statement_id = p_statement)
  SELECT EXISTS (SELECT FROM participant_statementparticipant WHERE statement_id = s.id)
     AND NOT EXISTS (
       SELECT FROM participant_statementparticipant l
        WHERE l.statement_id = s.id AND l.organisation_id <> ALL (signed.who)
          AND NOT EXISTS (SELECT FROM participant_statementparticipant b
                           WHERE b.statement_id = s.base_id
                             AND b.organisation_id = l.organisation_id))
     AND (s.base_id IS NULL OR participant_scope_signed(s.base_id, 'b', signed.who))
    FROM participant_statement s, signed WHERE s.id = p_statement
$$;

-- Whether each scope has its focal points: one if sole, several if shared or joint.
CREATE FUNCTION participant_scopes_named(p_statement bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT bool_and(CASE WHEN manner = 'sole' THEN named = 1 ELSE named > 1 END)
  FROM (
    SELECT m.manner, (SELECT count(*) FROM participant_focalpoint f
                       WHERE f.statement_id = s.id AND strpos(f.scopes, m.scope) > 0) AS named
      FROM participant_statement s,
           LATERAL (VALUES ('a', s.manner_a), ('b', s.manner_b), ('c', s.manner_c)) m(scope, manner)
     WHERE s.id = p_statement) scopes
$$;

CREATE FUNCTION participant_guard_paper() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'signing' THEN
      RAISE EXCEPTION '% begins as signing, not %', TG_TABLE_NAME, NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'paper_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR NEW.state = OLD.state
     OR to_jsonb(NEW) - string_to_array(TG_ARGV[1], ' ')
        <> to_jsonb(OLD) - string_to_array(TG_ARGV[1], ' ') THEN
    RAISE EXCEPTION '% is of record: only its state moves on', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT (OLD.state || '>' || NEW.state) = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
    RAISE EXCEPTION '% knows no way from % to %', TG_TABLE_NAME, OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'paper_changes';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER guard_paper BEFORE INSERT OR UPDATE OR DELETE ON participant_statement
  FOR EACH ROW EXECUTE FUNCTION participant_guard_paper(
  'signing>in_force signing>signed signing>withdrawn signed>in_force signed>returned '
  'signed>withdrawn in_force>superseded', 'state in_force_at decided_at answer');
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON participant_statement
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
CREATE TRIGGER guard_paper BEFORE INSERT OR UPDATE OR DELETE ON participant_forwardingrequest
  FOR EACH ROW EXECUTE FUNCTION participant_guard_paper(
  'signing>proposed signing>withdrawn', 'state proposal_id decided_at');
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON participant_forwardingrequest
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION participant_guard_signed() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.state NOT IN ('in_force', 'signed') THEN
    RETURN NEW;
  END IF;
  IF (NEW.base_id IS NULL) <> (OLD.state = 'signing' AND NEW.state = 'in_force') THEN
    RAISE EXCEPTION 'a change goes through the secretariat, a first statement does not'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'changes_are_processed';
  END IF;
  IF NOT participant_statement_signed(NEW.id) THEN
    RAISE EXCEPTION 'not everybody who must sign has signed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_by_all';
  END IF;
  IF NOT participant_scopes_named(NEW.id) THEN
    RAISE EXCEPTION 'a sole scope has one focal point, a shared or joint one has several'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'scopes_are_named';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_signed BEFORE UPDATE OF state ON participant_statement
  FOR EACH ROW EXECUTE FUNCTION participant_guard_signed();

CREATE FUNCTION participant_guard_forwarding() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM participant_statement s WHERE s.id = NEW.statement_id
       AND s.project_id = NEW.project_id AND (s.state = 'in_force' OR NEW.state = 'withdrawn')) THEN
    RAISE EXCEPTION 'only who speaks for the project now has its CERs forwarded'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_is_in_force';
  END IF;
  IF NEW.state = 'proposed' AND NOT participant_scope_signed(NEW.statement_id, 'a', ARRAY(
       SELECT organisation_id FROM participant_signature WHERE forwarding_id = NEW.id)) THEN
    RAISE EXCEPTION 'not everybody who must sign has signed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'forwarding_signed';
  END IF;
  IF NEW.state = 'proposed' AND NOT EXISTS (
    SELECT FROM registry_proposal p JOIN projects_project j ON j.number = p.project_number
     WHERE p.id = NEW.proposal_id AND j.id = NEW.project_id AND p.quantity = NEW.quantity
       AND p.to_account_id = NEW.to_account_id AND p.key = NEW.key
       AND p.commitment_period = NEW.commitment_period) THEN
    RAISE EXCEPTION 'the registry has another proposal than was signed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'proposed_as_signed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_signed BEFORE INSERT OR UPDATE ON participant_forwardingrequest
  FOR EACH ROW EXECUTE FUNCTION participant_guard_forwarding();

-- What a statement says is written before anybody signs it.
CREATE FUNCTION participant_guard_content() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM participant_statement s WHERE s.id = NEW.statement_id AND s.state = 'signing'
     AND NOT EXISTS (SELECT FROM participant_signature g WHERE g.statement_id = s.id);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a statement that is signed says what it said'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'written_before_signed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_content BEFORE INSERT ON participant_focalpoint
  FOR EACH ROW EXECUTE FUNCTION participant_guard_content();
CREATE TRIGGER guard_content BEFORE INSERT ON participant_statementparticipant
  FOR EACH ROW EXECUTE FUNCTION participant_guard_content();
CALL cdm_keep('participant_focalpoint');
CALL cdm_keep('participant_statementparticipant');

-- Only an entity whose signature is wanted signs, by a person who acts for it on that day; where a
-- focal point signs, that person is its primary or alternate signatory.
CREATE FUNCTION participant_guard_signature() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_open boolean; v_point bigint; v_scope text; v_takes_part boolean := false;
BEGIN
  IF NEW.statement_id IS NOT NULL THEN
    SELECT s.state = 'signing', s.base_id, 'b', EXISTS (
             SELECT FROM participant_statementparticipant l
              WHERE l.statement_id = s.id AND l.organisation_id = NEW.organisation_id
                AND NOT EXISTS (SELECT FROM participant_statementparticipant b
                                 WHERE b.statement_id = s.base_id
                                   AND b.organisation_id = l.organisation_id))
      INTO v_open, v_point, v_scope, v_takes_part
      FROM participant_statement s WHERE s.id = NEW.statement_id;
  ELSE
    SELECT r.state = 'signing', r.statement_id, 'a' INTO v_open, v_point, v_scope
      FROM participant_forwardingrequest r WHERE r.id = NEW.forwarding_id;
  END IF;
  IF v_open IS NOT TRUE THEN
    RAISE EXCEPTION 'this paper is not open for signature'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_while_open';
  END IF;
  IF NOT v_takes_part AND NOT EXISTS (
    SELECT FROM participant_focalpoint f
     WHERE f.statement_id = v_point AND strpos(f.scopes, v_scope) > 0
       AND f.organisation_id = NEW.organisation_id
       AND NEW.person_id IN (f.primary_id, f.alternate_id)) THEN
    RAISE EXCEPTION 'this signature is not wanted here'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'wanted_signature';
  END IF;
  IF NOT EXISTS (
    SELECT FROM identity_membership m
     WHERE m.person_id = NEW.person_id AND m.organisation_id = NEW.organisation_id
       AND m.role = 'participant'
       AND (NEW.at AT TIME ZONE 'UTC')::date BETWEEN m.valid_from AND coalesce(m.valid_to, 'infinity'))
  THEN
    RAISE EXCEPTION 'who signs acts for the entity'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'signer_acts_for_entity';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_signature BEFORE INSERT ON participant_signature
  FOR EACH ROW EXECUTE FUNCTION participant_guard_signature();
CALL cdm_keep('participant_signature');
"""

UNDO = """
DROP TRIGGER of_record ON participant_signature;
DROP TRIGGER guard_signature ON participant_signature;
DROP FUNCTION participant_guard_signature();
DROP TRIGGER of_record ON participant_statementparticipant;
DROP TRIGGER of_record ON participant_focalpoint;
DROP TRIGGER guard_content ON participant_statementparticipant;
DROP TRIGGER guard_content ON participant_focalpoint;
DROP FUNCTION participant_guard_content();
DROP TRIGGER guard_signed ON participant_forwardingrequest;
DROP FUNCTION participant_guard_forwarding();
DROP TRIGGER guard_signed ON participant_statement;
DROP FUNCTION participant_guard_signed();
DROP TRIGGER of_record_truncate ON participant_forwardingrequest;
DROP TRIGGER guard_paper ON participant_forwardingrequest;
DROP TRIGGER of_record_truncate ON participant_statement;
DROP TRIGGER guard_paper ON participant_statement;
DROP FUNCTION participant_guard_paper();
DROP FUNCTION participant_scopes_named(bigint);
DROP FUNCTION participant_statement_signed(bigint);
DROP FUNCTION participant_scope_signed(bigint, text, bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("participant", "0004_modalities_of_communication"),
        ("cdm_portal", "0002_of_record"),
        ("identity", "0002_seats"),
        ("registry", "0010_national_registries"),
    ]
    operations = [migrations.RunSQL(SQL, UNDO)]

"""The database opens a DOE's debt with a decision of the Board and not otherwise, takes no request
of a DOE in debt, and knows how an inquiry and a motion to exclude a component go on.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION board_guard_inquiry() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_most bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' THEN
      RAISE EXCEPTION 'an inquiry begins as proposed, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' THEN
    RAISE EXCEPTION 'an inquiry is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF to_jsonb(NEW) - '{state,excess,debt_id,decision,decided_by_id,decided_at}'::text[]
     <> to_jsonb(OLD) - '{state,excess,debt_id,decision,decided_by_id,decided_at}'::text[] THEN
    RAISE EXCEPTION 'what was put before the Board stays as it was'
      USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT coalesce(p.issued_tonnes, 0) - coalesce((
      SELECT sum(i.excess) FROM board_inquiry i WHERE i.period_id = p.id), 0)
    INTO v_most FROM projects_monitoringperiod p WHERE p.id = NEW.period_id;
  IF NEW.excess > v_most THEN
    RAISE EXCEPTION 'at most % of the issued units can be in excess', v_most
      USING ERRCODE = 'check_violation', CONSTRAINT = 'excess_was_issued';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OR DELETE ON board_inquiry
  FOR EACH ROW EXECUTE FUNCTION board_guard_inquiry();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON board_inquiry
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION board_debt_decided() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM board_inquiry i WHERE i.debt_id = NEW.id AND i.excess = NEW.quantity
         AND i.doe_id = NEW.doe_id AND i.period_id = NEW.period_id)
     AND NOT EXISTS (
      SELECT FROM projects_component c WHERE c.id = NEW.component_id AND c.state = 'excluded'
         AND c.debt_tonnes = NEW.quantity AND c.doe_id = NEW.doe_id) THEN
    RAISE EXCEPTION 'the Board has not decided this debt'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'debt_decided';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER debt_decided AFTER INSERT ON doe_debt
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION board_debt_decided();

CREATE FUNCTION board_debt_opened() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM doe_debt d WHERE d.component_id = NEW.id
                    AND d.quantity = NEW.debt_tonnes AND d.doe_id = NEW.doe_id) THEN
    RAISE EXCEPTION 'no debt is opened for the component that is excluded'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'debt_opened';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER debt_opened AFTER UPDATE OF state ON projects_component
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.debt_tonnes > 0)
  EXECUTE FUNCTION board_debt_opened();

CREATE TRIGGER no_debt BEFORE INSERT ON board_request
  FOR EACH ROW EXECUTE FUNCTION doe_refuse_debtor('submitted_by_id');

CREATE OR REPLACE FUNCTION board_guard_exclusion() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_open text[] := '{state,decision,decided_by_id,decided_at}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('moved', 'proposed') THEN
      RAISE EXCEPTION 'an exclusion begins as moved or proposed, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state NOT IN ('moved', 'proposed') THEN
    RAISE EXCEPTION 'an exclusion is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'moved' THEN
    IF NEW.state <> 'proposed' THEN
      RAISE EXCEPTION 'what is moved is prepared first, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_changes';
    END IF;
    v_open := '{state,tonnes,reasons,prepared_by_id,prepared_at}';
  END IF;
  IF to_jsonb(NEW) - v_open <> to_jsonb(OLD) - v_open THEN
    RAISE EXCEPTION 'what was proposed about a component stays as it was'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION board_guard_exclusion() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' THEN
      RAISE EXCEPTION 'an exclusion begins as proposed, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' THEN
    RAISE EXCEPTION 'an exclusion is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF to_jsonb(NEW) - '{state,decision,decided_by_id,decided_at}'::text[]
     <> to_jsonb(OLD) - '{state,decision,decided_by_id,decided_at}'::text[] THEN
    RAISE EXCEPTION 'what was proposed about a component stays as it was'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER no_debt ON board_request;
DROP TRIGGER debt_opened ON projects_component;
DROP FUNCTION board_debt_opened();
DROP TRIGGER debt_decided ON doe_debt;
DROP FUNCTION board_debt_decided();
DROP TRIGGER of_record_truncate ON board_inquiry;
DROP TRIGGER guard_state ON board_inquiry;
DROP FUNCTION board_guard_inquiry();
"""


class Migration(migrations.Migration):
    dependencies = [("board", "0018_debts_of_before"), ("doe", "0010_debts_law")]
    operations = [migrations.RunSQL(SQL, UNDO)]

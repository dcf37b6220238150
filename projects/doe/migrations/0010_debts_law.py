"""The database knows how a DOE's debt is repaid, and lets nobody in debt request or conclude.

A debt is of record but for the note that it is repaid, which is true. A repayment names a proposal
to cancel CERs for excess issuance, for one debt, and no more than the debt leaves open. Debts of
one DOE and its acts are kept apart by an advisory lock: an act never misses a debt that is opened
beside it.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION doe_cancelled(p_debt bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce(sum(p.quantity), 0)::bigint
    FROM doe_repayment r JOIN registry_proposal p ON p.id = r.proposal_id
   WHERE r.debt_id = p_debt AND p.state = 'executed'
$$;

CREATE FUNCTION doe_guard_debt() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.repaid_at IS NOT NULL THEN
      RAISE EXCEPTION 'a debt begins unpaid'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'debt_begins';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('doe_debt:' || NEW.doe_id, 0));
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.repaid_at IS NOT NULL
     OR to_jsonb(NEW) - 'repaid_at' <> to_jsonb(OLD) - 'repaid_at' THEN
    RAISE EXCEPTION 'a debt is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.repaid_at IS NOT NULL AND doe_cancelled(NEW.id) < NEW.quantity THEN
    RAISE EXCEPTION 'debt % is not repaid: % of % units are cancelled', NEW.id,
      doe_cancelled(NEW.id), NEW.quantity
      USING ERRCODE = 'check_violation', CONSTRAINT = 'debt_repaid';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_debt BEFORE INSERT OR UPDATE OR DELETE ON doe_debt
  FOR EACH ROW EXECUTE FUNCTION doe_guard_debt();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON doe_debt
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION doe_guard_repayment() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v registry_proposal; v_owed bigint; v_live bigint;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'a repayment is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT quantity INTO v_owed FROM doe_debt WHERE id = NEW.debt_id FOR NO KEY UPDATE;
  SELECT * INTO v FROM registry_proposal WHERE id = NEW.proposal_id;
  IF v.verb IS DISTINCT FROM 'cancel' OR v.unit_type <> 5
     OR NOT EXISTS (SELECT FROM registry_account WHERE id = v.to_account_id AND kind = 240) THEN
    RAISE EXCEPTION 'a debt is repaid by CERs cancelled for excess issuance'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'repayment_cancels';
  END IF;
  IF v.state <> 'proposed' THEN
    RAISE EXCEPTION 'a cancellation names the debt when it is proposed, not when it is %', v.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'repayment_is_named';
  END IF;
  SELECT coalesce(sum(p.quantity), 0) INTO v_live
    FROM doe_repayment r JOIN registry_proposal p ON p.id = r.proposal_id
   WHERE r.debt_id = NEW.debt_id AND p.state IN ('proposed', 'approved', 'executed');
  IF v_live + v.quantity > v_owed THEN
    RAISE EXCEPTION 'the debt leaves % units open, not %', v_owed - v_live, v.quantity
      USING ERRCODE = 'check_violation', CONSTRAINT = 'repayment_fits';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_repayment BEFORE INSERT OR UPDATE OR DELETE ON doe_repayment
  FOR EACH ROW EXECUTE FUNCTION doe_guard_repayment();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON doe_repayment
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

-- The first of the named columns that is not empty says which DOE acts.
CREATE FUNCTION doe_refuse_debtor() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_row jsonb; v_name text; v_doe bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN v_row := to_jsonb(NEW); ELSE v_row := to_jsonb(OLD); END IF;
  FOREACH v_name IN ARRAY TG_ARGV LOOP
    v_doe := coalesce(v_doe, (v_row ->> v_name)::bigint);
  END LOOP;
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('doe_debt:' || v_doe, 0));
  IF EXISTS (SELECT FROM doe_debt d WHERE d.doe_id = v_doe AND d.repaid_at IS NULL
               AND doe_cancelled(d.id) < d.quantity) THEN
    RAISE EXCEPTION 'the DOE owes CERs and has to cancel them first: % refused', TG_TABLE_NAME
      USING ERRCODE = 'check_violation', CONSTRAINT = 'no_debt';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER no_debt BEFORE UPDATE OF state ON doe_validation FOR EACH ROW
  WHEN (NEW.state IN ('positive', 'negative') AND NEW.state <> OLD.state)
  EXECUTE FUNCTION doe_refuse_debtor('organisation_id');
CREATE TRIGGER no_debt BEFORE UPDATE OF state ON doe_verification FOR EACH ROW
  WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION doe_refuse_debtor('organisation_id');
CREATE TRIGGER no_debt BEFORE UPDATE OF state ON projects_revision FOR EACH ROW
  WHEN (NEW.state IN ('positive', 'negative') AND OLD.state = 'doe_opinion')
  EXECUTE FUNCTION doe_refuse_debtor('doe_id');
CREATE TRIGGER no_debt BEFORE UPDATE ON projects_component FOR EACH ROW
  WHEN (NEW.state = 'included' AND OLD.state = 'submitted' OR NEW.renewals > OLD.renewals)
  EXECUTE FUNCTION doe_refuse_debtor('renewal_doe_id', 'doe_id');
"""

UNDO = """
DROP TRIGGER no_debt ON projects_component;
DROP TRIGGER no_debt ON projects_revision;
DROP TRIGGER no_debt ON doe_verification;
DROP TRIGGER no_debt ON doe_validation;
DROP FUNCTION doe_refuse_debtor();
DROP TRIGGER of_record_truncate ON doe_repayment;
DROP TRIGGER guard_repayment ON doe_repayment;
DROP FUNCTION doe_guard_repayment();
DROP TRIGGER of_record_truncate ON doe_debt;
DROP TRIGGER guard_debt ON doe_debt;
DROP FUNCTION doe_guard_debt();
DROP FUNCTION doe_cancelled(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("doe", "0009_debts"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

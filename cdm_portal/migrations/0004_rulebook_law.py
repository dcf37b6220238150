"""A change of a rule parameter stays as it was proposed and, once decided, as it was decided; it is
never approved after its first day.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION cdm_rulebook_law() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_moves CONSTANT text[] := '{state,decider,decider_name,decided_at,reason}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' THEN
      RAISE EXCEPTION 'a change of a rule begins as proposed, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'rule_change_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
     OR (to_jsonb(NEW) - v_moves) <> (to_jsonb(OLD) - v_moves) THEN
    RAISE EXCEPTION 'a change of a rule stays as it was proposed and decided: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'approved'
     AND NEW.valid_from < (NEW.decided_at AT TIME ZONE 'UTC')::date THEN
    RAISE EXCEPTION 'a rule is not changed backwards'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rule_change_looks_forward';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rulebook_law BEFORE INSERT OR UPDATE OR DELETE ON cdm_rulechange
  FOR EACH ROW EXECUTE FUNCTION cdm_rulebook_law();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON cdm_rulechange
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
"""

UNDO = """
DROP TRIGGER of_record_truncate ON cdm_rulechange;
DROP TRIGGER rulebook_law ON cdm_rulechange;
DROP FUNCTION cdm_rulebook_law();
"""


class Migration(migrations.Migration):
    dependencies = [("cdm_portal", "0003_rulebook")]
    operations = [migrations.RunSQL(SQL, UNDO)]

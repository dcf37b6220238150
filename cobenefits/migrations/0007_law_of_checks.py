"""What was said indicator by indicator is of record with its report; a DOE that checks a version is
accredited and independent, and what it says stays with that version.

The pairs of states of a check are written out by hand; a test compares them with the law's page.
"""

from django.db import migrations

SQL = """
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON cobenefits_said
  FOR EACH ROW EXECUTE FUNCTION cobenefits_keep_line();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON cobenefits_said
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
CALL cdm_keep('cobenefits_indicatorentry');

CREATE FUNCTION cobenefits_own_evidence() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.document_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM projects_document d JOIN cobenefits_report r ON r.project_id = d.project_id
        WHERE d.id = NEW.document_id AND r.id = NEW.report_id AND NOT d.confidential) THEN
    RAISE EXCEPTION 'evidence is a document of the same project that is not confidential'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'own_evidence';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER own_evidence BEFORE INSERT OR UPDATE ON cobenefits_said
  FOR EACH ROW EXECUTE FUNCTION cobenefits_own_evidence();

CREATE FUNCTION cobenefits_indicators_complete() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.state = 'submitted' AND EXISTS (
       SELECT FROM cobenefits_said s WHERE s.report_id = NEW.id AND s.applicable
          AND (s.text = '' OR s.section NOT IN ('safeguards', 'engagement') AND (
            s.level = '' OR NOT EXISTS (SELECT FROM cobenefits_line l
              WHERE l.report_id = s.report_id AND l.criterion = s.section)))) THEN
    RAISE EXCEPTION 'an indicator that applies has words, a level, and its criterion'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'indicators_complete';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER indicators_complete BEFORE UPDATE OF state ON cobenefits_report
  FOR EACH ROW EXECUTE FUNCTION cobenefits_indicators_complete();

CREATE FUNCTION cobenefits_may_check(p_check cobenefits_check, p_at timestamptz, p_states text[])
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_project projects_project;
  v_day date := (p_at AT TIME ZONE 'UTC')::date;
BEGIN
  SELECT p.* INTO v_project FROM cobenefits_report r JOIN projects_project p ON p.id = r.project_id
   WHERE r.id = p_check.report_id AND r.state = 'published';
  IF v_project.id IS NULL THEN
    RAISE EXCEPTION 'a DOE checks the report in view'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'check_in_view';
  END IF;
  IF NOT EXISTS (
       SELECT FROM doe_accreditation a JOIN identity_organisation o ON o.id = a.organisation_id
        WHERE a.organisation_id = p_check.doe_id AND o.kind = 'doe'
          AND a.function = 'verification' AND a.scope = v_project.sectoral_scope
          AND a.state = ANY (p_states) AND a.valid_from <= v_day
          AND (a.valid_to IS NULL OR a.valid_to >= v_day)) THEN
    RAISE EXCEPTION 'a DOE that checks is accredited for verification in the scope on the day'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'checker_is_accredited';
  END IF;
  IF EXISTS (SELECT FROM projects_participation n
              WHERE n.project_id = v_project.id AND n.organisation_id = p_check.doe_id)
     OR v_project.scale <> 'small' AND v_project.validator_id = p_check.doe_id AND NOT EXISTS (
       SELECT FROM doe_proceeding e WHERE e.kind = 'exempt' AND e.state = 'granted'
          AND e.organisation_id = p_check.doe_id AND e.project_id = v_project.id) THEN
    RAISE EXCEPTION 'a DOE that checks is independent of the project'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'checker_is_independent';
  END IF;
END $$;

CREATE FUNCTION cobenefits_guard_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'asked' THEN
      RAISE EXCEPTION 'a check begins as asked, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;
    PERFORM cobenefits_may_check(NEW, NEW.asked_at, '{active}');
    RETURN NEW;
  END IF;
  IF NEW.state IS NOT DISTINCT FROM OLD.state THEN
    RETURN NEW;
  END IF;
  IF NOT (OLD.state || '>' || NEW.state) = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
    RAISE EXCEPTION 'a check knows no way from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'state_changes';
  END IF;
  IF NEW.state = 'accepted' THEN
    PERFORM cobenefits_may_check(NEW, NEW.decided_at, '{active}');
  ELSIF NEW.state = 'checked' THEN
    PERFORM cobenefits_may_check(NEW, NEW.concluded_at, '{active,suspended}');
    IF EXISTS (
         SELECT FROM cobenefits_line l LEFT JOIN cobenefits_checkline c
             ON c.made_id = NEW.id AND c.criterion = l.criterion
          WHERE l.report_id = NEW.report_id AND coalesce(c.outcome, '') = '')
       OR EXISTS (SELECT FROM cobenefits_checkline c
                   WHERE c.made_id = NEW.id AND (c.text = '' OR c.outcome = '')) THEN
      RAISE EXCEPTION 'a check that is concluded finds something, in words, on every criterion'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'check_is_complete';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE ON cobenefits_check
  FOR EACH ROW EXECUTE FUNCTION cobenefits_guard_check(
  'asked>accepted asked>declined asked>ended accepted>checked accepted>ended');

CREATE FUNCTION cobenefits_keep_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_open text[];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a check of a co-benefit report is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  v_open := CASE OLD.state
    WHEN 'asked' THEN '{state,decided_at,no_conflict_at,reason}'::text[]
    WHEN 'accepted' THEN '{state,statement,concluded_at,reason}'::text[]
    ELSE '{}'::text[]
  END;
  IF to_jsonb(NEW) - v_open <> to_jsonb(OLD) - v_open THEN
    RAISE EXCEPTION 'a check of a co-benefit report is of record while it is %', OLD.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON cobenefits_check
  FOR EACH ROW EXECUTE FUNCTION cobenefits_keep_check();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON cobenefits_check
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION cobenefits_keep_check_line() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_state text;
  v_checks bigint[] := CASE TG_OP
    WHEN 'INSERT' THEN ARRAY[NEW.made_id]
    WHEN 'DELETE' THEN ARRAY[OLD.made_id]
    ELSE ARRAY[OLD.made_id, NEW.made_id] END;
BEGIN
  FOR v_state IN SELECT state FROM cobenefits_check WHERE id = ANY (v_checks) FOR SHARE LOOP
    IF v_state <> 'accepted' THEN
      RAISE EXCEPTION 'what a DOE found on co-benefits is of record while its check is %', v_state
        USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  IF TG_OP <> 'DELETE' AND NOT EXISTS (
       SELECT FROM cobenefits_check c JOIN cobenefits_line l ON l.report_id = c.report_id
        WHERE c.id = NEW.made_id AND l.criterion = NEW.criterion) THEN
    RAISE EXCEPTION 'a DOE finds something on the criteria that the version reports'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reported_criterion';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON cobenefits_checkline
  FOR EACH ROW EXECUTE FUNCTION cobenefits_keep_check_line();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON cobenefits_checkline
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION cobenefits_checks_end() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.state IN ('amended', 'withdrawn') AND EXISTS (
       SELECT FROM cobenefits_check c
        WHERE c.report_id = NEW.id AND c.state IN ('asked', 'accepted')) THEN
    RAISE EXCEPTION 'an open check ends with the version that it is of'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'checks_end';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER checks_end AFTER UPDATE OF state ON cobenefits_report
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cobenefits_checks_end();
"""

UNDO = """
DROP TRIGGER checks_end ON cobenefits_report;
DROP FUNCTION cobenefits_checks_end();
DROP TRIGGER of_record_truncate ON cobenefits_checkline;
DROP TRIGGER of_record ON cobenefits_checkline;
DROP FUNCTION cobenefits_keep_check_line();
DROP TRIGGER of_record_truncate ON cobenefits_check;
DROP TRIGGER of_record ON cobenefits_check;
DROP FUNCTION cobenefits_keep_check();
DROP TRIGGER guard_state ON cobenefits_check;
DROP FUNCTION cobenefits_guard_check();
DROP FUNCTION cobenefits_may_check(cobenefits_check, timestamptz, text[]);
DROP TRIGGER indicators_complete ON cobenefits_report;
DROP FUNCTION cobenefits_indicators_complete();
DROP TRIGGER own_evidence ON cobenefits_said;
DROP FUNCTION cobenefits_own_evidence();
DROP TRIGGER of_record ON cobenefits_indicatorentry;
DROP TRIGGER of_record_truncate ON cobenefits_said;
DROP TRIGGER of_record ON cobenefits_said;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("cobenefits", "0006_indicators_and_checks"),
        ("doe", "0013_observations_law"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]

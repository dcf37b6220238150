"""The database knows the diagram of a component, keeps what stands of it, and lets a monitoring
period of a programme cover only components that are included.

The pairs of states are written out by hand; a test compares them with the domain's table.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION projects_guard_component() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_programme projects_project;
BEGIN
  SELECT * INTO v_programme FROM projects_project p WHERE p.id = NEW.programme_id;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'a component begins as draft, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;
    IF v_programme.kind <> 'programme' THEN
      RAISE EXCEPTION 'a component belongs to a programme of activities'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'component_of_programme';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state
     AND NOT (OLD.state || '>' || NEW.state) = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
    RAISE EXCEPTION 'a component knows no way from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'state_changes';
  END IF;
  IF OLD.state = 'submitted' AND NEW.state = 'included'
     AND v_programme.stage <> 'monitoring' THEN
    RAISE EXCEPTION 'only a registered programme includes components'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'included_when_registered';
  END IF;
  IF NEW.renewals <> OLD.renewals
     AND (NEW.renewals <> OLD.renewals + 1 OR NEW.state <> 'renewed'
          OR NEW.crediting_last_date <= OLD.crediting_last_date
          OR v_programme.crediting_last_date <= OLD.programme_last_date
          OR NEW.crediting_last_date > v_programme.crediting_last_date) THEN
    RAISE EXCEPTION 'a component is renewed after its programme, and not beyond it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'renewed_with_programme';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE ON projects_component
  FOR EACH ROW EXECUTE FUNCTION projects_guard_component(
  'draft>submitted submitted>draft submitted>included included>renewed included>excluded '
  'renewed>excluded');

CREATE FUNCTION projects_keep_component() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_open text[];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a component is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  v_open := CASE OLD.state
    WHEN 'draft' THEN string_to_array(
      'state title location start_date crediting_first_date crediting_last_date '
      'estimated_annual_tonnes answers criteria design_version checked_at doe_id submitted_at', ' ')
    WHEN 'submitted' THEN string_to_array(
      'state number no_conflict_at included_at statement_id programme_last_date returned_at '
      'return_reasons checked_at', ' ')
    WHEN 'excluded' THEN '{}'::text[]
    ELSE string_to_array(
      'state renewal_doe_id renewal_last_date excluded_at debt_tonnes', ' ')
      || CASE WHEN NEW.renewals > OLD.renewals
           THEN string_to_array('renewals renewed_at crediting_last_date programme_last_date', ' ')
           ELSE '{}'::text[] END
  END;
  IF to_jsonb(NEW) - v_open <> to_jsonb(OLD) - v_open THEN
    RAISE EXCEPTION 'what stands of a component is of record while it is %', OLD.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON projects_component
  FOR EACH ROW EXECUTE FUNCTION projects_keep_component();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON projects_component
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION projects_keep_kind() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.kind <> OLD.kind THEN
    RAISE EXCEPTION 'whether a project is a programme is settled at its start'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kind_stays BEFORE UPDATE OF kind ON projects_project
  FOR EACH ROW EXECUTE FUNCTION projects_keep_kind();

CALL cdm_keep('projects_coveredcomponent');

CREATE FUNCTION projects_cover_component() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_component projects_component;
  v_period projects_monitoringperiod;
BEGIN
  SELECT * INTO v_component FROM projects_component c WHERE c.id = NEW.component_id FOR SHARE;
  SELECT * INTO v_period FROM projects_monitoringperiod m WHERE m.id = NEW.period_id;
  IF v_component.state NOT IN ('included', 'renewed') THEN
    RAISE EXCEPTION 'a period covers components that are included, not one that is %',
      v_component.state USING ERRCODE = 'check_violation', CONSTRAINT = 'covered_is_included';
  END IF;
  IF v_component.programme_id <> v_period.project_id THEN
    RAISE EXCEPTION 'a period covers components of its own programme'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'covered_in_programme';
  END IF;
  IF v_component.crediting_first_date > v_period.last_date
     OR v_component.crediting_last_date < v_period.first_date THEN
    RAISE EXCEPTION 'a period covers components that are credited in it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'covered_is_credited';
  END IF;
  IF v_period.reported_at IS NOT NULL THEN
    RAISE EXCEPTION 'a period that is reported covers what it covers'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'covered_before_report';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER covers BEFORE INSERT ON projects_coveredcomponent
  FOR EACH ROW EXECUTE FUNCTION projects_cover_component();

CREATE FUNCTION projects_period_covers() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM projects_project p
              WHERE p.id = NEW.project_id AND p.kind = 'programme')
     AND NOT EXISTS (SELECT FROM projects_coveredcomponent c WHERE c.period_id = NEW.id) THEN
    RAISE EXCEPTION 'a monitoring period of a programme names its components'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'period_covers_components';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER period_covers AFTER INSERT ON projects_monitoringperiod
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION projects_period_covers();
"""

UNDO = """
DROP TRIGGER period_covers ON projects_monitoringperiod;
DROP FUNCTION projects_period_covers();
DROP TRIGGER covers ON projects_coveredcomponent;
DROP FUNCTION projects_cover_component();
DROP TRIGGER of_record ON projects_coveredcomponent;
DROP TRIGGER kind_stays ON projects_project;
DROP FUNCTION projects_keep_kind();
DROP TRIGGER of_record_truncate ON projects_component;
DROP TRIGGER of_record ON projects_component;
DROP FUNCTION projects_keep_component();
DROP TRIGGER guard_state ON projects_component;
DROP FUNCTION projects_guard_component();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_programmes"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

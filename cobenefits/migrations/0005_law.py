"""The database knows the diagram of a report, keeps what was handed in and published, and lets the
host Party's authority alone comment.

The pairs of states are written out by hand; a test compares them with the domain's table. What is
ever said below a line (indicators of a criterion, say) is kept by the same rule as the line: it
changes while the report is a draft.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION cobenefits_guard_report() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'a co-benefit report begins as draft, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state IS NOT DISTINCT FROM OLD.state THEN
    RETURN NEW;
  END IF;
  IF NOT (OLD.state || '>' || NEW.state) = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
    RAISE EXCEPTION 'a co-benefit report knows no way from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'state_changes';
  END IF;
  IF NEW.state = 'submitted' AND (
       NOT EXISTS (SELECT FROM cobenefits_line l WHERE l.report_id = NEW.id)
       OR EXISTS (SELECT FROM cobenefits_line l
                   WHERE l.report_id = NEW.id AND (l.level = '' OR l.text = ''))) THEN
    RAISE EXCEPTION 'a co-benefit report that is handed in has a level and words in every line'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'handed_in_is_complete';
  END IF;
  IF NEW.turn <> OLD.turn + (NEW.state = 'submitted')::int THEN
    RAISE EXCEPTION 'a co-benefit report counts how often it is handed in'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'turn_counts';
  END IF;
  IF NEW.state = 'published' AND NOT EXISTS (
       SELECT FROM projects_project p WHERE p.id = NEW.project_id
          AND (p.validation_began_at IS NOT NULL OR p.registered_at IS NOT NULL)) THEN
    RAISE EXCEPTION 'nothing is published of a project that is not public'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'project_is_public';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE ON cobenefits_report
  FOR EACH ROW EXECUTE FUNCTION cobenefits_guard_report(
  'draft>submitted submitted>draft submitted>published published>amended published>withdrawn');

CREATE FUNCTION cobenefits_keep_report() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_open text[];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a co-benefit report is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  v_open := CASE OLD.state
    WHEN 'draft' THEN
      '{state,kept_at,turn,submitted_at,returned_at,return_reason}'::text[]
    WHEN 'submitted' THEN '{state,published_at,returned_at,return_reason}'::text[]
    WHEN 'published' THEN '{state,ended_at,reason}'::text[]
    ELSE '{}'::text[]
  END;
  IF to_jsonb(NEW) - v_open <> to_jsonb(OLD) - v_open THEN
    RAISE EXCEPTION 'a co-benefit report is of record while it is %', OLD.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON cobenefits_report
  FOR EACH ROW EXECUTE FUNCTION cobenefits_keep_report();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON cobenefits_report
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION cobenefits_amended_by_later() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.state = 'amended' AND NOT EXISTS (
       SELECT FROM cobenefits_report r WHERE r.project_id = NEW.project_id
          AND r.version > NEW.version AND r.published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a co-benefit report is amended by a later version that is published'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'amended_by_later';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER amended_by_later AFTER UPDATE OF state ON cobenefits_report
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cobenefits_amended_by_later();

CREATE FUNCTION cobenefits_keep_line() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_state text;
  v_reports bigint[] := CASE TG_OP
    WHEN 'INSERT' THEN ARRAY[NEW.report_id]
    WHEN 'DELETE' THEN ARRAY[OLD.report_id]
    ELSE ARRAY[OLD.report_id, NEW.report_id] END;
BEGIN
  FOR v_state IN SELECT state FROM cobenefits_report WHERE id = ANY (v_reports) FOR SHARE LOOP
    IF v_state <> 'draft' THEN
      RAISE EXCEPTION 'what a co-benefit report says is of record while it is %', v_state
        USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON cobenefits_line
  FOR EACH ROW EXECUTE FUNCTION cobenefits_keep_line();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON cobenefits_line
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CALL cdm_keep('cobenefits_comment');

CREATE FUNCTION cobenefits_host_comments() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_report cobenefits_report;
BEGIN
  SELECT * INTO v_report FROM cobenefits_report WHERE id = NEW.report_id FOR SHARE;
  IF v_report.state <> 'published' THEN
    RAISE EXCEPTION 'a comment is on the report in view, not on one that is %', v_report.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_in_view';
  END IF;
  IF NOT EXISTS (
       SELECT FROM identity_organisation o JOIN projects_project p ON p.id = v_report.project_id
        WHERE o.id = NEW.organisation_id AND o.kind = 'dna' AND o.party_code = p.party_code) THEN
    RAISE EXCEPTION 'the authority of the host Party comments, nobody else'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_of_host';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER host_comments BEFORE INSERT ON cobenefits_comment
  FOR EACH ROW EXECUTE FUNCTION cobenefits_host_comments();
"""

UNDO = """
DROP TRIGGER host_comments ON cobenefits_comment;
DROP FUNCTION cobenefits_host_comments();
DROP TRIGGER of_record ON cobenefits_comment;
DROP TRIGGER of_record_truncate ON cobenefits_line;
DROP TRIGGER of_record ON cobenefits_line;
DROP FUNCTION cobenefits_keep_line();
DROP TRIGGER amended_by_later ON cobenefits_report;
DROP FUNCTION cobenefits_amended_by_later();
DROP TRIGGER of_record_truncate ON cobenefits_report;
DROP TRIGGER of_record ON cobenefits_report;
DROP FUNCTION cobenefits_keep_report();
DROP TRIGGER guard_state ON cobenefits_report;
DROP FUNCTION cobenefits_guard_report();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("cobenefits", "0004_constraints_of_states"),
        ("cdm_portal", "0002_of_record"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]

"""The database knows the law of revisions, and that monitoring stays inside a crediting period.

The pairs of states are written out by hand; a test compares them with revisions/machine.py. What was
frozen for the DOE stays so until it is a draft again; what has ended stays as it ended. Projects
registered before get their first crediting period and registered version from what they state.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION projects_guard_revision() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'a revision begins as a draft, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state
     AND NOT (OLD.state || '>' || NEW.state) = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
    RAISE EXCEPTION 'the law of revisions knows no way from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_changes';
  END IF;
  IF (NEW.project_id, NEW.number, NEW.kind, NEW.track, NEW.period_id, NEW.created_at)
     IS DISTINCT FROM
     (OLD.project_id, OLD.number, OLD.kind, OLD.track, OLD.period_id, OLD.created_at)
     OR (OLD.state <> 'draft' AND (NEW.reasons, NEW.effective_date, NEW.last_date,
         NEW.design_version) IS DISTINCT FROM (OLD.reasons, OLD.effective_date, OLD.last_date,
         OLD.design_version)) THEN
    RAISE EXCEPTION 'what the DOE validates stays as it was frozen'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_is_frozen';
  END IF;
  IF OLD.state IN ('negative', 'approved', 'rejected', 'withdrawn') THEN
    RAISE EXCEPTION 'a revision that ended stays as it ended'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_has_ended';
  END IF;
  IF OLD.state NOT IN ('draft', 'offered') AND NEW.state <> 'draft'
     AND NEW.doe_id IS DISTINCT FROM OLD.doe_id THEN
    RAISE EXCEPTION 'the DOE that took a revision on stays its DOE'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_keeps_its_doe';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE ON projects_revision
  FOR EACH ROW EXECUTE FUNCTION projects_guard_revision(
  'draft>offered offered>doe_opinion offered>draft doe_opinion>draft doe_opinion>positive '
  'doe_opinion>negative positive>requested requested>positive requested>approved '
  'requested>rejected draft>withdrawn offered>withdrawn doe_opinion>withdrawn '
  'positive>withdrawn');
CREATE TRIGGER stays BEFORE DELETE ON projects_revision
  FOR EACH ROW EXECUTE FUNCTION cdm_refuse_change();
CREATE TRIGGER stays_truncate BEFORE TRUNCATE ON projects_revision
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION projects_guard_registered() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.revision_id IS NULL AND EXISTS (
      SELECT FROM projects_registeredversion v WHERE v.project_id = NEW.project_id) THEN
    RAISE EXCEPTION 'a registered design document changes by a revision'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'registered_by_revision';
  END IF;
  IF NEW.revision_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM projects_revision r WHERE r.id = NEW.revision_id AND r.state = 'approved'
        AND r.project_id = NEW.project_id AND r.design_version = NEW.design_version) THEN
    RAISE EXCEPTION 'only an approved revision registers its version'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'registered_when_approved';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_registered BEFORE INSERT ON projects_registeredversion
  FOR EACH ROW EXECUTE FUNCTION projects_guard_registered();

CREATE FUNCTION projects_guard_crediting() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_before date;
BEGIN
  IF NEW.revision_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM projects_revision r WHERE r.id = NEW.revision_id AND r.state = 'approved'
        AND r.project_id = NEW.project_id AND r.kind IN ('renewal', 'start_date')
        AND (r.kind = 'renewal') = (NEW.version = 1)) THEN
    RAISE EXCEPTION 'only an approved renewal or change of its start makes a crediting period'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'credited_when_approved';
  END IF;
  IF NEW.number > 1 THEN
    SELECT c.last_date INTO v_before FROM projects_creditingperiod c
    WHERE c.project_id = NEW.project_id AND c.number = NEW.number - 1
    ORDER BY c.version DESC LIMIT 1;
    IF v_before IS NULL OR NEW.first_date <= v_before THEN
      RAISE EXCEPTION 'a renewed crediting period follows the one before'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'crediting_follows';
    END IF;
  END IF;
  IF NEW.version > 1 AND EXISTS (
      SELECT FROM projects_monitoringperiod m JOIN projects_creditingperiod c
        ON c.project_id = m.project_id AND m.first_date BETWEEN c.first_date AND c.last_date
      WHERE c.project_id = NEW.project_id AND c.number = NEW.number) THEN
    RAISE EXCEPTION 'the start of a crediting period is not moved once it is monitored'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'monitored_start_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_crediting BEFORE INSERT ON projects_creditingperiod
  FOR EACH ROW EXECUTE FUNCTION projects_guard_crediting();

CALL cdm_keep('projects_creditingperiod');
CALL cdm_keep('projects_registeredversion');

CREATE FUNCTION projects_guard_credited() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM projects_creditingperiod c
      WHERE c.project_id = NEW.project_id
        AND c.first_date <= NEW.first_date AND NEW.last_date <= c.last_date
        AND NOT EXISTS (SELECT FROM projects_creditingperiod n
          WHERE n.project_id = c.project_id AND n.number = c.number AND n.version > c.version)) THEN
    RAISE EXCEPTION 'a monitoring period lies inside one registered crediting period'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'monitored_while_credited';
  END IF;
  RETURN NEW;
END $$;
"""

FILL = """
INSERT INTO projects_creditingperiod
  (project_id, number, version, first_date, last_date, estimated_annual_tonnes, design_version,
   registered_at)
SELECT id, 1, 1, crediting_first_date, crediting_last_date, coalesce(estimated_annual_tonnes, 0),
  coalesce(design_version, 1), registered_at
FROM projects_project
WHERE registered_at IS NOT NULL AND crediting_first_date IS NOT NULL
  AND crediting_last_date IS NOT NULL;
INSERT INTO projects_registeredversion (project_id, design_version, effective_date, registered_at)
SELECT id, design_version, crediting_first_date, registered_at
FROM projects_project
WHERE registered_at IS NOT NULL AND crediting_first_date IS NOT NULL
  AND design_version IS NOT NULL;
CREATE TRIGGER guard_credited BEFORE INSERT OR UPDATE OF first_date, last_date, project_id
  ON projects_monitoringperiod FOR EACH ROW EXECUTE FUNCTION projects_guard_credited();
"""

UNDO = """
DROP TRIGGER guard_credited ON projects_monitoringperiod;
DROP FUNCTION projects_guard_credited();
DROP TRIGGER guard_crediting ON projects_creditingperiod;
DROP FUNCTION projects_guard_crediting();
DROP TRIGGER guard_registered ON projects_registeredversion;
DROP FUNCTION projects_guard_registered();
DROP TRIGGER of_record ON projects_creditingperiod;
DROP TRIGGER of_record ON projects_registeredversion;
DROP TRIGGER stays_truncate ON projects_revision;
DROP TRIGGER stays ON projects_revision;
DROP TRIGGER guard_state ON projects_revision;
DROP FUNCTION projects_guard_revision();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_revisions"), ("cdm_portal", "0002_of_record")]
    operations = [
        migrations.RunSQL(SQL, UNDO),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]

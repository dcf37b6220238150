"""The catalogue follows what it tells of, in the transaction that changes it.

A statement that touches projects, periods, offers or reports, and a new name of an owner or a host
Party, is followed by one that writes the entries of the projects concerned anew, if anything differs. The
entries are locked first, in order of their key: who waited for a neighbour reads what that one
wrote, since the next statement has its own snapshot. A project has an entry from its first day,
shown or not, so there is always a row to lock.

The text is in functions, so that no column that it names is held fast as by a view.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION offsets_catalogue_now(p_projects bigint[]) RETURNS SETOF offsets_catalogueentry
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT p.id,
         (p.validation_began_at IS NOT NULL OR p.registered_at IS NOT NULL) AND p.stage NOT IN (
           'withdrawn', 'rejected', 'validation_negative', 'deregistered',
           'validation_terminated'),
         p.title,
         lower(concat_ws(' ', p.title, p.number, p.reference, o.name, y.name)),
         p.sector, p.kind, p.scale, p.methodology, p.party_code,
         coalesce(y.name, p.party_code)::varchar(80), coalesce(y.region, '')::varchar(20),
         coalesce(y.ldc, false),
         coalesce(y.sids, false), p.latitude, p.longitude,
         reported.criteria::varchar(30)[], cardinality(reported.criteria)::smallint,
         made.vintages, coalesce(made.vintages[cardinality(made.vintages)], 0::smallint),
         offered.price::numeric(12, 2), offered.periods
    FROM projects_project p
    JOIN identity_organisation o ON o.id = p.owner_id
    LEFT JOIN registry_party y ON y.code = p.party_code
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(l.criterion ORDER BY l.criterion), '{}') AS criteria
        FROM cobenefits_report r JOIN cobenefits_line l ON l.report_id = r.id
       WHERE r.project_id = p.id AND r.state = 'published') reported
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(DISTINCT year::smallint ORDER BY year::smallint), '{}') AS vintages
        FROM projects_monitoringperiod m,
             generate_series(extract(year FROM m.first_date)::int,
                             extract(year FROM m.last_date)::int) AS year
       WHERE m.project_id = p.id AND m.issued_tonnes > 0) made
    CROSS JOIN LATERAL (
      SELECT min(f.price) AS price,
             coalesce(array_agg(DISTINCT f.commitment_period ORDER BY f.commitment_period), '{}')
               AS periods
        FROM offsets_offer f WHERE f.project_id = p.id AND f.state = 'listed') offered
   WHERE p.id = ANY (p_projects);
END $$;

CREATE FUNCTION offsets_catalogue(p_projects bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM offsets_catalogueentry WHERE project_id = ANY (p_projects)
    ORDER BY project_id FOR NO KEY UPDATE;
  UPDATE offsets_catalogueentry e
     SET (shown, title, words, sector, kind, scale, methodology, party_code, country, region, ldc,
          sids, latitude, longitude, criteria, benefits, vintages, newest, price, periods)
       = (n.shown, n.title, n.words, n.sector, n.kind, n.scale, n.methodology, n.party_code,
          n.country, n.region, n.ldc, n.sids, n.latitude, n.longitude, n.criteria, n.benefits,
          n.vintages, n.newest, n.price, n.periods)
    FROM offsets_catalogue_now(p_projects) n
   WHERE e.project_id = n.project_id AND e IS DISTINCT FROM n;
  INSERT INTO offsets_catalogueentry
  SELECT n.* FROM offsets_catalogue_now(ARRAY(
    SELECT id FROM unnest(p_projects) AS id
     WHERE NOT EXISTS (SELECT FROM offsets_catalogueentry e WHERE e.project_id = id))) n;
END $$;
REVOKE ALL ON FUNCTION offsets_catalogue(bigint[]) FROM PUBLIC;

CREATE FUNCTION offsets_catalogue_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_projects bigint[];
BEGIN
  IF TG_TABLE_NAME = 'projects_project' THEN
    v_projects := ARRAY(SELECT id FROM changed);
  ELSIF TG_TABLE_NAME = 'identity_organisation' THEN
    v_projects := ARRAY(SELECT id FROM projects_project WHERE owner_id = NEW.id);
  ELSIF TG_TABLE_NAME = 'registry_party' THEN
    v_projects := ARRAY(SELECT id FROM projects_project WHERE party_code = NEW.code);
  ELSE
    v_projects := ARRAY(SELECT DISTINCT project_id FROM changed);
  END IF;
  IF cardinality(v_projects) > 0 THEN
    PERFORM offsets_catalogue(v_projects);
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION offsets_catalogue_follows() FROM PUBLIC;

CREATE TRIGGER catalogue_begins AFTER INSERT ON projects_project
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION offsets_catalogue_follows();
CREATE TRIGGER catalogue_follows AFTER UPDATE ON projects_project
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION offsets_catalogue_follows();
CREATE TRIGGER catalogue_follows AFTER UPDATE ON projects_monitoringperiod
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION offsets_catalogue_follows();
CREATE TRIGGER catalogue_begins AFTER INSERT ON offsets_offer
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION offsets_catalogue_follows();
CREATE TRIGGER catalogue_follows AFTER UPDATE ON offsets_offer
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION offsets_catalogue_follows();
CREATE TRIGGER catalogue_follows AFTER UPDATE ON cobenefits_report
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION offsets_catalogue_follows();
CREATE TRIGGER catalogue_follows AFTER UPDATE ON identity_organisation
  FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name)
  EXECUTE FUNCTION offsets_catalogue_follows();
CREATE TRIGGER catalogue_follows AFTER UPDATE ON registry_party
  FOR EACH ROW WHEN ((NEW.name, NEW.region, NEW.ldc, NEW.sids)
                     IS DISTINCT FROM (OLD.name, OLD.region, OLD.ldc, OLD.sids))
  EXECUTE FUNCTION offsets_catalogue_follows();

DO $$
BEGIN
  PERFORM offsets_catalogue(ARRAY(SELECT id FROM projects_project));
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE INSERT, UPDATE, DELETE ON offsets_catalogueentry FROM cdm_app;
  END IF;
END $$;
"""

UNDO = """
DROP TRIGGER catalogue_begins ON projects_project;
DROP TRIGGER catalogue_follows ON projects_project;
DROP TRIGGER catalogue_follows ON projects_monitoringperiod;
DROP TRIGGER catalogue_begins ON offsets_offer;
DROP TRIGGER catalogue_follows ON offsets_offer;
DROP TRIGGER catalogue_follows ON cobenefits_report;
DROP TRIGGER catalogue_follows ON identity_organisation;
DROP TRIGGER catalogue_follows ON registry_party;
DROP FUNCTION offsets_catalogue_follows();
DROP FUNCTION offsets_catalogue(bigint[]);
DROP FUNCTION offsets_catalogue_now(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("offsets", "0008_catalogue"), ("cobenefits", "0005_law"),
    ]
    operations = [migrations.RunSQL(SQL, UNDO)]

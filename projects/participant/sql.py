"""What the database itself refuses: records of the participant never change, never vanish."""

TABLES = (
    "participant_designversion",
    "participant_readingsfile",
    "participant_reading",
    "participant_acceptedgap",
    "participant_monitoringreport",
)

FUNCTION = """
CREATE FUNCTION participant_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is of record: a new version is a new row', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
"""


def _guard(table: str) -> str:
    return f"""
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION participant_of_record();
"""


CREATE = FUNCTION + "".join(_guard(table) for table in TABLES)
DROP = (
    "".join(f"DROP TRIGGER of_record ON {table};" for table in TABLES)
    + "DROP FUNCTION participant_of_record();"
)

PRIOR = """
CREATE FUNCTION participant_keep_notice() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.published_at IS NOT NULL THEN
      RAISE EXCEPTION 'a notice is filed before it is published'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_begins_unpublished';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.published_at IS NULL AND NEW.published_at IS NOT NULL
     AND to_jsonb(NEW) - '{published_at,published_by}'::text[]
       = to_jsonb(OLD) - '{published_at,published_by}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a notice of prior consideration is of record; it can only be published'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON participant_priornotice
  FOR EACH ROW EXECUTE FUNCTION participant_keep_notice();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON participant_priornotice
  FOR EACH STATEMENT EXECUTE FUNCTION participant_of_record();

CREATE FUNCTION participant_prior_notified() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.prior_due_at IS NOT NULL
     AND NEW.start_date < (NEW.validation_began_at AT TIME ZONE 'UTC')::date
     AND NOT EXISTS (
       SELECT FROM participant_priornotice n
        WHERE n.project_id = NEW.id AND n.start_date <= NEW.start_date) THEN
    RAISE EXCEPTION 'the project began before its publication, without notice of it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'prior_notified';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER prior_notified BEFORE UPDATE OF stage ON projects_project
  FOR EACH ROW WHEN (OLD.stage = 'national_approval' AND NEW.stage = 'validation')
  EXECUTE FUNCTION participant_prior_notified();
"""
PRIOR_UNDO = """
DROP TRIGGER prior_notified ON projects_project;
DROP FUNCTION participant_prior_notified();
DROP TRIGGER of_record_truncate ON participant_priornotice;
DROP TRIGGER of_record ON participant_priornotice;
DROP FUNCTION participant_keep_notice();
"""

ROWS = _guard("participant_statedrows") + """
CREATE TRIGGER while_registered BEFORE INSERT ON participant_statedrows
  FOR EACH ROW EXECUTE FUNCTION participant_while_registered();
"""
ROWS_UNDO = """
DROP TRIGGER while_registered ON participant_statedrows;
DROP TRIGGER of_record ON participant_statedrows;
"""

SERIES_TABLES = ("participant_readingstreatment", "participant_readingsblock")
SERIES_WALLS = """
ALTER TABLE participant_readingsblock ADD CONSTRAINT block_is_whole CHECK (
  cardinality(amounts) = cardinality(rows) AND cardinality(amounts) > 0);
ALTER TABLE participant_readingsblock ADD CONSTRAINT block_not_negative CHECK (
  0 <= ALL (amounts));
CREATE FUNCTION participant_keep_import() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state NOT IN ('done', 'failed')
     AND (NEW.period_id, NEW.document_id, NEW.resolution, NEW.queued_at)
       = (OLD.period_id, OLD.document_id, OLD.resolution, OLD.queued_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'an import keeps its file, and what ended stays as it ended'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON participant_readingsimport
  FOR EACH ROW EXECUTE FUNCTION participant_keep_import();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON participant_readingsimport
  FOR EACH STATEMENT EXECUTE FUNCTION participant_of_record();
CREATE FUNCTION participant_block_under_way() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM participant_readingsimport i
             WHERE i.id = NEW.source_id AND i.state = 'running') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'readings are kept while their import runs'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'block_under_way';
END $$;
CREATE TRIGGER block_under_way BEFORE INSERT ON participant_readingsblock
  FOR EACH ROW EXECUTE FUNCTION participant_block_under_way();
"""
SERIES = "".join(_guard(table) for table in SERIES_TABLES) + SERIES_WALLS
SERIES_FALL = """
DROP TRIGGER block_under_way ON participant_readingsblock;
DROP FUNCTION participant_block_under_way();
DROP TRIGGER of_record_truncate ON participant_readingsimport;
DROP TRIGGER of_record ON participant_readingsimport;
DROP FUNCTION participant_keep_import();
ALTER TABLE participant_readingsblock DROP CONSTRAINT block_not_negative;
ALTER TABLE participant_readingsblock DROP CONSTRAINT block_is_whole;
"""
SERIES_UNDO = SERIES_FALL + "".join(
    f"DROP TRIGGER of_record ON {table};" for table in SERIES_TABLES
)

INSTRUMENT_TABLES = ("participant_calibration", "participant_acceptedcorrection")
INSTRUMENTS = "".join(_guard(table) for table in INSTRUMENT_TABLES)
INSTRUMENTS_UNDO = "".join(
    f"DROP TRIGGER of_record ON {table};" for table in INSTRUMENT_TABLES
)

EVENT_TABLES = ("participant_eventlist", "participant_plantevent")
EVENTS = "".join(_guard(table) for table in EVENT_TABLES)
EVENTS_UNDO = "".join(f"DROP TRIGGER of_record ON {table};" for table in EVENT_TABLES)

SURVEY_TABLES = ("participant_survey", "participant_surveyanswer")
SURVEYS = "".join(_guard(table) for table in SURVEY_TABLES)
SURVEYS_UNDO = "".join(f"DROP TRIGGER of_record ON {table};" for table in SURVEY_TABLES)

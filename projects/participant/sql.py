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

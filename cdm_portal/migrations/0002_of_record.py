"""One trigger function for all rows of record: what is written stays as it was written."""

from django.db import migrations

SQL = """
CREATE FUNCTION cdm_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% rows are of record: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;

-- cdm_keep(table): refuse UPDATE, DELETE and TRUNCATE of a table of record.
CREATE PROCEDURE cdm_keep(p_table regclass)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE format(
    'CREATE TRIGGER of_record BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
     FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change()', p_table);
END $$;
REVOKE ALL ON PROCEDURE cdm_keep(regclass) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("cdm_portal", "0001_initial")]
    operations = [
        migrations.RunSQL(
            SQL, "DROP PROCEDURE cdm_keep(regclass); DROP FUNCTION cdm_refuse_change()"
        ),
    ]

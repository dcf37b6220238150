"""The ground: rights of the database roles, the one clock, heartbeats."""

from django.db import migrations, models

ROLES = """
DO $$ DECLARE r text; BEGIN
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;
  FOREACH r IN ARRAY ARRAY['cdm_app', 'cdm_audit', 'cdm_signer'] LOOP
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
      EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', r);
      EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO %I', r);
      EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA public TO %I', r);
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
      GRANT INSERT, UPDATE, DELETE ON TABLES TO cdm_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO cdm_app;
    GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO cdm_app;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cdm_app;
    REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM cdm_app;
  END IF;
END $$;
"""

CLOCK = """
INSERT INTO cdm_clock (id, days_ahead, demonstration) VALUES (1, 0, false);

CREATE FUNCTION cdm_now() RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT clock_timestamp() + make_interval(days => days_ahead) FROM cdm_clock
$$;

CREATE FUNCTION cdm_advance_clock(p_days integer) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF p_days IS NULL OR p_days < 1 OR p_days > 3660 THEN
    RAISE EXCEPTION 'the clock moves forward by 1 to 3660 whole days' USING ERRCODE = 'CK422';
  END IF;
  UPDATE cdm_clock SET days_ahead = days_ahead + p_days WHERE id = 1 AND demonstration;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the clock can be moved in demonstration mode only' USING ERRCODE = 'CK403';
  END IF;
  RETURN cdm_now();
END $$;
REVOKE ALL ON FUNCTION cdm_advance_clock(integer) FROM PUBLIC;

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    GRANT EXECUTE ON FUNCTION cdm_advance_clock(integer) TO cdm_app;
    REVOKE INSERT, UPDATE, DELETE ON cdm_clock FROM cdm_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(ROLES, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("days_ahead", models.IntegerField()),
                ("demonstration", models.BooleanField()),
            ],
            options={
                "db_table": "cdm_clock",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="clock_is_one_row"),
                    models.CheckConstraint(condition=models.Q(("days_ahead__gte", 0)), name="clock_never_behind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "cdm_heartbeat"},
        ),
        migrations.RunSQL(CLOCK, migrations.RunSQL.noop),
    ]

"""The Board's meetings; a vote and a ruling name the one at which they were made.

A meeting stays once it has begun or is cancelled, keeps its number, and is never deleted. A vote,
and a ruling that was voted, name the meeting that runs on their day, and none between meetings.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

SQL = """
CREATE FUNCTION board_calendar() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.cancelled_at IS NOT NULL
      OR OLD.first_date <= (cdm_now() AT TIME ZONE 'UTC')::date THEN
    RAISE EXCEPTION 'a meeting stays once it has begun or is cancelled, and is never deleted'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_stays';
  END IF;
  IF NEW.number <> OLD.number THEN
    RAISE EXCEPTION 'a meeting keeps its number'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_keeps_number';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER calendar BEFORE UPDATE OR DELETE ON board_meeting
  FOR EACH ROW EXECUTE FUNCTION board_calendar();

CREATE FUNCTION board_at_meeting() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_day date := (NEW.at AT TIME ZONE 'UTC')::date;
  v_running bigint;
BEGIN
  SELECT id INTO v_running FROM board_meeting m
  WHERE m.cancelled_at IS NULL AND v_day BETWEEN m.first_date AND m.last_date;
  IF TG_TABLE_NAME = 'board_ruling' THEN
    IF NEW.basis = 'no_objection' THEN
      v_running := NULL;
    END IF;
  END IF;
  IF NEW.meeting_id IS DISTINCT FROM v_running THEN
    RAISE EXCEPTION 'what is voted names the meeting that runs on its day, and no other'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'names_its_meeting';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER at_meeting BEFORE INSERT ON board_vote
  FOR EACH ROW EXECUTE FUNCTION board_at_meeting();
CREATE TRIGGER at_meeting BEFORE INSERT ON board_ruling
  FOR EACH ROW EXECUTE FUNCTION board_at_meeting();
"""

UNDO = """
DROP TRIGGER at_meeting ON board_ruling;
DROP TRIGGER at_meeting ON board_vote;
DROP FUNCTION board_at_meeting();
DROP TRIGGER calendar ON board_meeting;
DROP FUNCTION board_calendar();
"""


class Migration(migrations.Migration):
    dependencies = [("board", "0012_first_and_last_submission")]
    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True)),
                ("first_date", models.DateField()),
                ("last_date", models.DateField()),
                ("place", models.CharField(max_length=200)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancel_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["first_date"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_date__gte", models.F("first_date"))),
                        name="meeting_runs_forward"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancel_reason", ""), ("cancelled_at", None)),
                            models.Q(
                                ("cancelled_at__isnull", False),
                                models.Q(("cancel_reason", ""), _negated=True)),
                            _connector="OR"),
                        name="cancelled_meeting_has_reason"),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("cancelled_at", None)),
                        expressions=[(
                            models.Func(
                                models.F("first_date"), models.F("last_date"), models.Value("[]"),
                                function="daterange",
                                output_field=(
                                    django.contrib.postgres.fields.ranges.DateRangeField())),
                            "&&")],
                        name="one_meeting_at_a_time"),
                ],
            },
        ),
        migrations.AddField(
            model_name="ruling", name="meeting",
            field=models.ForeignKey(
                help_text="At which it was made; none for an electronic decision", null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="rulings",
                to="board.meeting"),
        ),
        migrations.AddField(
            model_name="vote", name="meeting",
            field=models.ForeignKey(
                help_text="At which it was cast; between meetings the Board votes by electronic "
                "means", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="board.meeting"),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

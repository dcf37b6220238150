"""A DOE is heard before the Board decides on an excess issuance for which it answers.

The time to answer in an inquiry that waits now begins now: until now its DOE could not.
"""

from django.db import migrations, models
from django.db.models import F, Q

# 24:00 UTC of the last of 30 days, as `accreditation_hearing_days` has it when this is written. The
# guard keeps what was put before the Board, so it is set aside for this one statement.
FILL = """
ALTER TABLE board_inquiry DISABLE TRIGGER guard_state;
UPDATE board_inquiry SET answer_until =
  (date_trunc('day', now() AT TIME ZONE 'UTC') + interval '31 days') AT TIME ZONE 'UTC'
  WHERE state = 'proposed';
ALTER TABLE board_inquiry ENABLE TRIGGER guard_state;
"""

GUARD = """
CREATE OR REPLACE FUNCTION board_guard_inquiry() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_most bigint;
  v_open text[] := '{{state,excess,debt_id,decision,decided_by_id,decided_at}}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' THEN
      RAISE EXCEPTION 'an inquiry begins as proposed, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;{begins}
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' THEN
    RAISE EXCEPTION 'an inquiry is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;{answers}
  IF to_jsonb(NEW) - v_open <> to_jsonb(OLD) - v_open THEN
    RAISE EXCEPTION 'what was put before the Board stays as it was'
      USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT coalesce(p.issued_tonnes, 0) - coalesce((
      SELECT sum(i.excess) FROM board_inquiry i WHERE i.period_id = p.id), 0)
    INTO v_most FROM projects_monitoringperiod p WHERE p.id = NEW.period_id;
  IF NEW.excess > v_most THEN
    RAISE EXCEPTION 'at most % of the issued units can be in excess', v_most
      USING ERRCODE = 'check_violation', CONSTRAINT = 'excess_was_issued';
  END IF;
  RETURN NEW;
END $$;
"""

# An answer comes once, by itself, and from somebody of the DOE.
BEGINS = """
    IF NEW.answer_until IS NULL OR NEW.answered_at IS NOT NULL THEN
      RAISE EXCEPTION 'an inquiry begins unanswered, with a time to answer'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;"""
ANSWERS = """
  IF OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL THEN
    v_open := '{answer,answered_by_id,answered_at}';
    IF NOT EXISTS (SELECT FROM identity_membership m
        WHERE m.person_id = NEW.answered_by_id AND m.organisation_id = NEW.doe_id) THEN
      RAISE EXCEPTION 'the DOE concerned answers'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'doe_answers';
    END IF;
  END IF;"""


class Migration(migrations.Migration):
    dependencies = [("board", "0021_due"), ("identity", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="inquiry", name="answer_until", field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="inquiry", name="answer", field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="inquiry", name="answered_by",
            field=models.ForeignKey(
                null=True, on_delete=models.deletion.PROTECT, related_name="+",
                to="identity.person",
            ),
        ),
        migrations.AddField(
            model_name="inquiry", name="answered_at", field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=Q(decided_at=None) | Q(answered_at__isnull=False)
                | Q(answer_until=None) | Q(decided_at__gte=F("answer_until")),
                name="inquiry_hears_the_doe",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | ~Q(answer="") & Q(answered_by__isnull=False, answer_until__isnull=False,
                                    answered_at__lt=F("answer_until")),
                name="inquiry_is_answered_in_time",
            ),
        ),
        migrations.RunSQL(
            GUARD.format(begins=BEGINS, answers=ANSWERS), GUARD.format(begins="", answers=""),
        ),
    ]

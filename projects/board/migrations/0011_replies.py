"""Participant and DOE reply to a review, of record; the assessments begin after that.

A reply is made while the review is open and in time, by the DOE that made the request or for the
participant. An assessment is filed once both replies are in or the time for them is over. The clock
for replies starts when the review is opened; where it ran from the request for review, it is reset.
"""

import django.db.models.deletion
from django.db import migrations, models

SQL = """
UPDATE board_request SET reply_due_at = NULL WHERE state = 'review_requested';

CALL cdm_keep('board_reply');

CREATE FUNCTION board_replies() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_request board_request;
BEGIN
  SELECT * INTO v_request FROM board_request q WHERE q.id = NEW.request_id;
  IF v_request.state IS DISTINCT FROM 'under_review' OR v_request.reply_due_at IS NULL
      OR NEW.at >= v_request.reply_due_at THEN
    RAISE EXCEPTION 'replies are made to an open review in time only'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reply_in_time';
  END IF;
  IF (NEW.side = 'doe') IS DISTINCT FROM (NEW.organisation_id = v_request.submitted_by_id) THEN
    RAISE EXCEPTION 'the reply of the DOE is that of the DOE that made the request'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reply_of_the_requester';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER in_time BEFORE INSERT ON board_reply
  FOR EACH ROW EXECUTE FUNCTION board_replies();

CREATE FUNCTION board_after_replies() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_due timestamptz;
BEGIN
  SELECT reply_due_at INTO v_due FROM board_request q WHERE q.id = NEW.request_id;
  IF NEW.at < v_due
      AND (SELECT count(*) FROM board_reply r WHERE r.request_id = NEW.request_id) < 2 THEN
    RAISE EXCEPTION 'a request is assessed once the replies are in or the time for them is over'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessed_after_replies';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER takes_turn BEFORE INSERT ON board_assessment
  FOR EACH ROW EXECUTE FUNCTION board_after_replies();
"""

UNDO = """
DROP TRIGGER takes_turn ON board_assessment;
DROP FUNCTION board_after_replies();
DROP TRIGGER in_time ON board_reply;
DROP FUNCTION board_replies();
DROP TRIGGER of_record ON board_reply;
"""


def to(model, **more):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, to=model, **{"related_name": "+"} | more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("board", "0010_revisions"), ("identity", "0002_seats"),
        ("projects", "0009_files_of_replies"),
    ]
    operations = [
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(
                    choices=[("participant", "Project participant"), ("doe", "DOE")],
                    max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("stamped_at", models.DateTimeField(
                    db_default=models.Func(
                        function="cdm_now", output_field=models.DateTimeField()),
                    editable=False)),
                ("document", models.OneToOneField(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to="projects.document")),
                ("organisation", to("identity.organisation")),
                ("person", to("identity.person")),
                ("request", to("board.request", related_name="replies")),
            ],
            options={
                "verbose_name_plural": "replies",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "side"), name="replied_once_by_a_side"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="reply_has_words"),
                ],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

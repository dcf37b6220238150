"""What is wanting (models.due): kept by triggers, in the transaction that changes the case.

The table is an index over cases. Nothing but these triggers writes it, so it cannot differ from
what the cases say; what stands open when it is made is entered once.
"""

import django.db.models.deletion
from django.db import migrations, models

SQL = """
-- Is an act due now? One function an act; each enters or takes away its one row.
CREATE FUNCTION board_due_votes(p_request bigint) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
  INSERT INTO board_due (act, request_id, seat_number)
  SELECT 'vote', q.id, seats.seat_number
    FROM board_request q,
         (SELECT DISTINCT seat_number FROM identity_membership WHERE seat_number IS NOT NULL) seats
   WHERE q.id = p_request AND q.state = 'assessed' AND NOT EXISTS (
     SELECT FROM board_vote v WHERE v.request_id = q.id AND v.seat_number = seats.seat_number)
  ON CONFLICT DO NOTHING;
  DELETE FROM board_due d USING board_request q
   WHERE q.id = p_request AND d.request_id = q.id AND d.act = 'vote' AND (
     q.state <> 'assessed' OR EXISTS (
       SELECT FROM board_vote v WHERE v.request_id = q.id AND v.seat_number = d.seat_number));
$$;

CREATE FUNCTION board_due_instruction(p_request bigint) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
  INSERT INTO board_due (act, request_id)
  SELECT 'instruct', q.id FROM board_request q
   WHERE q.id = p_request AND q.kind = 'issuance' AND q.state = 'approved'
     AND NOT EXISTS (SELECT FROM board_instruction n WHERE n.request_id = q.id)
  ON CONFLICT DO NOTHING;
  DELETE FROM board_due d USING board_request q
   WHERE q.id = p_request AND d.request_id = q.id AND d.act = 'instruct' AND (
     q.state <> 'approved'
     OR EXISTS (SELECT FROM board_instruction n WHERE n.request_id = q.id));
$$;

CREATE FUNCTION board_due_request(p_period bigint) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
  DELETE FROM board_due WHERE period_id = p_period;
  INSERT INTO board_due (act, period_id, doe_id)
  SELECT 'request', p.id, p.verifier_id FROM projects_monitoringperiod p
   WHERE p.id = p_period AND p.stage = 'issuance' AND p.verifier_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM board_request q WHERE q.period_id = p.id
                     AND q.state NOT IN ('rejected', 'withdrawn'));
$$;

CREATE FUNCTION board_keep_due() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE v_was text := '';
BEGIN
  IF TG_TABLE_NAME = 'board_vote' THEN
    PERFORM board_due_votes(NEW.request_id);
  ELSIF TG_TABLE_NAME = 'board_instruction' THEN
    PERFORM board_due_instruction(NEW.request_id);
  ELSIF TG_TABLE_NAME = 'projects_monitoringperiod' THEN
    IF TG_OP = 'UPDATE' THEN v_was := OLD.stage; END IF;
    IF 'issuance' IN (NEW.stage, v_was) THEN PERFORM board_due_request(NEW.id); END IF;
  ELSE
    IF TG_OP = 'UPDATE' THEN v_was := OLD.state; END IF;
    IF 'assessed' IN (NEW.state, v_was) THEN PERFORM board_due_votes(NEW.id); END IF;
    IF 'approved' IN (NEW.state, v_was) THEN PERFORM board_due_instruction(NEW.id); END IF;
    IF NEW.period_id IS NOT NULL
       AND (v_was = '' OR NEW.state IN ('rejected', 'withdrawn')
                       OR v_was IN ('rejected', 'withdrawn')) THEN
      PERFORM board_due_request(NEW.period_id);
    END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER keep_due AFTER INSERT ON board_vote
  FOR EACH ROW EXECUTE FUNCTION board_keep_due();
CREATE TRIGGER keep_due AFTER INSERT ON board_instruction
  FOR EACH ROW EXECUTE FUNCTION board_keep_due();
CREATE TRIGGER keep_due AFTER INSERT OR UPDATE OF stage, verifier_id ON projects_monitoringperiod
  FOR EACH ROW EXECUTE FUNCTION board_keep_due();
CREATE TRIGGER keep_due AFTER INSERT OR UPDATE OF state ON board_request
  FOR EACH ROW EXECUTE FUNCTION board_keep_due();

DO $$ BEGIN  -- what stands open now
  PERFORM board_due_votes(id) FROM board_request WHERE state = 'assessed';
  PERFORM board_due_instruction(id) FROM board_request WHERE state = 'approved';
  PERFORM board_due_request(id) FROM projects_monitoringperiod WHERE stage = 'issuance';
END $$;

-- Written from within a trigger of a case, or not at all.
CREATE FUNCTION board_due_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'what is due follows from the cases: % refused', TG_OP
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'due_follows_cases';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON board_due
  FOR EACH STATEMENT EXECUTE FUNCTION board_due_is_kept();
"""

UNDO = """
DROP TRIGGER kept ON board_due;
DROP TRIGGER keep_due ON board_request;
DROP TRIGGER keep_due ON projects_monitoringperiod;
DROP TRIGGER keep_due ON board_instruction;
DROP TRIGGER keep_due ON board_vote;
DROP FUNCTION board_keep_due();
DROP FUNCTION board_due_is_kept();
DROP FUNCTION board_due_request(bigint);
DROP FUNCTION board_due_instruction(bigint);
DROP FUNCTION board_due_votes(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("board", "0020_last_days_of_fees"),
        ("identity", "0002_seats"),
        ("projects", "0013_document_kinds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(choices=[("vote", "The vote of a seat on an assessed request"), ("instruct", "The Board's instruction after a granted request for issuance"), ("request", "The DOE's request for issuance of what it certified")], max_length=10)),
                ("seat_number", models.PositiveSmallIntegerField(null=True)),
                ("doe", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.organisation")),
                ("period", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="due", to="projects.monitoringperiod")),
                ("request", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="due", to="board.request")),
            ],
            options={
                "ordering": ["id"],
                "verbose_name_plural": "acts due",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("act", "vote"), ("doe", None), ("period", None), ("request__isnull", False), ("seat_number__isnull", False)),
                        models.Q(("act", "instruct"), ("doe", None), ("period", None), ("request__isnull", False), ("seat_number", None)),
                        models.Q(("act", "request"), ("doe__isnull", False), ("period__isnull", False), ("request", None), ("seat_number", None)), _connector="OR"),
                        name="due_names_its_case",
                    ),
                    models.UniqueConstraint(condition=models.Q(("act", "vote")), fields=("seat_number", "request"), name="votes_due"),
                    models.UniqueConstraint(condition=models.Q(("act", "instruct")), fields=("request",), name="instructions_due"),
                    models.UniqueConstraint(condition=models.Q(("act", "request")), fields=("doe", "period"), name="requests_due"),
                ],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(condition=models.Q(("state", "under_review")), fields=["submitted_by", "reply_due_at", "id"], name="replies_of_does"),
        ),
    ]

"""The database knows the procedure of a request, and who may take part in its review.

The pairs of states are written out by hand; a test compares them with procedure.py. A seat speaks
by its member, or by the alternate while the member is absent, in conflict or not there.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION board_guard_state() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'submitted' THEN
      RAISE EXCEPTION 'a request begins as submitted, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state
     AND NOT (OLD.state || '>' || NEW.state) = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
    RAISE EXCEPTION 'the procedure knows no way from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'state_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OF state ON board_request
  FOR EACH ROW EXECUTE FUNCTION board_guard_state(
  'submitted>fee_due submitted>completeness_check fee_due>completeness_check '
  'incomplete>completeness_check completeness_check>information_check '
  'completeness_check>incomplete information_check>incomplete information_check>published '
  'published>review_requested published>approved review_requested>under_review '
  'under_review>assessed assessed>proposed proposed>assessed assessed>approved '
  'assessed>corrections assessed>rejected proposed>approved proposed>corrections '
  'proposed>rejected corrections>corrected corrected>corrections corrected>approved '
  'submitted>withdrawn fee_due>withdrawn completeness_check>withdrawn '
  'information_check>withdrawn incomplete>withdrawn published>withdrawn '
  'review_requested>withdrawn under_review>withdrawn assessed>withdrawn proposed>withdrawn '
  'corrections>withdrawn corrected>withdrawn');

CALL cdm_keep('board_absence');
CALL cdm_keep('board_assessment');
CALL cdm_keep('board_objection');

CREATE OR REPLACE FUNCTION board_takes_part() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_request board_request;
BEGIN
  SELECT * INTO v_request FROM board_request q WHERE q.id = NEW.request_id;
  IF EXISTS (
    SELECT FROM board_recusal r
    WHERE r.request_id = NEW.request_id AND r.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'who declared a conflict takes no part'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'recused_takes_no_part';
  END IF;
  IF TG_TABLE_NAME = 'board_vote' AND v_request.state IS DISTINCT FROM 'assessed' THEN
    RAISE EXCEPTION 'votes are taken only while the request is at the vote'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_in_time';
  END IF;
  IF TG_TABLE_NAME IN ('board_vote', 'board_objection') AND EXISTS (
    SELECT FROM board_assessment a
    WHERE a.request_id = NEW.request_id AND a.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'who assessed a request does not decide on it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessor_decides_not';
  END IF;
  IF TG_TABLE_NAME = 'board_assessment' AND v_request.state IS DISTINCT FROM 'under_review' THEN
    RAISE EXCEPTION 'assessments are filed only under review'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_in_review';
  END IF;
  IF TG_TABLE_NAME = 'board_objection' AND (v_request.state IS DISTINCT FROM 'proposed'
      OR NEW.at >= v_request.objection_closes_at) THEN
    RAISE EXCEPTION 'objections are made to a proposed decision in time only'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'objection_in_time';
  END IF;
  IF TG_TABLE_NAME = 'board_reviewrequest' AND (v_request.state IS DISTINCT FROM 'published'
      OR NEW.at < v_request.published_at OR NEW.at >= v_request.window_closes_at) THEN
    RAISE EXCEPTION 'a review is requested in the window only'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'review_in_window';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER takes_part BEFORE INSERT ON board_assessment
  FOR EACH ROW EXECUTE FUNCTION board_takes_part();
CREATE TRIGGER takes_part BEFORE INSERT ON board_objection
  FOR EACH ROW EXECUTE FUNCTION board_takes_part();

CREATE FUNCTION board_takes_seat() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_day date := (NEW.at AT TIME ZONE 'UTC')::date;
  v_alternate boolean;
BEGIN
  IF NEW.seat_number IS NULL THEN
    RETURN NEW;
  END IF;
  SELECT m.alternate INTO v_alternate FROM identity_membership m
  WHERE m.person_id = NEW.person_id AND m.seat_number = NEW.seat_number
    AND v_day BETWEEN m.valid_from AND coalesce(m.valid_to, 'infinity');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'nobody speaks for a seat in which they do not sit'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_is_held';
  END IF;
  IF EXISTS (
    SELECT FROM board_absence a
    WHERE a.request_id = NEW.request_id AND a.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'who is recorded absent does not speak'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'absent_is_silent';
  END IF;
  IF v_alternate AND EXISTS (
    SELECT FROM identity_membership m
    WHERE m.seat_number = NEW.seat_number AND NOT m.alternate
      AND v_day BETWEEN m.valid_from AND coalesce(m.valid_to, 'infinity')
      AND NOT EXISTS (SELECT FROM board_recusal r
        WHERE r.request_id = NEW.request_id AND r.person_id = m.person_id)
      AND NOT EXISTS (SELECT FROM board_absence a
        WHERE a.request_id = NEW.request_id AND a.person_id = m.person_id)) THEN
    RAISE EXCEPTION 'the alternate is silent while the member is there'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'alternate_in_place';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER takes_seat BEFORE INSERT ON board_vote
  FOR EACH ROW EXECUTE FUNCTION board_takes_seat();
CREATE TRIGGER takes_seat BEFORE INSERT ON board_objection
  FOR EACH ROW EXECUTE FUNCTION board_takes_seat();
CREATE TRIGGER takes_seat BEFORE INSERT ON board_reviewrequest
  FOR EACH ROW EXECUTE FUNCTION board_takes_seat();
"""

UNDO = """
DROP TRIGGER takes_seat ON board_reviewrequest;
DROP TRIGGER takes_seat ON board_objection;
DROP TRIGGER takes_seat ON board_vote;
DROP FUNCTION board_takes_seat();
DROP TRIGGER takes_part ON board_objection;
DROP TRIGGER takes_part ON board_assessment;
CREATE OR REPLACE FUNCTION board_takes_part() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM board_recusal r
    WHERE r.request_id = NEW.request_id AND r.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'who declared a conflict takes no part'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'recused_takes_no_part';
  END IF;
  IF TG_TABLE_NAME = 'board_vote' AND NOT EXISTS (
    SELECT FROM board_request q WHERE q.id = NEW.request_id AND q.state = 'under_review') THEN
    RAISE EXCEPTION 'votes are taken only while a review runs'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_in_review';
  END IF;
  IF TG_TABLE_NAME = 'board_reviewrequest' AND NOT EXISTS (
    SELECT FROM board_request q WHERE q.id = NEW.request_id AND q.state = 'published'
      AND NEW.at >= q.published_at AND NEW.at < q.window_closes_at) THEN
    RAISE EXCEPTION 'a review is requested in the window only'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'review_in_window';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER of_record ON board_objection;
DROP TRIGGER of_record ON board_assessment;
DROP TRIGGER of_record ON board_absence;
DROP TRIGGER guard_state ON board_request;
DROP FUNCTION board_guard_state();
"""


class Migration(migrations.Migration):
    dependencies = [("board", "0004_seats_speak")]
    operations = [migrations.RunSQL(SQL, UNDO)]

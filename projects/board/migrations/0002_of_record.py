"""What the database itself refuses: votes, requests for review, recusals and rulings stay as they
were made; nobody asks for a review outside the window or votes outside a review, and nobody who
declared a conflict does either.
"""

from django.db import migrations

SQL = """
CALL cdm_keep('board_vote');
CALL cdm_keep('board_reviewrequest');
CALL cdm_keep('board_recusal');
CALL cdm_keep('board_ruling');

CREATE FUNCTION board_takes_part() RETURNS trigger
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
CREATE TRIGGER takes_part BEFORE INSERT ON board_vote
  FOR EACH ROW EXECUTE FUNCTION board_takes_part();
CREATE TRIGGER takes_part BEFORE INSERT ON board_reviewrequest
  FOR EACH ROW EXECUTE FUNCTION board_takes_part();
"""

UNDO = """
DROP TRIGGER takes_part ON board_vote;
DROP TRIGGER takes_part ON board_reviewrequest;
DROP FUNCTION board_takes_part();
DROP TRIGGER of_record ON board_vote;
DROP TRIGGER of_record ON board_reviewrequest;
DROP TRIGGER of_record ON board_recusal;
DROP TRIGGER of_record ON board_ruling;
"""


class Migration(migrations.Migration):
    dependencies = [("board", "0001_initial"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

"""An act leaves word in its own transaction that it is to be told; a notice stays as it was told.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION notices_announce() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO notices_pending (entry_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER notices_announce AFTER INSERT ON journal_entry FOR EACH ROW
  WHEN (split_part(NEW.verb, '.', 1) IN ('participant', 'dna', 'doe', 'board', 'rulebook'))
  EXECUTE FUNCTION notices_announce();

CREATE FUNCTION notices_law() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_moves CONSTANT text[] := '{read_at,mail_id}';
BEGIN
  IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - v_moves) <> (to_jsonb(OLD) - v_moves)
     OR (OLD.read_at IS NOT NULL AND NEW.read_at IS DISTINCT FROM OLD.read_at)
     OR (OLD.mail_id IS NOT NULL AND NEW.mail_id IS DISTINCT FROM OLD.mail_id) THEN
    RAISE EXCEPTION 'a notice stays as it was told: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER notices_law BEFORE UPDATE OR DELETE ON notices_notice
  FOR EACH ROW EXECUTE FUNCTION notices_law();

CREATE FUNCTION notices_mail_law() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_moves CONSTANT text[] := '{state,tries,next_try_at,ended_at}';
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'waiting'
     OR (to_jsonb(NEW) - v_moves) <> (to_jsonb(OLD) - v_moves) THEN
    RAISE EXCEPTION 'a mail that has ended stays as it ended: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER notices_mail_law BEFORE UPDATE OR DELETE ON notices_mail
  FOR EACH ROW EXECUTE FUNCTION notices_mail_law();
"""

UNDO = """
DROP TRIGGER notices_mail_law ON notices_mail;
DROP FUNCTION notices_mail_law();
DROP TRIGGER notices_law ON notices_notice;
DROP FUNCTION notices_law();
DROP TRIGGER notices_announce ON journal_entry;
DROP FUNCTION notices_announce();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("journal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

"""The database knows the diagram of a request for an account and of each item of its evidence, keeps
what was asked and filed, and lets an account be opened only for what was asked, with all proven."""

from django.db import migrations

SQL = """
CREATE FUNCTION kyc_guard_request() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'requested' THEN
      RAISE EXCEPTION 'a request for an account begins as requested, not %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_begins';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state
     AND NOT (OLD.state || '>' || NEW.state) = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
    RAISE EXCEPTION 'a request for an account knows no way from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'state_changes';
  END IF;
  IF NEW.concluded_at IS NOT NULL AND NEW.state IN ('kyc', 'open')
     AND 4 <> (SELECT count(*) FROM kyc_item WHERE request_id = NEW.id AND mark = 'proven') THEN
    RAISE EXCEPTION 'every item of the evidence is proven before an account is opened'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'all_is_proven';
  END IF;
  IF NEW.state = 'open' AND NOT EXISTS (SELECT FROM registry_account a WHERE a.id = NEW.account_id
       AND a.holder_id = NEW.holder_id AND a.party_id = NEW.party_id AND a.kind = 121
       AND NOT a.external AND a.closed_at IS NULL) THEN
    RAISE EXCEPTION 'the account that is opened is not the one that was asked for'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'account_as_asked';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE ON kyc_request
  FOR EACH ROW EXECUTE FUNCTION kyc_guard_request(
  'requested>kyc requested>withdrawn kyc>open kyc>refused kyc>withdrawn');

CREATE FUNCTION kyc_keep_request() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_open text[];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a request for an account is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  v_open := CASE OLD.state
    WHEN 'requested' THEN string_to_array('state taken_up_by_id taken_up_at decided_by_id decided_at', ' ')
    WHEN 'kyc' THEN string_to_array(
      'state concluded_by_id concluded_at decided_by_id decided_at reasons account_id', ' ')
    ELSE '{}'::text[] END;
  IF to_jsonb(NEW) - v_open <> to_jsonb(OLD) - v_open THEN
    RAISE EXCEPTION 'what stands of a request for an account is of record while it is %', OLD.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON kyc_request
  FOR EACH ROW EXECUTE FUNCTION kyc_keep_request();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON kyc_request
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION kyc_guard_item() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_request kyc_request;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an item of the evidence is of record: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO v_request FROM kyc_request WHERE id = NEW.request_id;
  IF TG_OP = 'INSERT' THEN
    IF NEW.mark <> 'open' OR v_request.state <> 'requested'
       OR NEW.key NOT IN ('form', 'status', 'authority', 'identity') THEN
      RAISE EXCEPTION 'the items of the evidence are those of the list, open with the request'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'item_of_the_list';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - 'mark' <> to_jsonb(OLD) - 'mark' THEN
    RAISE EXCEPTION 'what stands of an item of the evidence is of record'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF v_request.state <> 'kyc' OR (v_request.concluded_at IS NOT NULL AND NEW.mark <> OLD.mark)
     OR NOT (OLD.mark || '>' || NEW.mark) = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
    RAISE EXCEPTION 'an item is not marked from % to % while the request is %', OLD.mark, NEW.mark,
      v_request.state USING ERRCODE = 'check_violation', CONSTRAINT = 'mark_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_item BEFORE INSERT OR UPDATE OR DELETE ON kyc_item
  FOR EACH ROW EXECUTE FUNCTION kyc_guard_item(
  'open>proven open>questioned questioned>answered questioned>proven answered>proven '
  'answered>questioned proven>questioned proven>answered');
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON kyc_item
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CALL cdm_keep('kyc_representative');
CALL cdm_keep('kyc_file');
CALL cdm_keep('kyc_word');

-- Nothing is added to what is decided, or concluded.
CREATE FUNCTION kyc_still_open() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_request kyc_request;
BEGIN
  SELECT r.* INTO v_request FROM kyc_request r JOIN kyc_item i ON i.request_id = r.id
    WHERE i.id = NEW.item_id FOR SHARE OF r;
  IF v_request.state NOT IN ('requested', 'kyc') OR v_request.concluded_at IS NOT NULL THEN
    RAISE EXCEPTION 'nothing is added to a request for an account that is %',
      CASE WHEN v_request.concluded_at IS NULL THEN v_request.state ELSE 'concluded' END
      USING ERRCODE = 'check_violation', CONSTRAINT = 'still_open';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER still_open BEFORE INSERT ON kyc_file
  FOR EACH ROW EXECUTE FUNCTION kyc_still_open();
CREATE TRIGGER still_open BEFORE INSERT ON kyc_word
  FOR EACH ROW EXECUTE FUNCTION kyc_still_open();
"""

UNDO = """
DROP TRIGGER still_open ON kyc_word;
DROP TRIGGER still_open ON kyc_file;
DROP FUNCTION kyc_still_open();
DROP TRIGGER of_record ON kyc_word;
DROP TRIGGER of_record ON kyc_file;
DROP TRIGGER of_record ON kyc_representative;
DROP TRIGGER of_record_truncate ON kyc_item;
DROP TRIGGER guard_item ON kyc_item;
DROP FUNCTION kyc_guard_item();
DROP TRIGGER of_record_truncate ON kyc_request;
DROP TRIGGER of_record ON kyc_request;
DROP FUNCTION kyc_keep_request();
DROP TRIGGER guard_state ON kyc_request;
DROP FUNCTION kyc_guard_request();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_account_requests"), ("cdm_portal", "0002_of_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]

"""The public record says the name that counts now: of a certificate that was printed again under a
corrected name, the newest one. A name that is withheld or erased stays out, whichever it is.
"""

from django.db import migrations

NOW = """
CREATE OR REPLACE FUNCTION offsets_cancelled_now(p_cancellations bigint[])
RETURNS SETOF offsets_cancelledentry
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT c.id, c.effective_at, extract(year FROM c.effective_at AT TIME ZONE 'UTC')::smallint,
         c.e - c.s + 1, i.party_id::varchar(2), i.project_number::varchar(20),
         CASE WHEN o.id IS NOT NULL THEN 'shop' WHEN m.line_id IS NOT NULL THEN 'import'
              ELSE 'registry' END::varchar(8),
         CASE WHEN a.terminal THEN a.kind ELSE 230::smallint END,
         CASE WHEN o.name_public THEN {name} ELSE '' END::varchar(120),
         CASE WHEN o.name_public AND o.on_behalf AND {name} <> ''
              THEN offsets_same_name({name}) ELSE '' END::varchar(32),
         CASE WHEN o.name_public THEN o.reason ELSE '' END::varchar(140), o.id
    FROM registry_cancellation c
    JOIN registry_lot t ON t.id = c.lot_id
    JOIN registry_issuance i ON i.id = t.issuance_id
    JOIN registry_block b ON b.id = t.block_id
    JOIN registry_account a ON a.id = b.account_id
    LEFT JOIN registry_importedline m ON m.line_id = i.line_id
    LEFT JOIN offsets_orderline l ON l.cancellation_id = c.id
    LEFT JOIN offsets_order o ON o.id = l.order_id{join}
   WHERE c.kind = 'c' AND c.id = ANY (p_cancellations);
END $$;
"""
NEWEST = """
    LEFT JOIN LATERAL (
      SELECT r.name FROM offsets_reissue r JOIN offsets_certificate f ON f.id = r.certificate_id
       WHERE f.order_id = o.id ORDER BY r.position DESC LIMIT 1) e ON true"""
FOLLOWS = """
CREATE FUNCTION offsets_record_follows_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM offsets_record(ARRAY(
    SELECT l.cancellation_id FROM offsets_certificate f
      JOIN offsets_orderline l ON l.order_id = f.order_id
     WHERE f.id = NEW.certificate_id AND l.cancellation_id IS NOT NULL));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION offsets_record_follows_name() FROM PUBLIC;
CREATE TRIGGER record_follows AFTER INSERT OR UPDATE OF name ON offsets_reissue
  FOR EACH ROW EXECUTE FUNCTION offsets_record_follows_name();
"""
AGAIN = """
DO $$ BEGIN
  PERFORM offsets_record(ARRAY(
    SELECT l.cancellation_id FROM offsets_reissue r
      JOIN offsets_certificate f ON f.id = r.certificate_id
      JOIN offsets_orderline l ON l.order_id = f.order_id
     WHERE l.cancellation_id IS NOT NULL));
END $$;
"""
AFTER = NOW.format(name="coalesce(e.name, o.beneficiary_name)", join=NEWEST)
BEFORE = NOW.format(name="o.beneficiary_name", join="")
UNDO = """
DROP TRIGGER record_follows ON offsets_reissue;
DROP FUNCTION offsets_record_follows_name();
"""


class Migration(migrations.Migration):
    dependencies = [("offsets", "0019_payouts")]
    operations = [migrations.RunSQL(AFTER + FOLLOWS + AGAIN, UNDO + BEFORE + AGAIN)]

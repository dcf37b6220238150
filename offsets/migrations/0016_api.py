"""Keys of programs and the orders placed with them.

A key is made once: later it is only counted in, and revoked. An order of a test key buys nothing
but units under demonstration rules, and is paid in the sandbox alone, whoever writes the rows.
"""

import django.db.models.deletion
from django.db import migrations, models


SQL = """
CREATE FUNCTION offsets_keep_api_key() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.revoked_at IS NULL OR NEW.revoked_at IS NOT DISTINCT FROM OLD.revoked_at)
     AND to_jsonb(NEW) - '{revoked_at,last_used_at,minute,requests}'::text[]
       = to_jsonb(OLD) - '{revoked_at,last_used_at,minute,requests}'::text[] THEN
    RETURN NEW;
  END IF;
  PERFORM offsets_refuse('api_key_of_record', 'a key stays as it was made, and revoked');
  RETURN NULL;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON offsets_apikey
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_api_key();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_apikey
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION offsets_keep_api_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.answer = ''
     AND to_jsonb(NEW) - 'answer' = to_jsonb(OLD) - 'answer' THEN
    RETURN NEW;
  END IF;
  PERFORM offsets_refuse('api_order_of_record', 'an order of a key is answered once');
  RETURN NULL;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON offsets_apiorder
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_api_order();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_apiorder
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION offsets_only_tests(p_order bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM offsets_orderline l JOIN offsets_offer o ON o.id = l.offer_id
      JOIN projects_project p ON p.id = o.project_id
     WHERE l.order_id = p_order AND p.rules <> 'demonstration') THEN
    PERFORM offsets_refuse('test_order_holds_no_live_units', 'a test key buys no live units');
  END IF;
  IF EXISTS (SELECT FROM offsets_paymentattempt
              WHERE order_id = p_order AND provider <> 'sandbox') THEN
    PERFORM offsets_refuse('test_order_moves_no_money', 'a test key pays in the sandbox alone');
  END IF;
END $$;

CREATE FUNCTION offsets_guard_api_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM offsets_apikey k WHERE k.id = NEW.key_id AND k.may_order
                  AND k.organisation_id = NEW.organisation_id AND k.test = NEW.test) THEN
    PERFORM offsets_refuse('api_order_by_its_key', 'this key placed no such order');
  END IF;
  IF NEW.test THEN
    PERFORM offsets_only_tests(NEW.order_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER placed_by_key BEFORE INSERT ON offsets_apiorder
  FOR EACH ROW EXECUTE FUNCTION offsets_guard_api_order();

CREATE FUNCTION offsets_guard_test_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM offsets_apiorder a WHERE a.order_id = NEW.order_id AND a.test) THEN
    PERFORM offsets_only_tests(NEW.order_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER test_order AFTER INSERT OR UPDATE OF provider, order_id ON offsets_paymentattempt
  FOR EACH ROW EXECUTE FUNCTION offsets_guard_test_order();
CREATE TRIGGER test_order AFTER INSERT OR UPDATE OF offer_id, order_id ON offsets_orderline
  FOR EACH ROW EXECUTE FUNCTION offsets_guard_test_order();
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE DELETE, TRUNCATE ON offsets_apikey FROM cdm_app;
    REVOKE DELETE, TRUNCATE ON offsets_apiorder FROM cdm_app;
  END IF;
END $$;
"""

UNDO = """
DROP TRIGGER test_order ON offsets_orderline;
DROP TRIGGER test_order ON offsets_paymentattempt;
DROP FUNCTION offsets_guard_test_order;
DROP TRIGGER placed_by_key ON offsets_apiorder;
DROP FUNCTION offsets_guard_api_order;
DROP FUNCTION offsets_only_tests;
DROP TRIGGER of_record_truncate ON offsets_apiorder;
DROP TRIGGER of_record ON offsets_apiorder;
DROP FUNCTION offsets_keep_api_order;
DROP TRIGGER of_record_truncate ON offsets_apikey;
DROP TRIGGER of_record ON offsets_apikey;
DROP FUNCTION offsets_keep_api_key;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_seats'),
        ('offsets', '0015_public_record_law'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('shown', models.CharField(max_length=20, verbose_name='begins with')),
                ('label', models.CharField(max_length=60)),
                ('role', models.CharField(choices=[('participant', 'Project participant'), ('dna', 'Designated National Authority'), ('doe', 'Designated Operational Entity'), ('board_member', 'Executive Board member'), ('secretariat', 'Secretariat'), ('rit_expert', 'Expert of the Registration and Issuance Team'), ('registry_administrator', 'Registry administrator'), ('buyer', 'Buyer'), ('auditor', 'Auditor'), ('system', 'Portal')], max_length=40)),
                ('test', models.BooleanField(verbose_name='test key')),
                ('may_order', models.BooleanField(verbose_name='may order')),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('minute', models.DateTimeField(null=True)),
                ('requests', models.IntegerField(default=0)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
            ],
            options={
                'verbose_name': 'API key',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ApiOrder',
            fields=[
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='by_api', serialize=False, to='offsets.order')),
                ('test', models.BooleanField()),
                ('idempotency_key', models.CharField(max_length=255)),
                ('request_sha256', models.CharField(max_length=64)),
                ('answer', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='offsets.apikey')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation')),
            ],
            options={
                'verbose_name': 'API order',
                'ordering': ['-order_id'],
            },
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='api_key_is_hashed'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='api_key_ends_later'),
        ),
        migrations.AddConstraint(
            model_name='apiorder',
            constraint=models.UniqueConstraint(fields=('organisation', 'test', 'idempotency_key'), name='api_order_once'),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

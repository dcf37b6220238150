"""Who signed which print, prints under a corrected name, and statements; who may add them."""

import django.db.models.deletion
from django.db import migrations, models

SQL = """
CALL cdm_keep('offsets_signingcertificate');
CALL cdm_keep('offsets_signedprint');

CREATE FUNCTION offsets_keep_reissue() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.sha256 <> '' OR NEW.pdf IS NOT NULL OR NEW.name = ''
       OR EXISTS (SELECT FROM offsets_certificate WHERE code = NEW.code)
       OR NEW.position <> 2 + (SELECT count(*) FROM offsets_reissue
                               WHERE certificate_id = NEW.certificate_id) THEN
      PERFORM offsets_refuse('reissue_begins',
        'a reissue follows the last one, under a code and a name of its own, and is printed later');
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.sha256 = '' AND NEW.sha256 = encode(sha256(NEW.pdf), 'hex')
       AND to_jsonb(NEW) - '{pdf,sha256}'::text[] = to_jsonb(OLD) - '{pdf,sha256}'::text[] THEN
      RETURN NEW;
    END IF;
    IF NEW.pdf IS NULL AND NEW.name = '' AND NEW.why = ''
       AND to_jsonb(NEW) - '{pdf,name,why}'::text[] = to_jsonb(OLD) - '{pdf,name,why}'::text[] THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM offsets_refuse('reissue_of_record',
    'a reissue stays as it is; its print is added once, and its name may be erased');
  RETURN NULL;
END $$;
CREATE TRIGGER of_record BEFORE INSERT OR UPDATE OR DELETE ON offsets_reissue
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_reissue();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_reissue
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION offsets_guard_print() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM offsets_certificate
     WHERE id = NEW.certificate_id AND NEW.reissue_id IS NULL AND sha256 = NEW.sha256
    UNION ALL
    SELECT FROM offsets_reissue
     WHERE id = NEW.reissue_id AND certificate_id = NEW.certificate_id AND sha256 = NEW.sha256) THEN
    PERFORM offsets_refuse('print_is_kept', 'what was signed is the print of another certificate');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER print_is_kept BEFORE INSERT ON offsets_signedprint
  FOR EACH ROW EXECUTE FUNCTION offsets_guard_print();

-- The signer adds prints and says so in the journal; the web and the worker cannot say that it did.
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE INSERT, UPDATE, DELETE ON offsets_signingcertificate, offsets_signedprint FROM cdm_app;
    REVOKE DELETE ON offsets_reissue FROM cdm_app;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_signer') THEN
    GRANT INSERT ON offsets_signingcertificate, offsets_signedprint, journal_entry TO cdm_signer;
    GRANT UPDATE (pdf, sha256) ON offsets_certificate, offsets_reissue TO cdm_signer;
  END IF;
END $$;
"""

UNDO = """
DROP TRIGGER print_is_kept ON offsets_signedprint;
DROP TRIGGER of_record ON offsets_signedprint;
DROP TRIGGER of_record ON offsets_signingcertificate;
DROP TRIGGER of_record ON offsets_reissue;
DROP TRIGGER of_record_truncate ON offsets_reissue;
DROP FUNCTION offsets_keep_reissue, offsets_guard_print;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_seats'),
        ('offsets', '0012_providers'),
    ]

    operations = [
        migrations.CreateModel(
            name='SigningCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('der', models.BinaryField()),
                ('subject', models.CharField(max_length=300)),
                ('first_used_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AlterField(
            model_name='order',
            name='beneficiary_name',
            field=models.CharField(blank=True, max_length=200, verbose_name='name on the certificate'),
        ),
        migrations.CreateModel(
            name='Reissue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.SmallIntegerField()),
                ('code', models.CharField(max_length=11, unique=True)),
                ('number', models.CharField(max_length=24, unique=True)),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='corrected name')),
                ('why', models.CharField(blank=True, max_length=200, verbose_name='what was wrong')),
                ('asked_at', models.DateTimeField()),
                ('pdf', models.BinaryField(null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reissues', to='offsets.certificate')),
            ],
            options={
                'ordering': ['certificate_id', 'position'],
            },
        ),
        migrations.CreateModel(
            name='SignedPrint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('unsigned_sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prints', to='offsets.certificate')),
                ('reissue', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prints', to='offsets.reissue')),
                ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.signingcertificate')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='StatementOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.order')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='reissue',
            constraint=models.UniqueConstraint(fields=('certificate', 'position'), name='reissue_position'),
        ),
        migrations.AddConstraint(
            model_name='statementorder',
            constraint=models.UniqueConstraint(fields=('person', 'order'), name='statement_order_once'),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

"""How projects end: withdrawal through the DOE, deregistration by the Board. What is decided is of
record; a project ends only with its record; a deregistered one has no further issuance.

The pairs of states are written out by hand; a test compares them with the models.
"""

import django.db.models.deletion
import django_fsm
from django.db import migrations, models


SQL = """
CREATE FUNCTION board_keep_decided() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.decided_at IS NULL AND NEW.project_id = OLD.project_id
     AND NEW.reason = OLD.reason AND NEW.asked_by = OLD.asked_by
     AND NEW.asked_at = OLD.asked_at THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% rows are of record: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OF state ON board_withdrawal
  FOR EACH ROW EXECUTE FUNCTION doe_guard_state('asked', 'asked>filed asked>taken_back');
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON board_withdrawal
  FOR EACH ROW EXECUTE FUNCTION board_keep_decided();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON board_withdrawal
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE OF state ON board_deregistration
  FOR EACH ROW EXECUTE FUNCTION doe_guard_state('asked', 'asked>granted asked>refused');
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON board_deregistration
  FOR EACH ROW EXECUTE FUNCTION board_keep_decided();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON board_deregistration
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();

CREATE FUNCTION board_guard_end() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.stage = 'deregistered' THEN
    IF NOT EXISTS (
      SELECT FROM board_deregistration d WHERE d.project_id = NEW.id AND d.state = 'granted') THEN
      RAISE EXCEPTION 'only the Board deregisters a project'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'deregistered_by_the_board';
    END IF;
    RETURN NEW;
  END IF;
  IF EXISTS (
    SELECT FROM board_request r WHERE r.project_id = NEW.id AND r.kind = 'registration'
       AND r.state IN ('assessed', 'proposed', 'corrected')) THEN
    RAISE EXCEPTION 'a project under final decision is not withdrawn'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_before_the_decision';
  END IF;
  IF NOT EXISTS (
    SELECT FROM board_withdrawal w WHERE w.project_id = NEW.id AND w.state = 'filed') THEN
    RAISE EXCEPTION 'a published project is withdrawn through its DOE'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_through_the_doe';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_end BEFORE UPDATE OF stage ON projects_project
  FOR EACH ROW WHEN (NEW.stage = 'deregistered' AND OLD.stage = 'monitoring'
    OR NEW.stage = 'withdrawn' AND OLD.stage IN ('validation', 'registration'))
  EXECUTE FUNCTION board_guard_end();

CREATE FUNCTION board_no_further_issuance() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_project bigint;
  v_stage text;
BEGIN
  IF TG_TABLE_NAME = 'board_instruction' THEN
    SELECT r.project_id INTO v_project FROM board_request r WHERE r.id = NEW.request_id;
  ELSE
    v_project := NEW.project_id;
  END IF;
  SELECT p.stage INTO v_stage FROM projects_project p WHERE p.id = v_project FOR SHARE;
  IF v_stage = 'deregistered' THEN
    RAISE EXCEPTION 'a deregistered project has no further issuance'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'no_further_issuance';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER no_further_issuance BEFORE INSERT OR UPDATE OF state ON board_request
  FOR EACH ROW WHEN (NEW.state <> 'withdrawn') EXECUTE FUNCTION board_no_further_issuance();
CREATE TRIGGER no_further_issuance BEFORE INSERT OR UPDATE OF issuance_id ON board_instruction
  FOR EACH ROW EXECUTE FUNCTION board_no_further_issuance();
CREATE TRIGGER no_further_issuance BEFORE INSERT OR UPDATE OF stage ON projects_monitoringperiod
  FOR EACH ROW EXECUTE FUNCTION board_no_further_issuance();
"""

UNDO = """
DROP TRIGGER no_further_issuance ON projects_monitoringperiod;
DROP TRIGGER no_further_issuance ON board_instruction;
DROP TRIGGER no_further_issuance ON board_request;
DROP FUNCTION board_no_further_issuance();
DROP TRIGGER guard_end ON projects_project;
DROP FUNCTION board_guard_end();
DROP TRIGGER of_record_truncate ON board_deregistration;
DROP TRIGGER of_record ON board_deregistration;
DROP TRIGGER guard_state ON board_deregistration;
DROP TRIGGER of_record_truncate ON board_withdrawal;
DROP TRIGGER of_record ON board_withdrawal;
DROP TRIGGER guard_state ON board_withdrawal;
DROP FUNCTION board_keep_decided();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("board", "0008_desk_indexes"),
        ('doe', '0006_law'),
        ('identity', '0002_seats'),
        ("projects", "0006_ends_and_another_attempt"),
    ]

    operations = [
        migrations.CreateModel(
            name='Deregistration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('asked_by', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
                ('state', django_fsm.FSMField(choices=[('asked', 'Waiting for the Board'), ('granted', 'Granted'), ('refused', 'Refused')], default='asked', max_length=12, protected=True)),
                ('decision', models.TextField(blank=True, verbose_name='public reasons of the decision')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deregistrations', to='projects.project')),
            ],
            options={
                'ordering': ['-id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('project',), name='one_deregistration_asked'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', ''), ('state', 'asked')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['granted', 'refused']), models.Q(('decision', ''), _negated=True)), _connector='OR'), name='deregistration_has_reasons')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('asked_by', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('stamped_at', models.DateTimeField(db_default=models.Func(function='cdm_now', output_field=models.DateTimeField()), editable=False)),
                ('state', django_fsm.FSMField(choices=[('asked', 'Waiting for the DOE'), ('filed', 'Filed by the DOE'), ('taken_back', 'Taken back')], default='asked', max_length=12, protected=True)),
                ('statement', models.TextField(blank=True, verbose_name='what the DOE says to it')),
                ('filed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organisation')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='projects.project')),
            ],
            options={
                'ordering': ['-id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('project',), name='one_withdrawal_asked'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('filed_by', None), ('state', 'asked')), models.Q(('decided_at__isnull', False), ('filed_by__isnull', False), ('state', 'filed')), models.Q(('decided_at__isnull', False), ('filed_by', None), ('state', 'taken_back')), _connector='OR'), name='withdrawal_says_who_filed')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

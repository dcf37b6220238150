"""The notice that a buyer is to be told that money is due back: one row for each time, ended once,
never deleted. What was due before is not told of now: its buyers saw it on the order's page.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

SQL = """
CREATE FUNCTION offsets_keep_refund_note() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state = 'waiting'
     AND (NEW.owed_id, NEW.key) = (OLD.owed_id, OLD.key) THEN
    RETURN NEW;
  END IF;
  PERFORM offsets_refuse('refund_note_of_record',
    'a notice is kept, and stays as it is once it has ended');
  RETURN NULL;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON offsets_refundnote
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_refund_note();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_refundnote
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE DELETE ON offsets_refundnote FROM cdm_app;
  END IF;
END $$;
"""

UNDO = """
DROP TRIGGER of_record ON offsets_refundnote;
DROP TRIGGER of_record_truncate ON offsets_refundnote;
DROP FUNCTION offsets_keep_refund_note;
"""


class Migration(migrations.Migration):
    dependencies = [("offsets", "0020_names_that_count")]
    operations = [
        migrations.CreateModel(
            name="RefundNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(
                    choices=[
                        ("waiting", "To be sent"), ("sent", "The mail server took it"),
                        ("refused", "The mail server will never take it"),
                    ],
                    default="waiting", max_length=8,
                )),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("owed", models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="note",
                    to="offsets.moneyentry",
                )),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="refund_note_waiting")],
                "constraints": [models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ended_at", None), ("state", "waiting")),
                        models.Q(models.Q(("state", "waiting"), _negated=True), ("ended_at__isnull", False)),
                        _connector="OR",
                    ),
                    name="refund_note_ended_has_time",
                )],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

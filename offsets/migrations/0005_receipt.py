"""The notice of a receipt: one row per order, ended once, never deleted."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

SQL = """
CREATE FUNCTION offsets_keep_receipt() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state = 'waiting'
     AND (NEW.order_id, NEW.key) = (OLD.order_id, OLD.key) THEN
    RETURN NEW;
  END IF;
  PERFORM offsets_refuse('receipt_of_record',
    'a notice is kept, and stays as it is once it has ended');
  RETURN NULL;
END $$;
CREATE TRIGGER of_record BEFORE UPDATE OR DELETE ON offsets_receipt
  FOR EACH ROW EXECUTE FUNCTION offsets_keep_receipt();
CREATE TRIGGER of_record_truncate BEFORE TRUNCATE ON offsets_receipt
  FOR EACH STATEMENT EXECUTE FUNCTION cdm_refuse_change();
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdm_app') THEN
    REVOKE DELETE ON offsets_receipt FROM cdm_app;
  END IF;
END $$;
"""

UNDO = """
DROP TRIGGER of_record ON offsets_receipt;
DROP TRIGGER of_record_truncate ON offsets_receipt;
DROP FUNCTION offsets_keep_receipt;
"""


class Migration(migrations.Migration):
    dependencies = [("offsets", "0004_order_anonymous")]
    operations = [
        migrations.CreateModel(
            name="Receipt",
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
                ("order", models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="receipt", to="offsets.order",
                )),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="receipt_waiting")],
                "constraints": [models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ended_at", None), ("state", "waiting")),
                        models.Q(models.Q(("state", "waiting"), _negated=True), ("ended_at__isnull", False)),
                        _connector="OR",
                    ),
                    name="receipt_ended_has_time",
                )],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

"""Settled payments are found by their time, those due back by their state; and a refund that
failed is a kind of dispute.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offsets", "0021_refund_notes")]
    operations = [
        migrations.AlterField(
            model_name="dispute",
            name="kind",
            field=models.CharField(
                choices=[
                    ("chargeback", "Taken back by the buyer's bank"),
                    ("refund", "Given back at the payment provider by hand"),
                    ("failed", "Our refund failed at the payment provider"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="paymentattempt",
            index=models.Index(
                condition=models.Q(("state__in", ("succeeded", "refund_due", "refunded"))),
                fields=["settled_at"], name="attempt_settled",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentattempt",
            index=models.Index(
                condition=models.Q(("state", "refund_due")), fields=["id"],
                name="attempt_refund_due",
            ),
        ),
    ]

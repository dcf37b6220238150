"""A succeeded attempt says what was received: a NULL let the earlier check pass unanswered."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("offsets", "0002_of_record")]
    operations = [
        migrations.RemoveConstraint(model_name="paymentattempt", name="attempt_paid_in_full"),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.CheckConstraint(
                condition=~Q(state="succeeded")
                | Q(received__isnull=False, received=F("amount"), received_currency=F("currency")),
                name="attempt_paid_in_full",
            ),
        ),
    ]

"""An order comes to a desk by a link to its address, and by nothing else; so is a name corrected.

Orders that somebody kept on a statement by the code alone leave it: a link brings them back.
"""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    dependencies = [("offsets", "0017_payers")]

    operations = [
        migrations.DeleteModel("StatementOrder"),
        migrations.AddField("datalink", "purpose", models.CharField(choices=[("data", "The orders of the address"), ("correct", "The name on the certificate")], default="data", max_length=8)),
        migrations.AddField("datalink", "used_at", models.DateTimeField(null=True)),
        migrations.AddConstraint("datalink", models.CheckConstraint(condition=Q(("used_at", None), Q(("purpose", "correct"), ("used_at__gte", F("asked_at")), ("used_at__lt", F("expires_at"))), _connector="OR"), name="data_link_used_in_time")),
    ]

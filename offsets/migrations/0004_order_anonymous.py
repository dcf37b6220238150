"""Which orders were begun without signing in: together they hold only a share of a lot."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offsets", "0003_paid_in_full")]
    operations = [
        migrations.AddField(
            model_name="order",
            name="anonymous",
            field=models.BooleanField(default=False, verbose_name="begun without signing in"),
        ),
    ]

"""A confirmed payout leaves word for the notices too."""

from importlib import import_module

from django.db import migrations

before = import_module("cdm_portal.notices.migrations.0005_consents_and_benefits_are_told")
APPS = ", 'cobenefits'"


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_consents_and_benefits_are_told")]
    operations = [
        migrations.RunSQL(
            before.ANNOUNCE.format(
                apps=APPS, verbs=f"{before.CONSENTS}, 'offsets.confirm_payout'"
            ),
            before.ANNOUNCE.format(apps=APPS, verbs=before.CONSENTS),
        )
    ]

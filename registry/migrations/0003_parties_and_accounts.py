"""The Parties, and the accounts that the registry itself keeps."""

from django.db import migrations

from registry.parties import ANNEX_I, LDC, PARTIES, SIDS

# Ids 1 to 4 are known to registry/sql/books.sql. The source of issuance is where every unit is
# debited first; it never holds any. The Adaptation Fund's account has no numeric type of its own in
# the sources at hand: it is a holding account with a flag. Accounts of participants are numbered
# from 1001.
ACCOUNTS = (
    (1, 0, "Executive Board, source of issuance", False),
    (2, 230, "Voluntary cancellation account", False),
    (3, 110, "Pending account of the Executive Board", False),
    (4, 121, "Adaptation Fund, share of proceeds", True),
    (5, 240, "Excess issuance cancellation account", False),
    (6, 250, "Mandatory cancellation account", False),
    (7, 260, "Administrative cancellation account", False),
)


def fill(apps, schema_editor):
    party = apps.get_model("registry", "Party")
    party.objects.bulk_create(
        party(
            code=code, name=name, region=region,
            annex_i=code in ANNEX_I, ldc=code in LDC, sids=code in SIDS,
        )
        for code, name, region in PARTIES
    )
    with schema_editor.connection.cursor() as cursor:
        for number, kind, name, adaptation in ACCOUNTS:
            cursor.execute(
                "INSERT INTO registry_account (id, number, kind, name, adaptation_fund)"
                " VALUES (%s, registry_account_number(NULL, %s, %s), %s, %s, %s)",
                [number, kind, number, kind, name, adaptation],
            )
        cursor.execute("SELECT setval('registry_account_id_seq', 1000)")


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_ledger")]
    operations = [migrations.RunPython(fill)]

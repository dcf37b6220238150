"""The blocks of an account that are neither frozen nor reserved, oldest first: what a desk offers."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_account_requests_law")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX registry_block_movable ON registry_block (account_id, id)"
            " WHERE NOT frozen AND reserved_for_id IS NULL",
            "DROP INDEX registry_block_movable",
        )
    ]

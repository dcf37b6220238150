"""What the import leaves in the ledger besides the bookings themselves."""

from django.db import models


class ImportedLine(models.Model):
    """Says of an instruction line that the import wrote it: for which row of the published report.

    Of record; written by the import's own function alone. The Party of such a line issues nothing
    else (registry/sql/import.sql).
    """

    line = models.OneToOneField(
        "registry.InstructionLine", models.DO_NOTHING, primary_key=True, db_constraint=False,
        related_name="+",
    )  # fmt: skip
    row_sha256 = models.BinaryField()

    class Meta:
        ordering = ["line_id"]
        app_label = "registry"

    def __str__(self) -> str:
        return bytes(self.row_sha256).hex()

"""Attacks on what the import leaves in the ledger; the state is that of attacks.py."""

from __future__ import annotations

from tests.registry.attacks import OPEN_LINE, Attack, by_trigger, insert_issuance, on


def imported(line: str = OPEN_LINE, sha256: str = "sha256('x')") -> str:
    """A line passed off as imported."""
    return f"INSERT INTO registry_importedline (line_id, row_sha256) VALUES ({line}, {sha256})"


OTHER_LINE = "(SELECT max(id) FROM registry_instructionline)"
ALL: tuple[Attack, ...] = (
    *on("importedline",
        ("a line that does not exist", imported("-1"), "23503", "line_fk"),
        ("a hash that is none", imported(sha256="'x'"), "23514", "hash"),
        ("the same row of the report twice", f"{imported()}; {imported(OTHER_LINE)}", "23505",
         "once")),
    *by_trigger("importedline", "of_record", "registry_of_record",
                ("change what was imported",
                 "UPDATE registry_importedline SET row_sha256 = sha256('y')", "23001"),
                ("deny that it was imported", "DELETE FROM registry_importedline", "23001")),
    *by_trigger("issuance", "one_origin", "R613",
                ("an imported issuance among the registry's own",
                 f"{imported()}; {insert_issuance(1101, 1200)}", "LG409")),
)  # fmt: skip

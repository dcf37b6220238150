"""Attacks on signed prints and corrected names, and the one wall that refuses each.

The state: that of attacks.py, its fulfilled order's certificate printed, and once corrected and
printed again.
"""

from __future__ import annotations

from tests.offsets.attacks import TRUNCATED, Attack, check, put, trigger

CERTIFICATE = "(SELECT id FROM offsets_certificate)"
REISSUE = "(SELECT id FROM offsets_reissue)"
SIGNER = "(SELECT id FROM offsets_signingcertificate)"
KEPT = "rows are of record"
STAYS = "a reissue stays as it is"
FOLLOWS = "a reissue follows the last one"
OTHERS = "the print of another certificate"


def reissue(**changes: str) -> str:
    """A reissue past the actions."""
    row = {"certificate_id": CERTIFICATE, "position": "3", "code": "'00000000000'",
           "number": "'VC-X-3'", "name": "'N'", "why": "'W'", "asked_at": "cdm_now()",
           "pdf": "NULL", "sha256": "''"} | changes
    return f"INSERT INTO offsets_reissue ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def signed(**changes: str) -> str:
    """A print that nobody signed."""
    row = {"certificate_id": CERTIFICATE, "reissue_id": "NULL", "signer_id": SIGNER,
           "sha256": f"(SELECT sha256 FROM offsets_certificate WHERE id = {CERTIFICATE})",
           "unsigned_sha256": "''", "at": "cdm_now()"} | changes
    return f"INSERT INTO offsets_signedprint ({', '.join(row)}) VALUES ({', '.join(row.values())})"


OF_REISSUE = {"reissue_id": REISSUE, "sha256": "(SELECT sha256 FROM offsets_reissue)"}

ALL: tuple[Attack, ...] = (
    trigger("reissue", "of_record", put("reissue", "name = 'Other'", "true"), STAYS),
    trigger("reissue", "of_record", put("reissue", "pdf = NULL", "true"), STAYS),
    trigger("reissue", "of_record", "DELETE FROM offsets_reissue", STAYS,
            "foreign key"),
    trigger("reissue", "of_record", reissue(position="4"), FOLLOWS),
    trigger("reissue", "of_record", reissue(code="(SELECT code FROM offsets_certificate)"),
            FOLLOWS),
    trigger("reissue", "of_record_truncate", "TRUNCATE offsets_reissue CASCADE", TRUNCATED,
            f"offsets_signedprint {TRUNCATED}"),
    check("reissue", "offsets_reissue_code_key",
          reissue(code="(SELECT code FROM offsets_reissue)")),
    check("reissue", "offsets_reissue_number_key",
          reissue(number="(SELECT number FROM offsets_reissue)")),
    trigger("signedprint", "of_record", "DELETE FROM offsets_signedprint", KEPT),
    trigger("signedprint", "print_is_kept", signed(sha256="repeat('0', 64)"), OTHERS),
    check("signedprint", "offsets_signedprint_sha256_key", signed()),
    check("signedprint", "offsets_signedprint_sha256_key", signed(**OF_REISSUE)),
    trigger("signingcertificate", "of_record", "DELETE FROM offsets_signingcertificate", KEPT,
            "foreign key"),
    check("signingcertificate", "offsets_signingcertificate_sha256_key",
          "INSERT INTO offsets_signingcertificate (sha256, der, subject, first_used_at)"
          " SELECT sha256, der, subject, first_used_at FROM offsets_signingcertificate"),
)  # fmt: skip

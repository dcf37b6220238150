"""What proves a certificate: its cancellations and their issuances as leaves of the sealed log.

`told` is what registry/transparency/verify.py reads, `panel` what a page shows.
"""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats
from offsets.models import OrderLine
from registry.transparency import panel as proof_panel
from registry.transparency import queries
from registry.transparency.queries import Proof

Found = dict[tuple[str, int], Proof]


def of(lines: Iterable[OrderLine]) -> Found:
    """The proofs of cancelled lines, of those that are sealed. The lots must be selected."""
    wanted: list[tuple[str, int]] = []
    for line in lines:
        if line.cancellation_id is not None:
            wanted += [("cancellation", line.cancellation_id), ("issuance", line.lot.issuance_id)]
    return queries.proofs_of(wanted)


def told(line: OrderLine, found: Found) -> dict[str, Any]:
    """A line's two proofs for programs; null while it is not sealed."""
    proofs = {
        "cancellation": found.get(("cancellation", line.cancellation_id or 0)),
        "issuance": found.get(("issuance", line.lot.issuance_id)),
    }
    return {name: proof.as_json() if proof else None for name, proof in proofs.items()}


def panel(lines: list[OrderLine], code: str) -> dict[str, Any]:
    """The proof panel of a certificate: of its one line, or all lines' panels summed up."""
    found = of(lines)
    proofs = [found.get(("cancellation", line.cancellation_id or 0)) for line in lines]
    panels = [proof_panel.shown(proof) if proof else {"state": "waiting"} for proof in proofs]
    states = {shown["state"] for shown in panels}
    if not panels or "waiting" in states:
        return {"state": "waiting"}
    shown = panels[0] if len(panels) == 1 else _summed(panels)
    key = next(iter(found.values())).head.public_key.hex()
    return shown | {
        "download_url": reverse("api:certificate", args=[code]),
        "filename": "certificate.json", "command": f"python3 verify.py certificate.json {key}",
    }


def _summed(panels: list[dict[str, Any]]) -> dict[str, Any]:
    """The lines' checks, one after the other; one that failed is the whole's."""
    failed = [shown for shown in panels if shown["state"] == "failed"]
    leaves = [
        {
            "term": _("Leaf %s") % formats.tonnes(shown["leaf"]),
            "value": shown["problem"] or shown["checks"][0]["value"],
            "ok": shown["state"] == "checked",
        }
        for shown in panels
    ]
    return {
        "state": "failed" if failed else "checked", "checks": leaves + panels[0]["checks"][1:],
        "problem": failed[0]["problem"] if failed else "",
    }  # fmt: skip

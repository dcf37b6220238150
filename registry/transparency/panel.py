"""The proof panel of a page: what components/proof.html shows of one row of record.

    {% include "components/proof.html" with proof=… %}

The page computes the root itself, from the row as it stands in its table; a check that fails is
shown, never hidden.
"""

import hashlib
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats
from registry.models import Reconciliation
from registry.transparency import queries, tree
from registry.transparency.queries import Proof

DAY = timedelta(days=1)
SHOWN = 4
"""Groups of four digits that are shown of a hash."""


def of(kind: str, record_id: int, *, brief: bool = False) -> dict[str, Any]:
    """The panel of a row; it says so while the row is not sealed.

    Four statements when `brief`; else also whether the head continues yesterday's and whether the
    books agree.
    """
    proof = queries.proof_of(kind, record_id)
    return {"state": "waiting"} if proof is None else shown(proof, brief=brief)


def shown(proof: Proof, *, brief: bool = False) -> dict[str, Any]:
    """The panel of a proof."""
    head, root, problem = proof.head, proof.root(), _problem(proof)
    sides = tree.siblings(proof.index, head.tree_size)
    return {
        "state": "failed" if problem else "checked", "problem": problem,
        "leaf": proof.index, "leaf_hash": formats.fingerprint(proof.leaf.hex(), SHOWN),
        "siblings": [
            {"level": level, "side": side, "hash": formats.fingerprint(sibling.hex(), SHOWN)}
            for (level, side), sibling in zip(sides, proof.path, strict=True)
        ],
        "root": formats.fingerprint(root.hex(), SHOWN),
        "head": formats.fingerprint(head.root.hex(), SHOWN),
        "size": head.tree_size, "signed_at": head.at,
        "checks": _sealed(proof) + ([] if brief else _checks(proof)),
        "download_url": reverse("api:proof", args=[proof.kind, proof.record_id]),
        "filename": "proof.json",
        "command": f"python3 verify.py proof.json {head.public_key.hex()}",
    }  # fmt: skip


def _problem(proof: Proof) -> str:
    if hashlib.sha256((proof.record or "").encode()).digest() != proof.leaf:
        return _("The entry in the ledger is not the one that was sealed.")
    if proof.root() != proof.head.root:
        return _("The entry does not lead to the signed tree head.")
    if not proof.head.is_signed_by(proof.head.public_key):
        return _("The tree head's signature is not genuine.")
    return ""


def _sealed(proof: Proof) -> list[dict[str, Any]]:
    value = _("tree head #%d") % proof.sealed_in
    return [{"term": _("Sealed in"), "value": value, "ok": True}]


def _checks(proof: Proof) -> list[dict[str, Any]]:
    head = proof.head
    checks: list[dict[str, Any]] = []
    before = queries.head_of_day_before(head.at - DAY)
    if before is not None and before != head:
        holds = queries.continuation(before, head).holds()
        checks.append({
            "term": _("Contains tree head #%(number)d of %(day)s")
            % {"number": before.number, "day": formats.day(before.at)},
            "value": _("yes") if holds else _("no"), "ok": holds,
        })  # fmt: skip
    books = Reconciliation.objects.first()
    if books is not None:
        checks.append({
            "term": _("The books agree"), "value": formats.moment(books.at), "ok": books.ok,
        })  # fmt: skip
    return checks

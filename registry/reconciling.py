"""A reconciliation: totals, then blocks, then the replay of every movement, then the sealed log.

One read-only look at one moment, as the auditor's role (`locks.reading_as_auditor`); plain SQL that
shares nothing with the verbs. What is done about it is `actions.reconcile`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cdm_portal import formats, queues
from cdm_portal.queues import Line
from cdm_portal.values import Actor, Role
from registry import invariants
from registry.invariant_sql import TOTALS
from registry.locks import reading_as_auditor
from registry.models import Account, Block, Reconciliation
from registry.transparency import audit, publishing

LOG = invariants.Invariant(
    "L01", "The sealed log is whole: every leaf is its row, every root the one that was published.",
    "",
)  # fmt: skip
CHECKS = (*invariants.ALL, LOG)
"""What a reconciliation checks, in its order."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a reconciliation saw: who looked, what does not hold, how many units are where."""

    role: str
    problems: list[dict[str, Any]]
    totals: list[dict[str, Any]]
    leaves: int
    kept_heads: int

    @property
    def sums(self) -> dict[str, int]:
        """Units issued, held and cancelled over all Parties, types and periods."""
        return {
            name: sum(row[name] for row in self.totals) for name in ("issued", "held", "cancelled")
        }


def check(heads_file: str) -> Found:
    """Reconcile now. `heads_file` may be empty or missing: then the log is compared with itself."""
    file = Path(heads_file) if heads_file else None
    kept = publishing.read(file) if file is not None and file.exists() else []
    with reading_as_auditor():
        ((role,),) = _rows("SELECT current_user")
        totals = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(TOTALS)]
        problems = [problem.as_json() for problem in invariants.problems()]
        log = audit.audit(kept)
    if log.faults:
        rows = [{"fault": str(fault)} for fault in log.faults[: invariants.LIMIT]]
        problems.append({"code": LOG.code, "title": LOG.title, "rows": rows})
    return Found(role, problems, totals, log.leaves, log.kept)


COLUMNS = ("party", "unit_type", "commitment_period", "issued", "held", "cancelled")

NAMED = ("block", "lot", "cancellation", "posting", "issuance", "tx")
"""By which columns an offending row names its units: the first that it has counts."""

CONCERNED = """
    SELECT b.id FROM registry_block b WHERE b.frozen_by IS NULL AND (
      b.id = ANY (%(block)s) OR b.issuance_id = ANY (%(issuance)s)
      OR EXISTS (SELECT FROM registry_lot l WHERE l.block_id = b.id AND (l.id = ANY (%(lot)s)
        OR l.id IN (SELECT lot_id FROM registry_cancellation WHERE id = ANY (%(cancellation)s))))
      OR EXISTS (SELECT FROM registry_posting p WHERE p.issuance_id = b.issuance_id
        AND p.lo <= b.hi AND p.hi >= b.lo
        AND (p.id = ANY (%(posting)s) OR p.tx_id = ANY (%(tx)s))))
    ORDER BY b.id"""


def blocks_concerned(problems: Iterable[dict[str, Any]]) -> list[int]:
    """The blocks, not frozen yet, whose units the offending rows name."""
    named: dict[str, list[int]] = {name: [] for name in NAMED}
    for row in (row for problem in problems for row in problem["rows"]):
        if row.get("kind") in NAMED or row.get("kind") == "transaction":
            named["tx" if row["kind"] == "transaction" else row["kind"]].append(row["id"])
            continue
        for name in NAMED:
            if row.get(f"{name}_id") is not None:
                named[name].append(row[f"{name}_id"])
                break
    return [pk for (pk,) in _rows(CONCERNED, named)]


def queue(actor: Actor, at: datetime) -> Iterator[Line | dict[str, Any]]:
    """For the desk: that the books do not agree, to whoever must look into it or holds the units.

    Whose blocks the portal froze is told until another person lifts the freeze.
    """
    del at
    if actor.role in (Role.REGISTRY, Role.SECRETARIAT, Role.AUDITOR):
        last = Reconciliation.objects.first()
        wrong = 0 if last is None or last.ok else len(last.problems)
        words = ngettext(
            "The books do not agree: %d check", "The books do not agree: %d checks", wrong
        ) % wrong  # fmt: skip
        if wrong:
            yield _item(words, reverse("transparency:integrity"), _("Reconciliation"))
    if actor.role == Role.PARTICIPANT and actor.organisation_id is not None:
        frozen = Block.objects.filter(frozen_by=0, account=OuterRef("pk"))
        yield Line(
            "registry.frozen",
            Account.objects.filter(Exists(frozen), holder_id=actor.organisation_id),
            lambda account, facts: _frozen(account, facts["blocks"]),
            facts={"blocks": queues.count(frozen)},
        )


def _frozen(account: Account, blocks: int) -> dict[str, Any]:
    return _item(
        ngettext("%d block of yours is frozen: the books do not agree on it",
                 "%d blocks of yours are frozen: the books do not agree on them",
                 blocks) % blocks,
        reverse("registry:account", args=[account.pk]), account.number,
    )  # fmt: skip


def _item(title: str, url: str, reference: str) -> dict[str, Any]:
    return {
        "title": title, "url": url, "reference": reference, "what": _("Found by reconciliation"),
        "stage": 7, "stage_label": _("CER issuance"), "waiting_for": _("The registry"),
        "action_label": _("Look"), "action_url": url, "why_not": "",
    }  # fmt: skip


def as_json(found: Found, at: datetime) -> dict[str, Any]:
    """What `manage.py reconcile --json` prints."""
    return {
        "at": at.isoformat(), "role": found.role, "checks": len(CHECKS),
        "problems": found.problems, "totals": found.totals, "sums": found.sums,
        "log": {"leaves": found.leaves, "kept_heads": found.kept_heads},
    }  # fmt: skip


def summary(found: Found) -> str:
    """The totals in a line for people."""
    return ", ".join(f"{formats.tonnes(units)} {name}" for name, units in found.sums.items())


def _rows(sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows

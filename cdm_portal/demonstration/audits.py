"""What a DOE settles before it certifies: every sampled record is checked, what asks is explained.
"""

from datetime import datetime

from cdm_portal.values import Actor
from projects.doe import actions, audited, queries
from projects.models import MonitoringPeriod

STATEMENT = "The readings were recomputed and agree with the monitoring report."
REASON = "The participant's records were seen: the plant ran as its log says."


def settle(auditor: Actor, at: datetime, period: MonitoringPeriod) -> None:
    """The auditor finds that all records agree, and explains each check that asks for a reason."""
    case = queries.verification_of(period)
    run = queries.last_run(case) if case else None
    if case is None or run is None:
        return
    said = queries.said(case, run)
    if waiting := said.unchecked(run.result.get("sample", {})):
        actions.check_records(
            actor=auditor, at=at, period_id=period.pk, notes=dict.fromkeys(waiting, "")
        )
    for each in audited.checks(period, run, queries.said(case, run), is_open=True):
        if each["url"] and each["word"] is None:
            actions.explain_check(
                actor=auditor, at=at, period_id=period.pk, code=each["code"], text=REASON
            )

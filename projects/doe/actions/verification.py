"""Stage 6: publishing the monitoring report, certification (domain, 2.5 and 3.4)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor
from projects import actions as filing
from projects import lifecycle, locks
from projects.doe import entries, papers, queries, standing
from projects.doe import locks as doe_locks
from projects.doe.errors import CaseClosed, NotYet
from projects.doe.models import Verification, VerificationRun
from projects.doe.standing import Act
from projects.lifecycle import Stage
from projects.models import Document, MonitoringPeriod

TEXT_LIMIT = 20_000


def open_verification(*, actor: Actor, at: datetime, period_id: int) -> Verification:
    """Take up the verification: publish the monitoring report and queue its recomputation.

    Asked again on this day: accreditation, and independence of a large-scale project's validation
    (domain, 2.5 and 3.8). Raises NotInStanding, CaseClosed, Forbidden, NotFound, BothSides.
    """
    with transaction.atomic():
        period = locks.period(period_id)
        doe_id = standing.require_doe(actor, period.project, period.verifier_id, at.date())
        _require_going_on(period)
        if period.stage != Stage.VERIFICATION:
            raise CaseClosed("The participant has not submitted the monitoring report.")
        if Verification.objects.filter(period=period).exists():
            raise CaseClosed("The verification has begun already.")
        standing.require_standing(
            Act.PUBLISH_REPORT, period.project, at.date(), period=period
        )
        verification = Verification.objects.create(
            period=period, organisation_id=doe_id, published_at=at
        )
        queries.report_papers(period).filter(public=False).update(public=True)
        run = _queue(verification, period, at)
        _record("doe.open_verification", actor, at, verification, run=run.pk)
    return verification


def request_recompute(*, actor: Actor, at: datetime, period_id: int) -> VerificationRun:
    """Recompute the latest version of the monitoring report, and publish it.

    Raises CaseClosed while a run is under way or after the end, Forbidden, NotFound, BothSides.
    """
    with transaction.atomic():
        period, verification = own_open(actor, at, period_id)
        under_way = verification.runs.filter(
            state__in=[VerificationRun.State.QUEUED, VerificationRun.State.RUNNING]
        )
        standing.require_standing(Act.RECALCULATE, period.project, at.date(), period=period)
        if under_way.exists():
            raise CaseClosed("A recomputation is under way.")
        queries.report_papers(period).filter(public=False).update(public=True)
        run = _queue(verification, period, at)
        _record("doe.request_recompute", actor, at, verification, run=run.pk)
    return run


def _queue(
    verification: Verification, period: MonitoringPeriod, at: datetime
) -> VerificationRun:
    return VerificationRun.objects.create(
        verification=verification, report_version=period.report_version or 1, queued_at=at
    )


def certify(
    *, actor: Actor, at: datetime, period_id: int, tonnes_by_period: Mapping[int, int],
    statement: str,
) -> Verification:
    """Certify in writing the reductions of the period, in whole tonnes by commitment period.

    Not above the claim nor above the independent recalculation; certification is the request for
    issuance of that amount (domain, 2.5). Raises NotYet with every reason, Invalid, CaseClosed,
    Forbidden, NotFound, BothSides.
    """
    said = entries.words("statement", statement, longest=TEXT_LIMIT, what="the statement")
    with transaction.atomic():
        period, verification = own_open(actor, at, period_id)
        if reasons := queries.certification_obstacles(period, at.date()):
            raise NotYet(reasons)
        amounts = _checked(period, verification, tonnes_by_period)
        period.certified_tonnes, period.certified_at = sum(amounts.values()), at
        period.verification_outcome = "positive"
        verification.certified = amounts
        verification.document = _file_report(actor, at, period, verification, amounts, said)
        verification.certify()
        _conclude(verification, at, said)
        lifecycle.ask(period, "certify", actor)
        period.certify()
        period.save(
            update_fields=["stage", "certified_tonnes", "certified_at", "verification_outcome"]
        )
        _record("doe.certify", actor, at, verification, tonnes=amounts)
    return verification


def _checked(
    period: MonitoringPeriod, verification: Verification, tonnes: Mapping[int, int]
) -> dict[str, int]:
    """The amounts by commitment period as text. Raises Invalid beside the field `tonnes_<cp>`."""
    ceilings = queries.ceilings(period, verification)
    given = {str(key): amount for key, amount in tonnes.items()}
    errors: dict[str, list[str]] = {
        f"tonnes_{key}": [f"The report claims nothing for commitment period {key}."]
        for key in given if key not in ceilings
    }
    for key, ceiling in ceilings.items():
        if problem := _amount_problem(given.get(key, 0), ceiling):
            errors[f"tonnes_{key}"] = [problem]
    if not errors and sum(given.values()) == 0:
        first = next(iter(ceilings), "1")
        errors[f"tonnes_{first}"] = [
            "Nothing would be certified: report instead that the reductions cannot be verified."
        ]
    errors = errors or _above_cap(given, ceilings)
    if errors:
        raise Invalid(errors)
    return {key: given.get(key, 0) for key in ceilings}


def _above_cap(
    given: Mapping[str, int], ceilings: Mapping[str, queries.Ceiling]
) -> dict[str, list[str]]:
    """The limit of small scale holds for the amounts of all commitment periods together."""
    total = sum(given.values())
    for key, ceiling in ceilings.items():
        if ceiling.cap is not None and total > ceiling.cap:
            said = f"{total} t is above the {ceiling.cap} t to which small scale limits the period."
            return {f"tonnes_{key}": [said]}
    return {}


def _amount_problem(amount: object, ceiling: queries.Ceiling) -> str | None:
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        return "Enter whole tonnes, zero or more."
    if amount > ceiling.claimed:
        return f"{amount} t is above the {ceiling.claimed} t claimed."
    if amount > ceiling.recalculated:
        return f"{amount} t is above the {ceiling.recalculated} t of the recalculation."
    return None


def conclude_negative(
    *, actor: Actor, at: datetime, period_id: int, conclusion: str
) -> Verification:
    """Report that the reductions cannot be verified; nothing can be issued for the period.

    Raises Invalid, CaseClosed, Forbidden, NotFound, BothSides.
    """
    said = entries.words("conclusion", conclusion, longest=TEXT_LIMIT, what="the conclusion")
    with transaction.atomic():
        period, verification = own_open(actor, at, period_id)
        standing.require_standing(
            Act.REPORT_NOT_VERIFIED, period.project, at.date(), period=period
        )
        period.verification_outcome = "negative"
        verification.document = _file_report(actor, at, period, verification, None, said)
        verification.conclude_negative()
        _conclude(verification, at, said)
        lifecycle.ask(period, "end_unverified", actor)
        period.end_unverified()
        period.save(update_fields=["stage", "verification_outcome"])
        _record("doe.conclude_negative", actor, at, verification)
    return verification


def _conclude(verification: Verification, at: datetime, said: str) -> None:
    verification.conclusion, verification.decided_at = said, at
    verification.save(
        update_fields=["state", "conclusion", "decided_at", "certified", "document"]
    )


def _file_report(
    actor: Actor,
    at: datetime,
    period: MonitoringPeriod,
    verification: Verification,
    certified: dict[str, int] | None,
    said: str,
) -> Document:
    run = queries.last_run(verification)
    data = papers.verification_report(
        verification, period, run, certified=certified, conclusion=said, signer=actor.name, at=at
    )
    title = "Verification report" if certified is None else "Verification and certification report"
    name = f"{period.project.name}-verification-{period.number}.pdf"
    return filing.file_document(
        actor=actor, at=at, project=period.project, period=period,
        kind=Document.Kind.VERIFICATION, title=title, filename=name,
        media_type="application/pdf", data=data, public=True,
    )


def own_open(
    actor: Actor, at: datetime, period_id: int
) -> tuple[MonitoringPeriod, Verification]:
    """The period and its open verification, locked, for the DOE in charge.

    Raises CaseClosed, Forbidden, NotFound, BothSides.
    """
    period = locks.period(period_id)
    standing.require_doe(actor, period.project, period.verifier_id, at.date())
    try:
        verification = doe_locks.verification(period)
    except NotFound:
        raise CaseClosed("Publish the monitoring report first.") from None
    _require_going_on(period)
    if not queries.is_open(verification):
        raise CaseClosed(f"The verification is over: {verification.get_state_display().lower()}.")
    return period, verification


def _require_going_on(period: MonitoringPeriod) -> None:
    if ended := lifecycle.ended(period.project):
        raise CaseClosed(f"{ended} Nothing more is verified.")


def _record(
    verb: str, actor: Actor, at: datetime, verification: Verification, **facts: object
) -> None:
    period = verification.period
    record(
        verb, actor=actor, subject=verification, at=at, project=period.project.reference,
        facts={"period": period.number, **facts},
    )

"""From readings to a monitoring report: what is to be measured, what it comes to, what is claimed.

Everything rests on the frozen design document and on the readings as they are stored, so that the
same record always comes to the same tonnes. Nothing here writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from cdm_portal import parameters
from cdm_portal.values import Period
from projects import queries as landing
from projects.lifecycle import NotNow
from projects.methodologies import periods, readings, totals, units
from projects.methodologies.base import Calculation, Context, Methodology, Quantity, Treatment
from projects.methodologies.readings import Column, Gap, ParsedReadings, Resolution
from projects.methodologies.totals import Totals
from projects.models import MonitoringPeriod, Project
from projects.participant import design
from projects.participant.models import DesignVersion, ReadingsFile, ReadingsImport
from projects.participant.series import content as series
from projects.participant.series import difference as changed
from projects.revisions.machine import State
from projects.revisions.models import Revision


@dataclass(frozen=True, slots=True)
class Plan:
    """How a project is monitored, as its frozen design document says."""

    methodology: Methodology[Context]
    version: str
    context: Context
    fixed: Mapping[str, Quantity]
    fixed_rows: Mapping[str, Any]
    zone: timezone
    design_version: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a period comes to: one set of totals and one calculation per commitment period.

    `claimed` is in whole tonnes by commitment period; `carried` and `shortfall` are tonnes by which
    emissions rose, before this period and after it.
    """

    totals: tuple[Totals, ...]
    calculations: tuple[Calculation, ...]
    claimed: Mapping[str, int]
    carried: int
    shortfall: int

    @property
    def claimed_tonnes(self) -> int:
        """The claim over all commitment periods."""
        return sum(self.claimed.values())

    def amount(self, name: str) -> Decimal:
        """Baseline, project or leakage emissions over all commitment periods, in tCO2e."""
        with units.arithmetic():
            return sum((getattr(each, name) for each in self.calculations), Decimal(0))


def plan_of(period: MonitoringPeriod) -> Plan:
    """The monitoring plan for a period: that of the registered design document on its first day, or
    of the change that goes with its request for issuance. Raises NotNow without one.
    """
    project = period.project
    frozen = DesignVersion.objects.filter(project=project)
    number = changed_with(period) or landing.version_on(project, period.first_date)
    version = frozen.filter(number=number).first()
    if version is None:
        raise NotNow("The project has no frozen design document here.")
    content = version.content
    methodology, context = design.methodology_of(content), design.context_of(content)
    if methodology is None or context is None:
        raise NotNow("The methodology of the project cannot be calculated here.")
    return Plan(
        methodology=methodology,
        version=content["methodology"]["version"],
        context=context,
        fixed=design.fixed_inputs(content),
        fixed_rows=content["parameters"]["fixed"],
        zone=design.zone_of(content),
        design_version=version.number,
    )


def columns(plan: Plan, resolution: Resolution) -> tuple[Column, ...]:
    """The columns that a table of readings must have; electricity has a highest plausible value."""
    largest = readings.plausible_maximum(plan.context.capacity_mw, resolution)
    return tuple(
        Column.of(parameter, largest=largest if parameter.unit == units.MWH else None)
        for parameter in plan.methodology.monitored(plan.context)
    )


def parse(
    plan: Plan, period: MonitoringPeriod, *, filename: str, data: bytes, resolution: Resolution
) -> ParsedReadings:
    """An uploaded table with every problem and gap. Raises UnreadableFile."""
    return readings.parse_readings(
        readings.read_table(filename, data),
        parameters=columns(plan, resolution),
        period_first=period.first_date,
        period_last=period.last_date,
        resolution=resolution,
        zone=plan.zone,
    )


def gap_row(gap: Gap) -> dict[str, Any]:
    """A gap as it is stored."""
    return {
        "key": gap.key,
        "symbol": gap.symbol,
        "first": gap.first.isoformat(),
        "last": gap.last.isoformat(),
        "missing_count": gap.missing_count,
        "treatment": gap.treatment.value,
    }


def _gap(row: Mapping[str, Any]) -> Gap:
    return Gap(
        symbol=row["symbol"],
        first=datetime.fromisoformat(row["first"]),
        last=datetime.fromisoformat(row["last"]),
        missing_count=row["missing_count"],
        treatment=Treatment(row["treatment"]),
    )


def stored(plan: Plan, file: ReadingsFile) -> ParsedReadings:
    """The readings of a file as the database keeps them."""
    resolution = Resolution(file.resolution)
    kept = file.readings.order_by("at", "symbol").values_list(
        "row_number", "at", "symbol", "value", "unit"
    )
    with units.arithmetic():
        rows = tuple(
            readings.Reading(row, at, symbol, value.normalize(), unit)
            for row, at, symbol, value, unit in kept
        )
    return ParsedReadings(
        rows=rows, problems=(), gaps=tuple(_gap(row) for row in file.gaps),
        columns=columns(plan, resolution), resolution=resolution, problem_count=0,
    )


def difference(
    plan: Plan, before: ReadingsFile | None, resolution: Resolution,
    after: ReadingsImport | ParsedReadings,
) -> list[dict[str, Any]]:
    """What changes with a new file, by parameter; nothing for the first file of a period, or where
    the length of an interval is another.
    """
    if before is None or before.resolution != resolution:
        return []
    due = columns(plan, resolution)
    if before.source and isinstance(after, ReadingsImport):
        return changed.of_series(due, before.source, after)
    if isinstance(after, ReadingsImport):
        return changed.of_values(due, _by_symbol(stored(plan, before).rows),
                                 changed.values_of(after, due))
    old = changed.values_of(before.source, due) if before.source else _by_symbol(
        stored(plan, before).rows
    )
    return changed.of_values(due, old, _by_symbol(after.rows))


def _by_symbol(rows: Sequence[readings.Reading]) -> dict[str, dict[datetime, Decimal]]:
    found: dict[str, dict[datetime, Decimal]] = {}
    for row in rows:
        found.setdefault(row.symbol, {})[row.at] = row.value
    return found


def last_er_date(project: Project) -> date | None:
    """The last day whose reductions count; None under demonstration rules (decisions, 3)."""
    return None if project.is_demonstration else parameters.day("last_reduction_date")


def changed_with(period: MonitoringPeriod) -> int:
    """The version of a post-registration change with a positive opinion that is decided with the
    period's request for issuance; 0 where there is none.
    """
    with_it = Revision.objects.filter(
        period=period, state__in=[State.POSITIVE, State.REQUESTED], design_version__isnull=False
    ).first()
    return with_it.design_version or 0 if with_it else 0


def crediting_of(project: Project, day: date | None = None) -> Period:
    """The days that can be credited: the crediting period in which a day lies, the first one if no
    day is given, and never before registration.

    Raises NotNow for a project that is not registered, and after the last crediting period, with
    what would let monitoring go on.
    """
    found = landing.crediting_periods(project)
    if not found or project.registered_at is None:
        raise NotNow("Monitoring begins with registration.")
    row = found[0] if day is None else next((each for each in found if each.holds(day)), None)
    if row is None:
        raise NotNow(_expired(project, found[-1].last_date, len(found)))
    first = max(row.first_date, project.registered_at.date())
    if first > row.last_date:
        raise NotNow("The crediting period ended before registration.")
    return Period(first, row.last_date)


def _expired(project: Project, last: date, count: int) -> str:
    """Why nothing after the last crediting period can be monitored."""
    ended = f"The crediting period ends on {last:%-d %B %Y}"
    kind = periods.Crediting(project.crediting_kind)
    if kind is periods.Crediting.FIXED:
        return f"{ended}; a fixed crediting period is not renewed."
    if count >= kind.most_periods:
        return f"{ended}; it was renewed {count - 1} times, which is the most."
    return f"{ended}. No later day can be monitored unless its renewal is approved."


def next_first_day(project: Project, previous: Period | None) -> date:
    """The only day on which the next monitoring period may begin. Raises NotNow."""
    return periods.next_first_day(crediting_of(project), previous)


def work_out(plan: Plan, period: MonitoringPeriod, file: ReadingsFile, *, carried: int) -> Result:
    """The reductions of a period, split at the border of the commitment periods.

    Raises Invalid if the engine cannot use a value, PeriodRefused beyond the last day that counts.
    """
    shares = periods.split(period.period, last_er_date=last_er_date(period.project))
    zone = timezone(timedelta(minutes=file.utc_offset_minutes))
    found = _totals(plan, file, shares, zone)
    worked = tuple(_calculation(plan, each) for each in found)
    claimed, shortfall = claims(found, worked, carried)
    return Result(found, worked, claimed, carried, shortfall)


def _totals(
    plan: Plan, file: ReadingsFile, shares: Sequence[periods.Share], zone: timezone
) -> tuple[Totals, ...]:
    if file.source is None:
        return totals.totals(stored(plan, file), shares, zone=zone)
    due = columns(plan, Resolution(file.resolution))
    gaps = [_gap(row) for row in file.gaps]
    return series.totals_of(file.source, due, gaps, shares, zone)


def _calculation(plan: Plan, share: Totals) -> Calculation:
    return plan.methodology.ex_post(
        version=plan.version,
        context=replace(plan.context, commitment_period=share.commitment_period),
        fixed=plan.fixed,
        monitored=share.values,
    )


def claims(
    shares: Sequence[Totals], worked: Sequence[Calculation], carried: int
) -> tuple[dict[str, int], int]:
    """Whole tonnes by commitment period, and the shortfall that is left.

    Where emissions rose instead of falling, later reductions make good for it before anything is
    claimed (unverified, from general knowledge).
    """
    short = carried + sum(each.shortfall for each in worked)
    claimed: dict[str, int] = {}
    for share, each in zip(shares, worked, strict=True):
        gained = max(0, each.reductions)
        made_good = min(gained, short)
        short -= made_good
        claimed[str(share.commitment_period)] = gained - made_good
    return claimed, short


def content(
    plan: Plan, period: MonitoringPeriod, file: ReadingsFile, result: Result
) -> dict[str, Any]:
    """The monitoring report as it is frozen; numbers are text, tonnes whole numbers."""
    accepted = {each.key: each.reason for each in file.accepted_gaps.all()}
    return {
        "project": period.project.reference,
        "rules": period.project.rules,
        "period": period.number,
        "first": period.first_date.isoformat(),
        "last": period.last_date.isoformat(),
        "design_version": plan.design_version,
        "methodology": {"code": plan.methodology.code, "version": plan.version},
        "fixed": dict(plan.fixed_rows),
        "readings": {
            "file_id": file.pk,
            "filename": file.document.filename,
            "sha256": file.document.blob_id,
            "resolution": file.resolution,
            "utc_offset_minutes": file.utc_offset_minutes,
            "reading_count": file.reading_count,
        },
        "treated": file.treated,
        "gaps": [{**gap, "reason": accepted.get(gap["key"], "")} for gap in file.gaps],
        "shares": [
            _share(share, worked)
            for share, worked in zip(result.totals, result.calculations, strict=True)
        ],
        "baseline": units.plain(result.amount("baseline")),
        "project_emissions": units.plain(result.amount("project")),
        "leakage": units.plain(result.amount("leakage")),
        "carried": result.carried,
        "shortfall": result.shortfall,
        "claimed": dict(result.claimed),
    }


def _share(share: Totals, worked: Calculation) -> dict[str, Any]:
    return {
        "commitment_period": share.commitment_period,
        "first": share.period.first.isoformat(),
        "last": share.period.last.isoformat(),
        "values": {symbol: units.plain(value) for symbol, value in share.values.items()},
        "units": dict(share.units),
        "readings": dict(share.readings),
        "filled": dict(share.filled),
        "calculation": worked.as_dict(),
    }

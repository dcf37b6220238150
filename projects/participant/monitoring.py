"""From readings to a monitoring report: what is to be measured, what it comes to, what is claimed.

Everything rests on the frozen design document and on the readings as they are stored, so that the
same record always comes to the same tonnes. Nothing here writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from cdm_portal import parameters
from cdm_portal.values import Period
from projects import queries as landing
from projects.lifecycle import NotNow
from projects.methodologies import gwp, periods, readings, totals, units
from projects.methodologies.base import (
    Calculation,
    Facts,
    Methodology,
    Quantity,
    Table,
    Treatment,
    together,
)
from projects.methodologies.readings import Column, Gap, ParsedReadings, Resolution
from projects.methodologies.surveys import Estimate
from projects.methodologies.totals import Totals
from projects.models import MonitoringPeriod, Project
from projects.participant import design, facts
from projects.participant.instruments import content as instruments
from projects.participant.instruments.content import Applied
from projects.participant.models import DesignVersion, ReadingsFile, ReadingsImport, StatedRows
from projects.participant.series import content as series
from projects.participant.series import difference as changed
from projects.participant.surveys import content as surveyed
from projects.revisions.machine import State
from projects.revisions.models import Revision


@dataclass(frozen=True, slots=True)
class Plan:
    """How a project is monitored, as its frozen design document says."""

    methodology: Methodology[Any]
    version: str
    context: Facts
    fixed: Mapping[str, Quantity]
    fixed_rows: Mapping[str, Any]
    zone: timezone
    design_version: int
    surveyed: Mapping[str, Estimate] = field(default_factory=dict)
    crediting: Period | None = None
    designed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables whose rows are stated for the period."""
        return self.methodology.tables(self.context)

    @property
    def measures(self) -> bool:
        """Whether there are readings to be taken at all."""
        return bool(self.methodology.monitored(self.context))


@dataclass(frozen=True, slots=True)
class Result:
    """What a period comes to: one set of totals and one calculation per share of it.

    `claimed` is in whole tonnes by commitment period; `carried` and `shortfall` are tonnes by which
    emissions rose, before this period and after it. `rows` are those of the tables, by symbol.
    """

    totals: tuple[Totals, ...]
    calculations: tuple[Calculation, ...]
    corrections: tuple[Applied, ...]
    claimed: Mapping[str, int]
    carried: int
    shortfall: int
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def claimed_tonnes(self) -> int:
        """The claim over all commitment periods."""
        return sum(self.claimed.values())

    @property
    def several_sets(self) -> bool:
        """Whether a commitment period has shares under more than one set of potentials."""
        return len(self.totals) > len(self.claimed)

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
    methodology, context = design.methodology_of(content), design.facts_of(content)
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
        surveyed=surveyed.estimates(period, methodology.monitored(context), methodology.scale),
        crediting=design.crediting_of(content),
        designed=(design.expected(content) or [{}])[0],
    )


def columns(plan: Plan, resolution: Resolution) -> tuple[Column, ...]:
    """The columns that a table of readings must have, without what a survey gives; electricity has
    a highest plausible value.
    """
    measured = [
        each for each in plan.methodology.monitored(plan.context)
        if each.symbol not in plan.surveyed
    ]
    return readings.columns_of(measured, resolution, facts.capacity(plan.context))


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
        found = tuple(
            readings.Reading(row, at, symbol, value.normalize(), unit)
            for row, at, symbol, value, unit in kept
        )
    return ParsedReadings(
        rows=found, problems=(), gaps=tuple(_gap(row) for row in file.gaps),
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


def _by_symbol(given: Sequence[readings.Reading]) -> dict[str, dict[datetime, Decimal]]:
    found: dict[str, dict[datetime, Decimal]] = {}
    for row in given:
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


def stated(period: MonitoringPeriod) -> dict[str, StatedRows]:
    """The rows of each table of a period by its symbol, as they were stated last."""
    return {each.symbol: each for each in StatedRows.objects.filter(period=period).order_by("pk")}


def lacks(plan: Plan, period: MonitoringPeriod, file: ReadingsFile | None) -> str:
    """What of the period's data is not there yet, in words; empty when nothing is missing."""
    if file is None and plan.measures:
        return "Upload the readings of the period first."
    known = stated(period)
    missing = [each.symbol for each in plan.tables if each.symbol not in known]
    return f"State the rows of {' and '.join(missing)} first." if missing else ""


def work_out(
    plan: Plan, period: MonitoringPeriod, file: ReadingsFile | None, *, carried: int
) -> Result:
    """The reductions of a period, split at the border of the commitment periods, and where another
    set of global warming potentials begins if one enters the calculation.

    Raises Invalid if the engine cannot use a value, PeriodRefused beyond the last day that counts,
    NotNow while data are missing or where tables hold for other days than the period's.
    """
    if missing := lacks(plan, period, file):
        raise NotNow(missing)
    methodology = facts.in_version(plan.methodology, plan.version)
    shares = periods.split(
        period.period, last_er_date=last_er_date(period.project),
        with_potentials=gwp.enters(methodology.parameters(plan.context)),
    )
    if plan.tables:
        require_whole(plan, shares)
    found, corrected = _totals(plan, period, file, shares)
    known = stated(period)
    given = {each.symbol: known[each.symbol].rows for each in plan.tables}
    worked = tuple(calculation(plan, each, given) for each in found)
    claimed, shortfall = claims(found, worked, carried)
    return Result(found, worked, corrected, claimed, carried, shortfall, given)


def require_whole(plan: Plan, shares: Sequence[periods.Share]) -> None:
    """Pass, or raise NotNow where the rows of a table would hold for the wrong days."""
    if len(shares) > 1:
        raise NotNow(
            "The rows of a table hold for the whole period, which two sets of rules share: end it "
            f"on {shares[0].period.last:%-d %B %Y}."
        )
    due = facts.crediting_year(plan.crediting, shares[0].period.first)
    if due and facts.asks_for(plan.methodology, "year") and shares[0].period != due:
        raise NotNow(
            f"{plan.methodology.code} works out the methane of whole years of crediting: the "
            f"period has to be {due.first:%-d %B %Y} to {due.last:%-d %B %Y}."
        )


def _totals(
    plan: Plan, period: MonitoringPeriod, file: ReadingsFile | None,
    shares: Sequence[periods.Share],
) -> tuple[tuple[Totals, ...], tuple[Applied, ...]]:
    """The totals with what surveys give, corrected for late calibrations; and those corrections."""
    monitored = plan.methodology.monitored(plan.context)
    if file is None:
        bare = tuple(
            Totals(each.period, each.commitment_period, each.potentials, {}, {}, {}, {})
            for each in shares
        )
        return surveyed.merged(bare, plan.surveyed, monitored), ()
    zone = timezone(timedelta(minutes=file.utc_offset_minutes))
    due = columns(plan, Resolution(file.resolution))
    measure = _measure(plan, file, zone)
    found = measure(due, shares)
    late = instruments.corrections(period, due, Resolution(file.resolution))
    made = instruments.applied(late, due, found, measure)
    corrected = instruments.corrected(found, made)
    return surveyed.merged(corrected, plan.surveyed, monitored), made


def _measure(plan: Plan, file: ReadingsFile, zone: timezone) -> instruments.Measure:
    """How the readings of a file are summed."""
    gaps = [_gap(row) for row in file.gaps]
    source = file.source
    if source is not None:
        return lambda due, shares: series.totals_of(source, due, gaps, shares, zone)
    kept = stored(plan, file)

    def measure(due: Sequence[Column], shares: Sequence[periods.Share]) -> tuple[Totals, ...]:
        asked = {column.symbol for column in due}
        rows = tuple(each for each in kept.rows if each.symbol in asked)
        return totals.totals(replace(kept, columns=tuple(due), rows=rows), shares, zone=zone)

    return measure


def calculation(
    plan: Plan, share: Totals, given: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> Calculation:
    """What a share and the rows given come to, with the potentials of its days. Raises Invalid."""
    year = facts.year_of(plan.crediting, share.period.first)
    potentials = share.potentials or share.commitment_period
    return plan.methodology.ex_post(
        version=plan.version,
        context=facts.on(plan.context, commitment_period=potentials, year=year),
        fixed=plan.fixed,
        monitored={**share.values, **(given or {})},
    )


def claims(
    shares: Sequence[Totals], worked: Sequence[Calculation], carried: int
) -> tuple[dict[str, int], int]:
    """Whole tonnes by commitment period, and the shortfall that is left.

    Shares of one commitment period are issued together, so they are rounded down together. Where
    emissions rose instead of falling, later reductions make good for it before anything is claimed
    (unverified, from general knowledge).
    """
    parts: dict[str, list[Calculation]] = {}
    for share, each in zip(shares, worked, strict=True):
        parts.setdefault(str(share.commitment_period), []).append(each)
    whole = {key: together(found)[1] for key, found in parts.items()}
    short = carried + sum(max(0, -tonnes) for tonnes in whole.values())
    claimed: dict[str, int] = {}
    for key, tonnes in whole.items():
        gained = max(0, tonnes)
        made_good = min(gained, short)
        short -= made_good
        claimed[key] = gained - made_good
    return claimed, short

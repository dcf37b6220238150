"""Slices into ratios: medians of one run over each other, with the spread over its rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks import variants as v
from tests.benchmarks.drivers import Slice

HEAD = "variant            clients   sales/s     p50 µs     p99 µs  fsyncs   WAL B  CPU µs  caller"
Figure = Callable[[Slice], float]


def line(one: Slice) -> str:
    """One slice as a row under HEAD."""
    caller = "" if one.caller_cpu_per_sale is None else f"{one.caller_cpu_per_sale:8.0f}"
    return (
        f"{one.variant:<18} {one.clients:>7} {one.rate:>9.0f} {one.p50:>10.0f} {one.p99:>10.0f}"
        f" {one.fsyncs_per_sale:>7.2f} {one.wal_per_sale:>7.0f} {one.cpu_per_sale:>7.0f}{caller}"
    )


def rate(one: Slice) -> float:
    """Sales per second."""
    return one.rate


def cpu(one: Slice) -> float:
    """Processor time of the backends per sale, in microseconds."""
    return one.cpu_per_sale


def wal(one: Slice) -> float:
    """Bytes of WAL per sale."""
    return one.wal_per_sale


def fsyncs(one: Slice) -> float:
    """Flushes of the WAL per sale."""
    return one.fsyncs_per_sale


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted of a variant's figure, or of its ratio to another variant's."""

    title: str
    figure: Figure
    of: str
    clients: int
    to: str = ""
    least: float | None = None
    most: float | None = None


TARGETS = (
    Target("cancel, backend CPU ÷ bare hot", cpu, v.FUNCTION, 1, v.HOT, most=1.35),
    Target("settle 50, backend CPU ÷ bare hot", cpu, v.SETTLED, 1, v.HOT, most=1.35),
    Target("cancel, WAL bytes", wal, v.FUNCTION, 1, most=1600),
    Target("cancel ÷ bare hot, sales/s", rate, v.FUNCTION, 1, v.HOT, least=0.85),
    Target("cancel ÷ bare hot, sales/s", rate, v.FUNCTION, 8, v.HOT, least=0.85),
    Target("early lock release, fsyncs", fsyncs, v.EARLY, 8, most=0.5),
    Target("early lock release, fsyncs", fsyncs, v.EARLY, 32, most=0.25),
    Target("early ÷ plain, sales/s", rate, v.EARLY, 8, v.FUNCTION, least=1.9),
    Target("early ÷ plain, sales/s", rate, v.EARLY, 32, v.FUNCTION, least=4),
    Target("settle 50 ÷ cancel, sales/s", rate, v.SETTLED, 1, v.FUNCTION, least=8),
    Target("Django verb ÷ pgbench, sales/s", rate, v.VERB, 1, v.FUNCTION, least=0.6),
    Target("Django verb ÷ pgbench, sales/s", rate, v.VERB, 8, v.FUNCTION, least=0.9),
    Target("Django service ÷ pgbench, sales/s", rate, v.SERVICE, 8, v.FUNCTION, least=0.9),
    Target("Django verb ÷ ORM, sales/s", rate, v.VERB, 8, v.ORM, least=18),
    Target("Django verb ÷ django-hordak, sales/s", rate, v.VERB, 1, v.PEER, least=4),
    Target("Django verb ÷ django-hordak, sales/s", rate, v.VERB, 8, v.PEER, least=6),
    Target("Django service ÷ django-hordak, sales/s", rate, v.SERVICE, 1, v.PEER, least=4),
    Target("Django service ÷ django-hordak, sales/s", rate, v.SERVICE, 8, v.PEER, least=6),
    Target("Django early ÷ django-hordak, sales/s", rate, v.EARLY_SERVICE, 8, v.PEER, least=6),
    Target("sealing on ÷ off, sales/s", rate, v.SEALED, 8, v.FUNCTION, least=0.97),
)
"""design/ledger.md, 16, and the issue's "Done when" 5."""


def ratios(done: Sequence[Slice]) -> list[dict[str, object]]:
    """Every target that this run measured: median, lowest and highest over the rounds, verdict."""
    return [row for target in TARGETS if (row := _judge(target, done)) is not None]


def _judge(target: Target, done: Sequence[Slice]) -> dict[str, object] | None:
    of = [target.figure(s) for s in _of(done, target.of, target.clients)]
    to = [target.figure(s) for s in _of(done, target.to, target.clients)] if target.to else []
    if not of or (target.to and not to):
        return None
    value = median(of) / median(to) if to else median(of)
    rounds = [a / b for a, b in zip(of, to, strict=False)] if to else of
    reached = (target.least is None or value >= target.least) and (
        target.most is None or value <= target.most
    )
    wanted = f"≥ {target.least}" if target.least is not None else f"≤ {target.most}"
    return {
        "target": target.title, "clients": target.clients, "wanted": wanted, "value": value,
        "lowest": min(rounds), "highest": max(rounds), "reached": reached,
    }  # fmt: skip


def _of(done: Sequence[Slice], name: str, clients: int) -> list[Slice]:
    return [one for one in done if (one.variant, one.clients) == (name, clients)]


def lines(done: Sequence[Slice]) -> Iterator[str]:
    """The medians of every variant, then the targets."""
    yield f"\nMedians\n{HEAD}"
    for name, clients in dict.fromkeys((one.variant, one.clients) for one in done):
        yield line(_middle(_of(done, name, clients)))
    yield "\nTargets                                    clients   wanted    median  (rounds)"
    for row in ratios(done):
        verdict = "reached" if row["reached"] else "NOT REACHED"
        yield (
            f"{row['target']:<42} {row['clients']:>7} {row['wanted']:>8} {row['value']:>9.2f}"
            f"  ({row['lowest']:.2f} to {row['highest']:.2f})  {verdict}"
        )


def _middle(group: Sequence[Slice]) -> Slice:
    """A slice of the medians of each figure."""
    callers = [s.caller_cpu_per_sale for s in group if s.caller_cpu_per_sale is not None]
    return Slice(
        variant=group[0].variant, clients=group[0].clients, sales=sum(s.sales for s in group),
        rate=median(map(rate, group)), p50=median(s.p50 for s in group),
        p99=median(s.p99 for s in group), fsyncs_per_sale=median(map(fsyncs, group)),
        wal_per_sale=median(map(wal, group)), cpu_per_sale=median(map(cpu, group)),
        caller_cpu_per_sale=median(callers) if callers else None,
    )  # fmt: skip

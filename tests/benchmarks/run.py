"""The run: variants interleaved A B C … C B A, the books verified after every slice."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from cdm_portal.runtime.places import ROOT
from tests.benchmarks import facts, report
from tests.benchmarks.cluster import Ground, ground, wrong
from tests.benchmarks.drivers import (
    Length,
    Slice,
    python_environment,
    slice_of,
    statements_per_call,
)
from tests.benchmarks.variants import ALL, PEER, Variant

Say = Callable[[str], object]


def bench(
    say: Say, *, rounds: int, clients: Sequence[int], seconds: float, out: Path | None,
    only: Sequence[str] = (),
) -> bool:  # fmt: skip
    """Measure, print, write JSON lines; answers whether every slice left the books right."""
    variants = [one for one in ALL if (not only or one.name in only) and _installed(one, say)]
    done: list[Slice] = []
    with tempfile.TemporaryDirectory(prefix="cdm-bench-") as home, ground(Path(home)) as place:
        if peer := next((one for one in variants if one.name == PEER), None):
            _prepare_hordak(place, peer)
        machine = facts.of(place)
        say(json.dumps(machine))
        for variant in variants:
            count = statements_per_call(place, variant)
            say(f"{variant.name:<18} {count} statements per call: {variant.title}")
            _keep(out, {"machine": machine, "variant": variant.name, "statements": count})
        say(report.HEAD)
        for variant, count in _order(variants, clients, rounds):
            one = slice_of(place, variant, count, Length(seconds))
            if faults := wrong(place):
                say(f"After {variant.name} the books are wrong:\n" + "\n".join(faults))
                return False
            done.append(one)
            say(report.line(one))
            _keep(out, {"machine": machine, **asdict(one)})
    for text in report.lines(done):
        say(text)
    _keep(out, {"machine": machine, "targets": report.ratios(done)})
    return True


def _installed(variant: Variant, say: Say) -> bool:
    """Whether it can run here; django-hordak is no requirement of the portal."""
    if variant.name != PEER or importlib.util.find_spec("hordak") is not None:
        return True
    say("django-hordak is not installed here: left out.")
    return False


def _order(
    variants: Sequence[Variant], clients: Sequence[int], rounds: int
) -> Iterator[tuple[Variant, int]]:
    """There and back again: what came first in one round comes last in the next, so that neither a
    machine that warms up nor tables that grow favour anybody."""
    for number in range(rounds):
        way = variants if number % 2 == 0 else list(reversed(variants))
        for count in clients:
            for variant in way:
                yield variant, count


def _prepare_hordak(place: Ground, variant: Variant) -> None:
    place.ask(f"CREATE DATABASE {variant.database} OWNER cdm_owner")
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.hordak_sales"], check=True, cwd=ROOT,
        env=python_environment(place, variant),
    )  # fmt: skip


def _keep(out: Path | None, row: dict[str, object]) -> None:
    if out is not None:
        with out.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")

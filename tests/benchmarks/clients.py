"""The callers of one slice that are Python: so many processes, one connection each, all at once.

Run as `python -m tests.benchmarks.clients` with a JSON order on standard input; answers JSON. A
process of its own, since django-hordak needs other settings than the portal.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from typing import Any

Sale = Callable[[], object]


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Fork, let everybody connect and sell once, start together, stop at the deadline."""
    django = importlib.import_module("django")
    os.environ["DJANGO_SETTINGS_MODULE"] = order["settings"]
    django.setup()
    make = getattr(importlib.import_module("tests.benchmarks." + order["module"]), order["sale"])
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(order["clients"])
    ends = []
    for _ in range(order["clients"]):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_sell, args=(make, order, gate, theirs))
        child.start()
        theirs.close()
        ends.append((child, ours))
    told = []
    for child, end in ends:
        told.append(end.recv())
        child.join()
    return {
        "latencies": sorted(latency for one in told for latency in one["latencies"]),
        "rate": sum(one["rate"] for one in told),
        "warm": sum(one["warm"] for one in told),
        "caller_cpu": sum(one["cpu"] for one in told),
        "errors": [error for one in told for error in one["errors"]],
    }


def _sell(make: Callable[..., Sale], order: dict[str, Any], gate: Any, end: Any) -> None:
    try:
        end.send(_sold(make(order["lots"]), order["seconds"], gate))
    except Exception as error:
        end.send({"latencies": [], "rate": 0.0, "warm": 0, "cpu": 0.0,
                  "errors": [f"{type(error).__name__}: {error}"]})  # fmt: skip
        gate.abort()
    finally:
        importlib.import_module("django.db").connections.close_all()
        end.close()


def _sold(sale: Sale, seconds: float, gate: Any) -> dict[str, Any]:
    """Sell until the time is over, after one sale that warms up. Raises what a sale raises."""
    sale()
    latencies: list[float] = []
    gate.wait(timeout=60)
    cpu, begin = time.process_time(), time.perf_counter()
    last, deadline = begin, begin + seconds
    while last < deadline:
        sale()
        now = time.perf_counter()
        latencies.append(now - last)
        last = now
    cpu = time.process_time() - cpu
    rate = len(latencies) / (last - begin)
    return {"latencies": latencies, "rate": rate, "warm": 1, "cpu": cpu, "errors": []}


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)

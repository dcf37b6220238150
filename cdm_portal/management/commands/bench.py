"""`manage.py bench registry`: how fast the ledger sells, beside what it could be compared with;
`manage.py bench readings`: how long a year of minutes takes, and ten years.
"""

import importlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Run the harness of tests/benchmarks on a private, durable PostgreSQL."""

    help = "Measure the registry on a private cluster; print ratios, write JSON lines."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is measured, how long, how often, with how many at once."""
        parser.add_argument("what", choices=["registry", "readings"])
        parser.add_argument("--rounds", type=int, default=4)
        parser.add_argument("--clients", type=_counts, default=[1, 8, 32], metavar="1,8,32")
        parser.add_argument("--seconds", type=int, default=2, help="length of a slice")
        parser.add_argument("--only", default="", help="names of variants, with commas between")
        parser.add_argument("--out", type=Path, help="a file to which JSON lines are added")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 if any slice left the books wrong: such a speed does not count."""
        try:
            if options["what"] == "readings":
                readings = importlib.import_module("tests.benchmarks.readings")
                readings.bench(self.stdout.write, out=options["out"])
                return
            harness = importlib.import_module("tests.benchmarks.run")
        except ModuleNotFoundError as missing:
            raise CommandError(
                "The harness is in tests/, which is not installed here."
            ) from missing
        only = [name.strip() for name in options["only"].split(",") if name.strip()]
        right = harness.bench(
            self.stdout.write,
            rounds=options["rounds"],
            clients=options["clients"],
            seconds=options["seconds"],
            out=options["out"],
            only=only,
        )
        if not right:
            raise CommandError("A slice left the books wrong.")


def _counts(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]

"""`manage.py bench registry`: how fast the ledger sells, beside what it could be compared with;
`manage.py bench readings`: how long a year of minutes takes, and ten years;
`manage.py bench pages`: what kept public pages and a checkout cost beside an empty view;
`manage.py bench lighthouse`: what Lighthouse says of five pages as production serves them.
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
        parser.add_argument("what", choices=["registry", "readings", "pages", "lighthouse"])
        parser.add_argument("--rounds", type=int, default=4)
        parser.add_argument("--clients", type=_counts, default=[1, 8, 32], metavar="1,8,32")
        parser.add_argument("--seconds", type=int, default=2, help="length of a slice")
        parser.add_argument("--only", default="", help="names of variants, with commas between")
        parser.add_argument("--lighthouse", default="", metavar="FILE", help="its program")
        parser.add_argument("--runs", type=int, default=1, help="Lighthouse's, of each page")
        parser.add_argument("--out", type=Path, help="a file to which JSON lines are added")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 if any slice left the books wrong: such a speed does not count."""
        measure = {
            "readings": self._plain, "pages": self._plain, "lighthouse": self._lighthouse,
        }
        try:
            measure.get(options["what"], self._registry)(options)
        except ModuleNotFoundError as missing:
            raise CommandError(
                "The harness is in tests/, which is not installed here."
            ) from missing

    def _plain(self, options: dict[str, Any]) -> None:
        harness = importlib.import_module(f"tests.benchmarks.{options['what']}")
        harness.bench(self.stdout.write, out=options["out"])

    def _lighthouse(self, options: dict[str, Any]) -> None:
        harness = importlib.import_module("tests.benchmarks.lighthouse")
        if not harness.bench(self.stdout.write, options["lighthouse"], options["runs"]):
            raise CommandError("A page is below its mark.")

    def _registry(self, options: dict[str, Any]) -> None:
        harness = importlib.import_module("tests.benchmarks.run")
        right = harness.bench(
            self.stdout.write,
            rounds=options["rounds"],
            clients=options["clients"],
            seconds=options["seconds"],
            out=options["out"],
            only=[name.strip() for name in options["only"].split(",") if name.strip()],
        )
        if not right:
            raise CommandError("A slice left the books wrong.")


def _counts(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]

"""`manage.py reconcile`: do the books balance? Exit 1, and the offending rows, if not.

`--money` asks it of orders, money and certificates instead of units. On the roof, since the two
books lie on different storeys.
"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cdm_portal import clock
from offsets import invariants as money
from registry import actions, reconciling


class Command(BaseCommand):
    """Run every check in plain SQL, as a role that cannot write, and say what does not hold."""

    help = "Check that the books balance; exit 1 and print the offending rows if they do not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is checked, for whom it is printed, and whether the result is kept."""
        parser.add_argument("--money", action="store_true", help="orders, money and certificates")
        parser.add_argument("--json", action="store_true", help="for programs, with all totals")
        parser.add_argument(
            "--no-store", action="store_true", help="write nothing: no result, no freeze"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One run. Units: the result is kept and what disagrees is frozen, unless `--no-store`."""
        wrong = self._money(options) if options["money"] else self._units(options)
        if wrong:
            sys.exit(1)

    def _units(self, options: dict[str, Any]) -> int:
        at = clock.now()
        if not options["no_store"]:
            actions.reconcile(at=at)
        found = reconciling.check(settings.HEADS_FILE)
        if options["json"]:
            self.stdout.write(json.dumps(reconciling.as_json(found, at), indent=1))
            return len(found.problems)
        broken = {problem["code"]: problem["rows"] for problem in found.problems}
        for check in reconciling.CHECKS:
            self.stdout.write(
                f"{'WRONG' if check.code in broken else 'holds'}  {check.code}  {check.title}"
            )
            for row in broken.get(check.code, ()):
                self.stdout.write("         " + "  ".join(f"{k}={v}" for k, v in row.items()))
        self.stdout.write(f"Units: {reconciling.summary(found)}.")
        self._end(len(broken), len(reconciling.CHECKS))
        return len(broken)

    def _money(self, options: dict[str, Any]) -> int:
        found = [str(problem) for problem in money.problems()]
        if options["json"]:
            self.stdout.write(json.dumps({"checks": len(money.RULES), "problems": found}))
            return len(found)
        for problem in found:
            self.stdout.write(f"WRONG  {problem}")
        self._end(len(found), len(money.RULES))
        return len(found)

    def _end(self, wrong: int, checks: int) -> None:
        self.stdout.write(
            f"{wrong} of {checks} checks do not hold." if wrong else "The books balance."
        )

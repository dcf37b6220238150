"""`manage.py calculate CODE --inputs FILE.json`: a methodology or tool, JSON in and JSON out.

With `--readings FILE` what is metered comes from a table of readings, checked as the portal does.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import OperationalError

from cdm_portal import clock
from cdm_portal.refusals import Invalid
from projects.methodologies import catalogue, codec, validity
from projects.methodologies.base import Calculable
from projects.methodologies.series import asked as readings
from projects.reference import taking

UNUSABLE = 2
"""The exit code of everything that is refused."""


class Command(BaseCommand):
    """Calculate and keep nothing. The database is asked for published grid factors alone."""

    help = (
        "Calculate a methodology or a tool from the JSON of a file (- for standard input): "
        '{"version": …, "facts": {…}, "inputs": {…}}. What cannot be used is named on standard '
        "error, one line each, with exit code 2. With --readings the JSON also has the period and "
        'how the table is read: "readings": {"resolution": "hour"}. An input may be a published '
        'grid factor, as {"grid_factor": 12}; nothing else is looked up, so that `on` is held '
        "against the days of versions that the code ships."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is calculated, from which file, and what is shown of it."""
        parser.add_argument("code", nargs="?", metavar="CODE", help="as ACM0002 or TOOL07")
        parser.add_argument("--inputs", metavar="FILE.json", help="- reads standard input")
        parser.add_argument(
            "--readings", metavar="FILE", help="a table of what is metered: CSV, XLSX or Parquet"
        )
        shown = parser.add_mutually_exclusive_group()
        shown.add_argument("--explain", action="store_true", help="every step as lines of text")
        shown.add_argument(
            "--describe",
            action="store_true",
            help="what it asks for; with --inputs, what those facts ask for",
        )
        shown.add_argument("--list", action="store_true", help="what is built, and what is not")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer, or name what is wrong and exit with 2."""
        try:
            with validity.as_shipped():
                for line in _answer(options):
                    self.stdout.write(line)
        except Invalid as refusal:
            self._refuse(codec.lines(refusal))
        except OperationalError as fault:
            self._refuse([f"grid_factor: the database does not answer: {fault}"])
        except OSError as fault:
            self._refuse([f"{fault.filename}: {fault.strerror or fault}"])

    def _refuse(self, lines: list[str]) -> NoReturn:
        for line in lines:
            self.stderr.write(" ".join(line.split()))
        sys.exit(UNUSABLE)


def _answer(options: dict[str, Any]) -> Iterator[str]:
    if options["list"]:
        yield from _listed()
        return
    if not options["code"]:
        raise Invalid.of("", "Name a methodology or tool, or ask for --list.")
    calculable = catalogue.get(options["code"])
    if options["describe"]:
        yield _json(_described(calculable, options["inputs"]))
        return
    if not options["inputs"]:
        raise Invalid.of(
            "", f"Give --inputs FILE.json; --describe says what {calculable.code} asks for."
        )
    given, metered = _read(options["inputs"]), None
    if options["readings"]:
        path = Path(options["readings"])
        given, metered = readings.with_readings(
            calculable.code, given, path.name, readings.read_file(path)
        )
    taken = taking.resolved(given, clock.today()) if taking.is_named(given) else None
    asked = codec.from_json(calculable.code, taken.asked if taken else given)
    cited = [each.cited for each in taken.factors] if taken else []
    yield from _worked(asked, metered, cited, options)


def _worked(
    asked: codec.Asked, metered: readings.Metered | None, cited: list[str],
    options: dict[str, Any],
) -> Iterator[str]:
    if options["explain"]:
        yield from metered.lines() if metered else ()
        yield from (*asked.explained(), *cited)
    else:
        beside = {"readings": metered.as_dict()} if metered else {}
        yield _json(asked.answer() | beside | ({"grid_factors": cited} if cited else {}))


def _described(calculable: Calculable[Any], file: str | None) -> dict[str, Any]:
    if not file:
        return codec.describe(calculable)
    return codec.described(calculable.code, _read(file))


def _read(file: str) -> Any:
    return codec.loads(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, indent=2, ensure_ascii=False)


def _listed() -> Iterator[str]:
    for kind, built in (("methodology", catalogue.methodologies()), ("tool", catalogue.tools())):
        for each in built:
            versions = ", ".join(version.version for version in each.versions)
            yield f"{each.code}  {kind}  versions {versions}  {each.title}"
    for code in catalogue.not_built():
        yield f"{code}  not built"

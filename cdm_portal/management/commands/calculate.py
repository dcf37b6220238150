"""`manage.py calculate CODE --inputs FILE.json`: a methodology or tool, JSON in and JSON out."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from cdm_portal.refusals import Invalid
from projects.methodologies import catalogue, codec
from projects.methodologies.base import Calculable

UNUSABLE = 2
"""The exit code of everything that is refused."""


class Command(BaseCommand):
    """Calculate; ask no database and keep nothing."""

    help = (
        "Calculate a methodology or a tool from the JSON of a file (- for standard input): "
        '{"version": …, "facts": {…}, "inputs": {…}}. What cannot be used is named on standard '
        "error, one line each, with exit code 2."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is calculated, from which file, and what is shown of it."""
        parser.add_argument("code", nargs="?", metavar="CODE", help="as ACM0002 or TOOL07")
        parser.add_argument("--inputs", metavar="FILE.json", help="- reads standard input")
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
            for line in _answer(options):
                self.stdout.write(line)
        except Invalid as refusal:
            self._refuse(codec.lines(refusal))
        except OSError as fault:
            self._refuse([f"{options['inputs']}: {fault.strerror or fault}"])

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
    asked = codec.from_json(calculable.code, _read(options["inputs"]))
    if options["explain"]:
        yield from asked.explained()
    else:
        yield _json(asked.answer())


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

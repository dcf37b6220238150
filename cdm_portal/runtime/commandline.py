"""`manage.py`: two commands of its own, and Django's, all in one environment."""

import importlib
import os
import sys
from pathlib import Path

from cdm_portal.runtime import embedded, environment, pytest_command, status, supervisor
from cdm_portal.runtime.errors import CannotRun
from cdm_portal.runtime.places import DEFAULT_DATA

HELP = """\
The portal's own commands (each makes its virtual environment first):
  up       serve the portal: database, broker, web, worker and beat under one supervisor
           --port N  --data DIR  --no-demo  --reset [--yes]
  test     run pytest with throw-away servers; arguments go to pytest (replaces Django's own)
           --full  every campaign at its full size
  status   what runs, since when, and what waits

Every other command is Django's or the portal's. It uses the servers of the running portal, or
starts them for its own duration; --data DIR names another data directory than .cdm.
"""


def main(argv: list[str]) -> int:
    """Run one command; answers its exit code (2: it could not run, and said why)."""
    try:
        return _dispatch(argv)
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _dispatch(argv: list[str]) -> int:
    command = argv[1] if len(argv) > 1 else "help"
    if command == "up":
        options = supervisor.options(argv[2:])
        environment.enter(environment.RUNTIME_LOCK, argv)
        return supervisor.up(options)
    if command == "test":
        environment.enter(environment.DEV_LOCK, argv)
        return pytest_command.run(argv[2:])
    environment.enter_if_any(argv)
    return _manage(command, argv)


def _manage(command: str, argv: list[str]) -> int:
    """Hand a command to Django, with servers around it and the right role in front of them."""
    asks_help = command in ("help", "--help", "-h") and len(argv) <= 2
    if asks_help:
        print(HELP)
    arguments, home = take_data(argv)
    if command == "status" and not status.reachable(home):
        print(f"Nothing runs on {home}.")
        return 1
    if {"--help", "-h", "--version"} & set(argv) or asks_help:
        command = "help"
    with embedded.for_command(command, home):
        os.environ.update(embedded.as_owner(command, os.environ))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdm_portal.settings")
        os.environ["CDM_HOME"] = str(home)
        importlib.import_module("django.core.management").execute_from_command_line(arguments)
    return 0


def take_data(argv: list[str]) -> tuple[list[str], Path]:
    """The arguments less `--data DIR`, and that folder (`.cdm` beside `manage.py` by default)."""
    rest, home = [], DEFAULT_DATA
    words = iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if name != "--data":
            rest.append(word)
            continue
        value = value if equals else next(words, "")
        if not value:
            raise CannotRun("--data needs a folder.")
        home = Path(value).expanduser().resolve()
    return rest, home

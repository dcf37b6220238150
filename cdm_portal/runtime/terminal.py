"""What a run shows: its own lines, and each child's log lines behind the child's name."""

import os
import sys
from dataclasses import dataclass, field

from cdm_portal.runtime.processes import Child

COLOURS = {"postgres": 34, "redis": 35, "web": 32, "worker": 33, "signer": 31, "beat": 36}
# What only the log files tell: routine that would push the address and the logins off the screen.
HIDDEN = {
    "worker": " INFO celery.", "signer": " INFO celery.", "beat": " INFO celery.",
    "postgres": " LOG:  checkpoint ",
}  # fmt: skip
BURST = 1_000_000  # bytes of one log shown at a time


def say(text: str) -> None:
    """One line of the run's own, at once."""
    print(text, flush=True)


def say_of(name: str, line: str) -> None:
    """One line of a child's, behind its name; coloured on a terminal that wants it."""
    prefix = f"{name:>8} | "
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        prefix = f"\033[{COLOURS.get(name, 37)}m{prefix}\033[0m"
    say(prefix + line)


@dataclass
class Tail:
    """Follows the log of one child. Children write their files themselves, so that a log is
    whole even when the run is killed."""

    child: Child
    position: int = field(init=False)
    rest: bytes = b""

    def __post_init__(self) -> None:
        self.position = self.child.log_start

    def show(self) -> None:
        """Print the whole lines written since the last call."""
        with self.child.log.open("rb") as log:
            log.seek(self.position)
            written = log.read(BURST)
        self.position += len(written)
        *lines, self.rest = (self.rest + written).split(b"\n")
        hidden = HIDDEN.get(self.child.name, "\0")
        for line in (line.decode("utf-8", "replace").rstrip() for line in lines):
            if line and hidden not in line:
                say_of(self.child.name, line)

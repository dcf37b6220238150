"""When a dead child is started again, and when not any more."""

from dataclasses import dataclass, field

FIRST_DELAY = 1.0  # seconds; doubles with every death in a row
LONGEST_DELAY = 30.0
STEADY = 60.0  # seconds up after which a death counts as the first again
WINDOW = 120.0
DEATHS_ALLOWED = 4  # within the window; one more and the run gives up


@dataclass
class Restarts:
    """The deaths of one child; times in seconds of any clock that only goes forward."""

    in_a_row: int = 0
    deaths: list[float] = field(default_factory=list)

    def after_death(self, *, started: float, died: float) -> float | None:
        """Seconds to wait before the next start; None to give up."""
        self.in_a_row = 1 if died - started >= STEADY else self.in_a_row + 1
        self.deaths = [at for at in self.deaths if died - at < WINDOW] + [died]
        if len(self.deaths) > DEATHS_ALLOWED:
            return None
        return min(FIRST_DELAY * (1 << self.in_a_row - 1), LONGEST_DELAY)

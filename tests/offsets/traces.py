"""Where a name or an address that nobody made public could have been left, and whether it was.

`found` looks at everything that is kept for ever or leaves the house: a dump of the ledger, the
sealed log and the journal by PostgreSQL's own tool, the tables of waiting mails and notices, the
broker with what waits in it, logs, and what pages and the API answer to everybody else. A fault or
kill test calls it at its end with the names that it seeded.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import redis
from django.db import connection

from cdm_portal.runtime import postgres

FOR_EVER = ("registry_*", "journal_*", "notices_*", "offsets_receipt", "offsets_datalink",
            "offsets_refundnote", "offsets_providerevent", "offsets_moneyentry", "offsets_nameseal",
            "offsets_cancelledentry", "offsets_bankstatement", "offsets_bankentry",
            "offsets_bankmatch")
"""Tables in which nobody is named who did not wish so: the ledger and its leaves, the journal, what
waits to be mailed or told, money, credits of the bank, and the public record. Left out are the
order, the print of its certificate and the payer of a transfer: from there the name is erased."""
BASE64 = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")


def found(
    texts: Iterable[str], *, broker: str = "", logs: str = "", answers: Mapping[str, str] = {},
) -> list[str]:
    """The places where one of the texts stands: empty is what a test wants.

    `broker` is the address of a Redis, `logs` what was logged, `answers` by their address or name
    what was answered to those who may not know.
    """
    wanted = [text.casefold() for text in texts]
    places = {"log": logs, **answers, **dump(FOR_EVER)}
    if broker:
        places |= {f"broker {key}": text for key, text in waiting(broker)}
    return sorted(
        f"{where}: {text}" for where, told in places.items()
        for text in wanted if text in told.casefold()
    )


def dump(names: Iterable[str]) -> dict[str, str]:
    """The rows of tables as pg_dump writes them, by table; bytes are read as text too."""
    to = connection.get_connection_params()
    program = str(postgres.programs()[1] / "pg_dump")
    command = [program, "--data-only", "--no-owner", "-d", to["dbname"], "-h",
               to["host"], "-p", str(to.get("port") or 5432), "-U", to["user"],
               *(f"--table=public.{name}" for name in names)]
    done = subprocess.run(
        command, capture_output=True, check=True, env={"PGPASSWORD": to.get("password") or ""},
    )
    told = done.stdout.decode()
    parts = re.split(r"^COPY public\.(\w+) .*$", told, flags=re.MULTILINE)
    assert len(parts) > 20, "the dump has tables in it"
    tables = zip(parts[1::2], parts[2::2], strict=True)
    return {name: rows + _unhexed(rows) for name, rows in tables}


def _unhexed(rows: str) -> str:
    return " ".join(
        bytes.fromhex(each).decode("utf-8", "replace")
        for each in re.findall(r"\\\\x((?:[0-9a-f]{2})+)", rows)
    )


def dumped(text: str) -> list[str]:
    """The tables of the whole database in which a text stands, in this transaction's eyes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted(name for (name,) in cursor.fetchall())
        held = []
        for table in tables:
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" t WHERE position(%s in lower(t::text)) > 0)',
                [text.lower()],
            )
            held += [table] * cursor.fetchone()[0]
    return held


def waiting(broker: str) -> Iterator[tuple[str, str]]:
    """Every key of a Redis with what it holds; what the messages carry as base64 is read too."""
    line = redis.Redis.from_url(broker.replace("redis+socket://", "unix://", 1))
    for key in line.scan_iter():
        kind = line.type(key).decode()
        held = {
            "string": lambda k: [line.get(k)], "list": lambda k: line.lrange(k, 0, -1),
            "set": line.smembers, "zset": lambda k: line.zrange(k, 0, -1),
            "hash": lambda k: [x for pair in line.hgetall(k).items() for x in pair],
        }[kind](key)
        raw = b" ".join(held)
        yield key.decode("utf-8", "replace"), (raw + _decoded(raw)).decode("utf-8", "replace")
    line.close()


def _decoded(raw: bytes) -> bytes:
    made = b""
    for each in BASE64.findall(raw):
        try:
            made += b" " + base64.b64decode(each)
        except binascii.Error:
            continue
    return made


class _Kept(logging.Handler):
    """Everything that is logged, with its traceback, as text."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))


@contextmanager
def logged() -> Iterator[list[str]]:
    """What every logger says meanwhile, those that do not pass it on too."""
    handler, root = _Kept(), logging.getLogger()
    loggers = [root, *(logging.getLogger(n) for n in list(root.manager.loggerDict))]
    chosen = [each for each in loggers if each is root or not each.propagate]
    levels = {each: each.level for each in chosen}
    for each in chosen:
        each.addHandler(handler)
        each.setLevel(min(each.level or logging.INFO, logging.INFO))
    try:
        yield handler.lines
    finally:
        for each in chosen:
            each.removeHandler(handler)
            each.setLevel(levels[each])


def text_of(*files: Path) -> str:
    """What stands in some log files, for processes of their own."""
    return "\n".join(each.read_text(errors="replace") for each in files if each.exists())

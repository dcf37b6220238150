"""A database role that could write the ledger past its verbs is refused at the start."""

from __future__ import annotations

import subprocess
import sys

import psycopg2
import pytest

from cdm_portal.runtime.places import ROOT
from tests.runtime import production

START = {
    "web": ["-c", "import cdm_portal.wsgi"],
    "worker": ["-m", "celery", "-A", "cdm_portal.celery", "worker", "-c", "1"],
    "beat": ["-m", "celery", "-A", "cdm_portal.celery", "beat", "--pidfile", "",
             "--schedule", "{folder}/timetable"],
}


def start(name: str, env: dict[str, str], folder: object) -> subprocess.CompletedProcess[str]:
    arguments = [part.format(folder=folder) for part in START[name]]
    return subprocess.run(
        [sys.executable, *arguments], env=env, capture_output=True, text=True, cwd=ROOT, timeout=60
    )


@pytest.mark.parametrize("name", list(START))
def test_no_process_serves_as_the_owner(name: str, ledger_db: str, tmp_path: object) -> None:
    env = production.environment(DATABASE_URL=production.address("cdm_owner", ledger_db))
    done = start(name, env, tmp_path)
    assert done.returncode != 0
    assert "cdm_owner of DATABASE_URL owns the ledger tables" in done.stderr + done.stdout
    assert "DATABASE_OWNER_URL is the one that migrates" in done.stderr + done.stdout


def test_check_names_what_a_role_may_do_too_much(ledger_db: str) -> None:
    superuser = f"super_{ledger_db}"
    writer = f"writer_{ledger_db}"
    try:
        _roles(ledger_db, superuser, writer)
        for role, reason in (
            ("cdm_owner", "owns the ledger tables"), (superuser, "is a superuser"),
            (writer, "can write the ledger tables"),
        ):
            env = production.environment(DATABASE_URL=production.address(role, ledger_db))
            done = production.manage(env, "check")
            assert done.returncode == 1, role
            assert reason in done.stderr, done.stderr
    finally:
        _drop(ledger_db, superuser, writer)


def test_the_serving_role_starts_and_migrate_takes_the_owners(
    ledger_db: str, tmp_path: object
) -> None:
    env = production.environment(DATABASE_URL=production.address("cdm_app", ledger_db))
    assert start("web", env, tmp_path).returncode == 0
    assert production.manage(env, "check").returncode == 0
    denied = production.manage(env, "migrate", "offsets", "zero", "--noinput")
    assert denied.returncode != 0
    owner = {"DATABASE_OWNER_URL": production.address("cdm_owner", ledger_db)}
    done = production.manage(env | owner, "migrate", "--noinput")
    assert done.returncode == 0, done.stderr


def _roles(database: str, superuser: str, writer: str) -> None:
    """Made by the cluster's superuser, as an operator would by mistake."""
    _as_superuser(database, f'CREATE ROLE "{superuser}" LOGIN SUPERUSER',
                  f'CREATE ROLE "{writer}" LOGIN',
                  f'GRANT UPDATE ON registry_account TO "{writer}"',
                  f'GRANT CONNECT ON DATABASE "{database}" TO "{writer}"')


def _drop(database: str, *roles: str) -> None:
    for role in roles:
        _as_superuser(database, f'DROP OWNED BY "{role}"', f'DROP ROLE "{role}"')


def _as_superuser(database: str, *statements: str) -> None:
    server = psycopg2.connect(production.address("cdm_admin", database))
    try:
        server.autocommit = True
        with server.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        server.close()

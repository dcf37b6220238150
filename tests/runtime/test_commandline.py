"""What `manage.py` makes of its words, and what it refuses before anything starts."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cdm_portal.runtime import commandline, embedded, pytest_command, supervisor, web
from cdm_portal.runtime.errors import CannotRun, InUse
from cdm_portal.runtime.places import DEFAULT_DATA, ROOT, Places
from tests.conftest import LONGEST, TESTS


def test_data_is_taken_out_of_the_words_for_django() -> None:
    rest, home = commandline.take_data(["manage.py", "migrate", "--data", "/x/y", "--plan"])
    assert rest == ["manage.py", "migrate", "--plan"]
    assert home == Path("/x/y")
    assert commandline.take_data(["manage.py", "migrate", "--data=/x/z"])[1] == Path("/x/z")
    assert commandline.take_data(["manage.py", "migrate"]) == (
        ["manage.py", "migrate"], DEFAULT_DATA,
    )


def test_every_file_that_is_to_begin_first_is_there() -> None:
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []


def test_data_without_a_folder_is_refused() -> None:
    with pytest.raises(CannotRun, match="--data needs a folder"):
        commandline.take_data(["manage.py", "migrate", "--data"])


PROCESSES = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ([], PROCESSES),
        (["-x"], [*PROCESSES, "-x"]),
        (["--full"], [*PROCESSES, "--full", "--timeout=0"]),
        (["-n", "0"], ["-n", "0"]),
        (["-n4", "-q"], ["-n4", "-q"]),
        (["tests/runtime"], ["tests/runtime"]),
        (["tests/runtime/test_commandline.py::test_x", "-q"],
         ["tests/runtime/test_commandline.py::test_x", "-q"]),
    ],
)
def test_two_processes_only_for_the_whole_suite(given: list[str], passed: list[str]) -> None:
    assert pytest_command.pytest_arguments(given) == passed


def test_only_the_owners_commands_get_the_owners_address() -> None:
    environ = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner"}
    assert embedded.as_owner("migrate", environ) == {
        "DATABASE_URL": "owner", "CDM_AS_OWNER": "1",
    }
    assert embedded.as_owner("clock", environ) == {
        "DATABASE_URL": "owner", "CDM_AS_OWNER": "1",
    }
    assert embedded.as_owner("reconcile", environ) == {}
    assert embedded.as_owner("seed_demo", environ) == {}
    assert embedded.as_owner("migrate", {"DATABASE_URL": "app"}) == {}


def test_web_worker_and_beat_are_not_told_the_owners_address(tmp_path: Path) -> None:
    env = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "o", "DATABASE_SIGNER_URL": "s"}
    assert web.without_owners(env) == {"DATABASE_URL": "app"}


def test_a_taken_port_is_refused_and_the_next_free_one_is_found() -> None:
    first = web.choose_port(None)
    with web.socket.socket() as busy:
        busy.bind(("127.0.0.1", first))
        busy.listen()
        with pytest.raises(CannotRun, match=f"Port {first} is taken"):
            web.choose_port(first)
        assert web.choose_port(None) > first


def test_one_command_at_a_time_holds_a_data_directory(tmp_path: Path) -> None:
    here = Places.at(tmp_path / "data")
    with here.held():
        here.write_state({"command": "up", "pid": os.getpid(), "url": "http://127.0.0.1:1/"})
        with pytest.raises(InUse), Places.at(tmp_path / "data").held():
            pass
        assert supervisor.up(supervisor.options(["--data", str(here.home)])) == 1
    assert here.read_state() == {}
    with here.held():
        pass


def test_a_second_up_says_where_the_first_one_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Places.at(tmp_path)
    with here.held():
        here.write_state({"command": "up", "pid": 1, "url": "http://127.0.0.1:8123/"})
        supervisor.up(supervisor.options(["--data", str(tmp_path)]))
    assert "Already running" in (said := capsys.readouterr().out)
    assert "http://127.0.0.1:8123/" in said


def test_reset_without_a_yes_deletes_nothing(tmp_path: Path) -> None:
    here = Places.at(tmp_path)
    key = here.secret_key()
    assert supervisor.up(supervisor.options(["--data", str(tmp_path), "--reset"])) == 1
    assert here.secret_key() == key


def test_the_data_directory_and_its_secrets_are_private(tmp_path: Path) -> None:
    here = Places.at(tmp_path / "data")
    here.secret_key()
    assert here.home.stat().st_mode & 0o777 == 0o700
    assert (here.home / "secret_key").stat().st_mode & 0o777 == 0o600
    assert len(here.secret_key()) >= 50
    assert here.secret_key() == here.secret_key()


@pytest.mark.parametrize(
    ("arguments", "environ", "message"),
    [
        (["up"], {"CDM_ENV": "production"}, "production runs its processes itself"),
        (["up"], {"DATABASE_URL": "postgresql://x/y"}, "DATABASE_OWNER_URL must name"),
        (["up"], {"DATABASE_URL": "postgresql://x/y", "DATABASE_OWNER_URL": "postgresql://z/y"},
         "DATABASE_SIGNER_URL must name"),
        (["up", "--port", "http"], {}, "invalid int value"),
        (["migrate", "--data"], {}, "--data needs a folder"),
    ],
)
def test_what_cannot_run_says_why_and_ends_with_2(
    tmp_path: Path, arguments: list[str], environ: dict[str, str], message: str
) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE", "REDIS", "CDM"))}
    if arguments == ["up"]:
        arguments = ["up", "--data", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=kept | environ, capture_output=True, text=True,
    )
    assert done.returncode == 2
    assert message in done.stderr


def test_production_refuses_embedded_servers(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="DATABASE_URL and REDIS_URL must name real servers"):
        embedded.Services(Places.at(tmp_path), {"CDM_ENV": "production"})


def test_a_server_that_the_reader_names_is_never_replaced() -> None:
    found = {"DATABASE_URL": "a", "DATABASE_OWNER_URL": "b", "REDIS_URL": "c"}
    assert embedded.unnamed(found, {}) == found
    assert embedded.unnamed(found, {"DATABASE_URL": "own"}) == {"REDIS_URL": "c"}
    assert embedded.unnamed(found, {"REDIS_URL": "own"}) == {
        "DATABASE_URL": "a", "DATABASE_OWNER_URL": "b",
    }


def test_servers_stay_until_the_last_guest_has_left(tmp_path: Path) -> None:
    here = Places.at(tmp_path)
    left: list[str] = []
    with here.borrowed():
        host = threading.Thread(target=lambda: (here.wait_for_guests(), left.append("host")))
        host.start()
        host.join(0.3)
        assert left == []
        left.append("guest")
    host.join(10)
    assert left == ["guest", "host"]

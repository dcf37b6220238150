"""The production shape: secrets from the environment alone, and no process with too many rights."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from cdm_portal.runtime.environment import RUNTIME_LOCK
from cdm_portal.runtime.places import ROOT
from tests.runtime.production import environment, manage

COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SECRETS = (
    "SECRET_KEY", "POSTGRES_PASSWORD", "CDM_OWNER_PASSWORD", "CDM_APP_PASSWORD",
    "CDM_SIGNER_PASSWORD", "CDM_AUDIT_PASSWORD", "REDIS_PASSWORD", "SIGNING_KEY_FILE",
)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
    return found


def test_the_services_are_those_of_the_production_shape(services: dict[str, Any]) -> None:
    assert set(services) == {
        "postgres", "redis", "migrate", "web", "worker", "signer", "beat",
    }
    assert services["postgres"]["image"] == "postgres:18"
    assert services["redis"]["image"] == "redis:8"


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_stops_the_start_by_name(name: str) -> None:
    assert f"${{{name}:?" in COMPOSE
    assert re.findall(rf"\${{{name}:?-", COMPOSE) == []


def test_no_password_stands_in_the_file(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "SECRET" in name or "AUTH" in name:
                assert re.fullmatch(r"\$\{\w+(:\?[^}]*)?\}", value), name
            if name.endswith("_URL") and "@" in value:
                assert re.search(r":\$\{\w+(:\?[^}]*)?\}@", value), name


def test_only_migrate_knows_the_owner(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        assert "OWNER" not in str(services[name]), name
        assert "://cdm_app:" in services[name]["environment"]["DATABASE_URL"]
        assert services[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully",
        }
    assert "://cdm_owner:" in services["migrate"]["environment"]["DATABASE_OWNER_URL"]


def test_only_the_signer_has_the_key_and_its_own_role(services: dict[str, Any]) -> None:
    signer = services["signer"]
    assert signer["secrets"] == ["signing_key", "certificate_key"]
    assert "://cdm_signer:" in signer["environment"]["DATABASE_URL"]
    assert signer["command"][signer["command"].index("-Q") + 1] == "sealing"
    for name in set(services) - {"signer", "postgres"}:
        assert "secrets" not in services[name], name
        assert "SIGN" not in str(services[name]) and "CERTIFICATE" not in str(services[name]), name


def test_the_portals_containers_cannot_write_their_own_image(services: dict[str, Any]) -> None:
    for name in ("migrate", "web", "worker", "signer", "beat"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]


def test_roles_are_made_by_the_same_file_as_embedded(services: dict[str, Any]) -> None:
    mounts = services["postgres"]["volumes"]
    assert any(m.startswith("./cdm_portal/runtime/roles.sql:/docker-entrypoint-initdb.d/")
               for m in mounts)
    assert (ROOT / "cdm_portal" / "runtime" / "roles.sql").exists()


def test_the_image_installs_by_hash_and_runs_as_an_ordinary_user() -> None:
    assert f"--require-hashes --only-binary :all: -r {RUNTIME_LOCK}" in DOCKERFILE
    assert re.search(r"^USER cdm$", DOCKERFILE, re.MULTILINE)
    assert "requirements-dev" not in DOCKERFILE
    copied = set(re.findall(r"^COPY (\w+) \w+$", DOCKERFILE, re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert copied == packages | {"templates"}


def test_djangos_own_deployment_check_is_clean() -> None:
    done = manage(environment(), "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_production_refuses_a_short_key_and_a_missing_server() -> None:
    assert "SECRET_KEY" in manage(environment(SECRET_KEY="short"), "check").stderr
    env = environment()
    del env["DATABASE_URL"]
    done = manage(env, "up")
    assert done.returncode == 2

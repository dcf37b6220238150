"""In production all roles but the buyer's need a second factor; demonstrations say they do not."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client as DjangoClient

from cdm_portal.identity.models import User
from cdm_portal.values import Actor
from tests.cast import Cast
from tests.runtime import production

PASSWORD = "correct horse battery"
ENROLMENT = "/accounts/2fa/totp/activate/"
CLOSED = (
    "/desk/", "/desk/projects/", "/desk/requests/", "/admin/", "/registry/", "/", "/accounts/2fa/",
)


def code(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def portal(ledger_db: str, cast: Cast, settings: object, tmp_path: Path) -> Iterator[int]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # type: ignore[attr-defined]
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    env = production.environment(DATABASE_URL=production.address("cdm_app", ledger_db))
    with production.served(env, tmp_path) as port:
        yield port


def signed_in(port: int, email: str) -> tuple[production.Client, str]:
    """A visitor after the sign-in form, and where it sent them."""
    client = production.Client(port)
    client.get("/accounts/login/")
    status, where = client.post("/accounts/login/", login=email, password=PASSWORD)
    assert status == 302, client.body
    return client, where


def enrolment_opened(client: production.Client) -> None:
    """The enrolment asks for the password once more, then shows its form."""
    status, where = client.get(ENROLMENT)
    assert (status, where.split("?")[0]) == (302, "/accounts/reauthenticate/")
    client.get(where)
    assert client.post(where, password=PASSWORD, next=ENROLMENT) == (302, ENROLMENT), client.body
    assert client.get(ENROLMENT) == (200, "")


def email(cast: Cast, actor: Actor) -> str:
    return cast.sign_ins[actor][0].email


def test_production_leads_every_role_but_buyers_to_the_enrolment(portal: int, cast: Cast) -> None:
    people = [
        cast.participant, cast.dna, cast.doe, cast.board[0], cast.rit, cast.secretariat,
        cast.registry, cast.auditor,
    ]
    for address in [*(email(cast, actor) for actor in people), cast.superuser.email]:
        client, _ = signed_in(portal, address)
        for path in CLOSED:
            assert client.get(path) == (302, ENROLMENT), (address, path)
        assert client.get("/api/v1/projects/")[0] == 403
        enrolment_opened(client)
    buyer, _ = signed_in(portal, email(cast, cast.buyer))
    assert buyer.get("/desk/")[0] == 200

    enrolling_then_signing_in_with_code_and_recovery_code(portal, email(cast, cast.secretariat))


def enrolling_then_signing_in_with_code_and_recovery_code(port: int, address: str) -> None:
    """One portal serves both stories: starting it takes most of the time."""
    stolen, _ = signed_in(port, address)
    client, _ = signed_in(port, address)
    enrolment_opened(client)
    found = re.search(r'value="([A-Z2-7]{32})"', client.body)
    assert found, client.body
    client.post(ENROLMENT, code="000000")
    assert client.get("/desk/") == (302, ENROLMENT)
    client.get(ENROLMENT)
    secret = re.search(r'value="([A-Z2-7]{32})"', client.body)
    assert secret
    assert client.post(ENROLMENT, code=code(secret[1]))[0] == 302
    assert client.get("/desk/")[0] == 200
    assert client.get("/accounts/2fa/recovery-codes/")[0] == 200
    spare = re.findall(r"\b[0-9a-f]{8}\b", client.body)
    assert spare, client.body

    # A session that knew the password alone ends; it does not profit from the enrolment.
    assert stolen.get("/desk/")[0] == 302
    assert stolen.get("/desk/")[1].startswith("/accounts/login/")

    again, where = signed_in(port, address)
    assert where.startswith("/accounts/2fa/authenticate/")
    assert again.get("/desk/")[1].startswith("/accounts/login/")
    again.get(where)
    assert again.post(where, code=spare[0])[0] == 302
    assert again.get("/desk/")[0] == 200

    reused, where = signed_in(port, address)
    reused.get(where)
    assert reused.post(where, code=spare[0])[0] == 200
    assert reused.get("/desk/")[1].startswith("/accounts/login/")


@pytest.mark.django_db
def test_a_demonstration_skips_it_and_says_so(
    client: DjangoClient, settings: object, cast: Cast
) -> None:
    settings.CDM_DEMONSTRATION = True  # type: ignore[attr-defined]
    page = client.get("/accounts/login/").content.decode()
    assert "no second factor" in page
    answer = client.post("/accounts/login/", {
        "login": email(cast, cast.participant), "password": "secret",
    })
    assert answer.status_code == 302
    assert client.get("/desk/").status_code == 200

"""What people send that is wrong, stage by stage, through the page: the answer is 422 and never a
fault of ours, the sentence stands beside its cause, what was typed is kept, nothing is written."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cdm_portal.identity import actions as people
from cdm_portal.identity.middleware import CHOSEN
from cdm_portal.values import SYSTEM, Actor, Role
from projects.models import MonitoringPeriod, Project
from projects.participant import actions, queries
from registry import actions as registry_actions
from tests.cast import AT, SINCE, Cast
from tests.projects.doe import story
from tests.projects.participant.designs import csv, filled, hourly, opened, registered
from tests.registry.ledger import Ledger

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]
Nothing = Callable[[], AbstractContextManager[None]]
MEGABYTE = 1_000_000
BOUNDARY = "=-a-boundary-of-this-test-="


@pytest.fixture
def desk(client: Client, cast: Cast, sign_in: SignIn) -> Client:
    """The participant's browser."""
    return sign_in(client, cast.participant)


@pytest.fixture
def monitored(cast: Cast) -> tuple[Project, MonitoringPeriod]:
    """A registered project with its first monitoring period open."""
    case = registered(cast)
    return case, opened(cast, case)[0]


def text(response: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def beside(response: Any, field: str) -> str:
    """The errors that stand with a control, which points at them and is marked invalid."""
    page = text(response)
    block = re.search(rf'<div id="id_{field}_error">(.*?)</div>', page)
    assert block, f"no error beside {field}"
    assert re.search(rf'aria-describedby="[^"]*id_{field}_error', page)
    control = re.search(rf'<(?:input|select|textarea)[^>]* name="{field}"[^>]*>', page)
    assert control and 'aria-invalid="true"' in control[0]
    return block[1]


def period_page(case: Project) -> str:
    return reverse("participant:period", args=[case.name, 1])


def table(rows: list[str], name: str = "january.csv") -> dict[str, Any]:
    """What the form of a period sends."""
    return {"resolution": "hour", "file": SimpleUploadedFile(name, csv(rows))}


def keeps_the_resolution(response: Any) -> bool:
    (tile,) = re.findall(r'<input[^>]* value="hour"[^>]*>', text(response))
    return "checked" in tile


def test_a_methodology_that_is_wrong_for_the_scale(
    desk: Client, cast: Cast, nothing_written: Nothing
) -> None:
    case = filled(cast, general={"installed_mw": "14"})
    draft = queries.draft(case)
    actions.save_section(
        actor=cast.participant, at=draft.updated_at, project_id=case.pk, section="general",
        values=draft.content["general"] | {"installed_mw": "55"},
    )
    with nothing_written():
        answer = desk.post(reverse("participant:section", args=[case.reference, "methodology"]), {
            "code": "AMS-I.D", "version": "18.0", "scale": "small", "activity": "greenfield",
            "grid_factor": "combined_margin", "grid_connected": "on",
            "additionality": "Barriers, in my own words.",
        })
    assert answer.status_code == 422
    assert "55 MW is above the 15 MW of small scale" in beside(answer, "code")
    assert "Barriers, in my own words." in text(answer)


@pytest.mark.parametrize(("first", "says"), [(-1, "overlaps"), (2, "gap")])
def test_a_period_that_overlaps_another_or_leaves_a_gap(
    desk: Client, monitored: tuple[Project, MonitoringPeriod], nothing_written: Nothing,
    first: int, says: str,
) -> None:
    case, period = monitored
    begins = period.last_date + timedelta(days=1 + first)
    sent = {"first": str(begins), "last": str(begins + timedelta(days=30))}
    with nothing_written():
        answer = desk.post(reverse("participant:new_period", args=[case.name]), sent)
    assert answer.status_code == 422
    assert says in beside(answer, "first")
    for typed in sent.values():
        assert f'value="{typed}"' in text(answer)


def test_a_table_with_a_missing_hour_names_it_and_nothing_is_claimed(
    desk: Client, monitored: tuple[Project, MonitoringPeriod], nothing_written: Nothing
) -> None:
    case, period = monitored
    rows = hourly(period.first_date, period.last_date)
    missing = rows.pop(6).split(",")[0]
    assert missing.endswith("T05:00")
    shown = text(desk.post(period_page(case), table(rows), follow=True))
    gaps = shown[shown.index('id="gaps-h"'):]
    assert "05:00" in gaps and "EG_export" in gaps
    with nothing_written():
        answer = desk.post(reverse("participant:report", args=[case.name, 1]))
    assert answer.status_code in {409, 422}
    assert "gap" in text(answer)


@pytest.mark.parametrize(("wrong", "row", "says"), [
    ("two", 8, "'two' is not a number"),
    ("2000", 8, "2000 MWh looks like kWh"),
    ("-2", 8, "negative"),
])  # fmt: skip
def test_a_row_that_cannot_be_read_is_named_with_its_column(
    desk: Client, monitored: tuple[Project, MonitoringPeriod], nothing_written: Nothing,
    wrong: str, row: int, says: str,
) -> None:
    case, period = monitored
    rows = hourly(period.first_date, period.last_date)
    rows[row - 1] = rows[row - 1].replace(",2,", f",{wrong},")
    with nothing_written():
        answer = desk.post(period_page(case), table(rows))
    assert answer.status_code == 422
    ((found, column, said),) = re.findall(
        r'<tr><td class="n">(\d+)</td><td class="mono">([^<]*)</td><td>(.*?)</td>', text(answer)
    )
    assert (int(found), column) == (row, "EG_export [MWh]")
    assert says in said
    assert keeps_the_resolution(answer)


@pytest.mark.parametrize(("name", "data", "says"), [
    ("a.xlsx", b"not a workbook", "XLSX"),
    ("a.xlsx", b"PK\x03\x04 a torn archive", "XLSX"),
    ("a.csv", b"PK\x03\x04", "is a workbook or an archive"),
    ("a.csv", b"", "empty"),
    ("a.exe", b"MZ", "XLSX"),
])  # fmt: skip
def test_a_file_that_is_not_what_it_is_called(
    desk: Client, monitored: tuple[Project, MonitoringPeriod], nothing_written: Nothing,
    name: str, data: bytes, says: str,
) -> None:
    case, _ = monitored
    with nothing_written():
        answer = desk.post(period_page(case), {
            "resolution": "hour", "file": SimpleUploadedFile(name, data),
        })
    assert answer.status_code == 422
    assert says in beside(answer, "file")
    assert keeps_the_resolution(answer)


class Endless:
    """The body of a request with a file of so many bytes, which are made only as they are read."""

    def __init__(self, size: int) -> None:
        head = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="resolution"\r\n\r\nhour\r\n'
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"'
                "\r\nContent-Type: text/csv\r\n\r\n").encode()
        self.parts = [head, size, f"\r\n--{BOUNDARY}--\r\n".encode()]
        self.length = len(head) + size + len(self.parts[2])  # type: ignore[arg-type]

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes of the part that comes next."""
        while self.parts:
            part = self.parts[0]
            if isinstance(part, int):
                taken = b"0" * min(part, size)
                self.parts[0] = part - len(taken)
            else:
                assert isinstance(part, bytes)
                taken, self.parts[0] = part[:size], part[size:]
            if not self.parts[0]:
                self.parts.pop(0)
            if taken:
                return taken
        return b""

    readline = read


def test_two_hundred_megabytes_are_sent_for_real(
    desk: Client, monitored: tuple[Project, MonitoringPeriod], nothing_written: Nothing
) -> None:
    case, _ = monitored
    body = Endless(200 * MEGABYTE)
    with nothing_written():
        answer = desk.generic(
            "POST", period_page(case), **{  # type: ignore[arg-type] # a stream among the texts
                "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
                "CONTENT_LENGTH": str(body.length), "wsgi.input": body,
            },
        )
    assert body.parts == []
    assert answer.status_code == 422
    assert "The file has 200.0 MB; at most 100 MB are accepted." in beside(answer, "file")
    assert keeps_the_resolution(answer)


@pytest.mark.parametrize(("typed", "says"), [
    (str(story.CLAIM + 1), "above the 6075 t claimed"),
    (str(10**12), "above the 6075 t claimed"),
    ("0", "Nothing would be certified"), ("-1", "whole tonnes, zero or more"),
    ("1.5", "whole number"), ("", "required"),
])  # fmt: skip
def test_an_amount_that_cannot_be_certified(
    client: Client, cast: Cast, sign_in: SignIn, nothing_written: Nothing, typed: str, says: str
) -> None:
    verification, _ = story.recomputed(cast)
    period = verification.period
    page = reverse("doe:certify", args=[period.project.name, period.number])
    sign_in(client, cast.other_doe)
    with nothing_written():
        answer = client.post(page, {"tonnes_2": typed, "statement": "We certify, in my words."})
    assert answer.status_code == 422
    assert says in beside(answer, "tonnes_2")
    assert "We certify, in my words." in text(answer)
    if typed:
        assert f'value="{typed}"' in text(answer)


def test_a_doe_without_the_scope_cannot_be_asked(
    desk: Client, cast: Cast, nothing_written: Nothing
) -> None:
    project = story.designed(cast)
    with nothing_written():
        answer = desk.post(
            reverse("doe:offer", args=[project.reference]),
            {"organisation": cast.unaccredited_doe.organisation_id},
        )
    assert answer.status_code == 422
    assert "not accredited for validation in sectoral scope 1" in beside(answer, "organisation")


def test_who_instructed_an_issuance_cannot_release_it_in_another_role(
    client: Client, cast: Cast, at: datetime, nothing_written: Nothing
) -> None:
    ledger, instructs = Ledger(at), cast.board[0]
    line = registry_actions.instruct(
        actor=instructs, at=ledger.at, project_number="95001", party_code="KE",
        commitment_period=2, quantity=100, share_of_proceeds=2, reference="ISS-1",
    )
    second_hat = people.grant_role(
        actor=SYSTEM, at=AT, person_id=instructs.person_id or 0,
        organisation_id=cast.registry.organisation_id or 0, role=Role.REGISTRY, valid_from=SINCE,
    )
    client.force_login(
        cast.sign_ins[instructs][0], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    session = client.session
    session[CHOSEN] = second_hat.pk
    session.save()
    page = reverse("registry:release", args=[line.pk])
    shown = client.get(page)
    assert shown.status_code == 200
    assert "second person" in text(shown)
    with nothing_written():
        answer = client.post(page)
    assert answer.status_code == 403
    assert "An instruction is released by another person than gave it." in text(answer)
    line.refresh_from_db()
    assert line.releaser is None

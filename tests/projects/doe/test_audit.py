"""A verification's audit: the sample, the checks, and what stands in the way of certifying."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden, Invalid
from projects.doe import actions, audited, queries
from projects.doe.audit import sampling
from projects.doe.errors import CaseClosed, NotYet
from projects.doe.models import Observation, VerificationRun
from projects.participant import actions as participant
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.doe.story import Nothing

pytestmark = pytest.mark.django_db

AT = on(2015, 2, 1)
MORE = dict(zip(story.MONTHS, ("2600", *story.EXPORTS[1:]), strict=True))
OVER = "Not above the estimate: not met, and not explained."


def given(cast: Cast, run: VerificationRun) -> dict[str, Any]:
    return {"actor": cast.other_doe, "at": AT, "period_id": run.verification.period_id}


def keys_of(run: VerificationRun) -> list[str]:
    return [each["key"] for each in run.result["sample"]["records"]]


def test_what_is_sampled_and_checked(cast: Cast) -> None:
    """12 readings: 11 drawn, and first, last and largest of both parameters besides. The estimate
    of a year, 14 023 t, for 184 of its 365 days is 7 069.13 t.
    """
    _, run = story.recomputed(cast, settled=False, data=story.table(MORE))
    sample = run.result["sample"]
    assert (sample["population"], sample["size"]) == (12, 11)
    records = {each["key"]: each for each in sample["records"]}
    numbers = sampling.draw(sample["seed"], 12, 11)
    assert {key for key, each in records.items() if "drawn" in each["why"]} == {
        f"{(n - 1) % 6 + 2}:{'EG_export' if n <= 6 else 'EG_import'}" for n in numbers
    }
    first = records["2:EG_export"]
    assert {"first", "largest"} <= set(first["why"])
    assert (first["at"], first["value"], first["unit"]) == ("2014-07-01 00:00", "2600", "MWh")
    assert "last" in records["7:EG_import"]["why"]
    found = {each["code"]: each["met"] for each in run.result["checks"]}
    assert found == {
        "crediting": True, "overlap": True, "gap": True, "last_day": True, "cap": True,
        "forward": True, "figures": True, "estimate": False, "history": None,
    }
    assert run.result["achieved"] == [{
        "number": 1, "first": "2014-07-01", "last": "2014-12-31", "estimated": "7069.13",
        "claimed": 7245, "recalculated": 7245, "certified": None,
    }]


def test_the_doe_settles_the_sample_and_the_checks_before_it_certifies(
    cast: Cast, client: Client, nothing_written: Nothing
) -> None:
    verification, run = story.recomputed(cast, settled=False, data=story.table(MORE))
    act, keys = given(cast, run), keys_of(run)
    certify = {"tonnes_by_period": {2: 7000}, "statement": "I certify it."}
    with nothing_written(), pytest.raises(NotYet) as refusal:
        actions.certify(**act, **certify)
    assert refusal.value.reasons == (
        f"{len(keys)} sampled records are not checked against the evidence.", OVER,
    )
    assert client.get("/api/v1/verifications/").json()["data"][0]["audit"] is None
    actions.check_records(**act, notes=dict.fromkeys(keys[1:], ""))
    with nothing_written(), pytest.raises(NotYet, match=r"^1 sampled record is not checked"):
        actions.certify(**act, **certify)
    actions.check_records(**act, notes={keys[0]: " The log says 2 500. "})
    differs = "Sampled records agree with their evidence: not met, and not explained."
    assert story.fresh(verification).unsettled == [OVER, differs]
    for code in ("estimate", "records"):
        actions.explain_check(**act, code=code, text="More wind; corrected in version 2.")
    actions.certify(**act, **certify)
    done = story.fresh(verification)
    assert (done.state, done.unsettled) == ("certified", [])
    paper = audited.paper(done, run)
    assert [row[-1] for row in paper["sample"]["rows"]].count("differs: The log says 2 500.") == 1
    assert sum("corrected in version 2" in each["why"] for each in paper["checks"]) == 2
    told = client.get("/api/v1/verifications/").json()["data"][0]["audit"]
    assert (told["checked"], told["records_differing"]) == (len(keys), 1)
    assert next(each for each in told["checks"] if each["code"] == "estimate") == {
        "code": "estimate", "title": "Not above the estimate", "met": False,
        "said": run.result["checks"][7]["said"], "reason": "More wind; corrected in version 2.",
    }
    facts = [each.facts for each in journal.of(done).filter(verb="doe.check_records")]
    assert sorted(each["checked"] for each in facts) == [1, len(keys) - 1]
    with nothing_written(), pytest.raises(CaseClosed):
        actions.check_records(**act, notes={keys[0]: ""})


def test_nobody_else_and_nothing_else_settles_it(cast: Cast, nothing_written: Nothing) -> None:
    verification, run = story.recomputed(cast, settled=False)
    act, key = given(cast, run), keys_of(run)[0]
    for actor in (cast.doe, cast.participant, cast.secretariat):
        with nothing_written(), pytest.raises(Forbidden):
            actions.check_records(**(act | {"actor": actor}), notes={key: ""})
        with nothing_written(), pytest.raises(Forbidden):
            actions.explain_check(**(act | {"actor": actor}), code="estimate", text="Wind.")
    for notes, words in (
        ({"99:EG_export": ""}, "not in the sample"), ({}, "at least one"),
        ({key: "x" * 1001}, "At most 1000"), ({key: "\x07"}, "cannot be shown"),
    ):
        with nothing_written(), pytest.raises(Invalid, match=words):
            actions.check_records(**act, notes=notes)
    for code, text, words in (
        ("estimate", "Wind.", "asks for no reason"), ("crediting", "Wind.", "asks for no reason"),
        ("unknown", "Wind.", "asks for no reason"), ("estimate", " ", "Enter the reason"),
    ):
        with nothing_written(), pytest.raises(Invalid, match=words):
            actions.explain_check(**act, code=code, text=text)
    assert not Observation.objects.filter(verification=verification).exists()


def test_a_new_file_is_sampled_anew(cast: Cast, nothing_written: Nothing) -> None:
    verification, run = story.recomputed(cast)
    period, act = verification.period, {"actor": cast.participant, "at": AT}
    before = run.result["sample"]
    participant.upload_readings(
        period_id=period.pk, filename="v2.csv", data=story.table(MORE), resolution="month", **act
    )
    participant.report_monitoring(period_id=period.pk, **act)
    key = keys_of(run)[0]
    with nothing_written(), pytest.raises(NotYet, match="Recalculate version 2"):
        actions.check_records(**given(cast, run), notes={key: "Other."})
    again = actions.request_recompute(**given(cast, run))
    again = actions.recompute(run_id=again.pk, at=AT)
    assert (before["upload"], again.result["sample"]["upload"]) == (1, 2)
    assert before["seed"] != again.result["sample"]["seed"]
    case = story.fresh(verification)
    assert case.unsettled[0].endswith("sampled records are not checked against the evidence.")
    assert queries.said(case, again).records == {}


def test_the_pages_of_an_audit(cast: Cast, client: Client, sign_in: Any) -> None:
    verification, run = story.recomputed(cast, settled=False, data=story.table(MORE))
    name, keys = verification.period.project.name, keys_of(run)
    desk: Client = sign_in(client, cast.other_doe)

    def at(view: str, *more: str) -> str:
        return reverse(f"doe:{view}", args=[name, 1, *more])

    page = desk.get(at("verification")).content.decode()
    for said in ("Not above the estimate", "Say why it does not stand in the way", "7 069.13",
                 f"0 of {len(keys)} records are checked", "<svg", f"{len(keys)} to check"):
        assert said.replace(" ", "\u202f", said == "7 069.13") in page, said
    sample = desk.get(at("sample")).content.decode()
    for said in ("11 of 12 readings are drawn", run.result["sample"]["seed"], "2014-07-01 00:00"):
        assert said in sample
    wrong = desk.post(at("sample"), {keys[0]: "x" * 1001, f"ok-{keys[1]}": "on"})
    assert wrong.status_code == 422
    assert "x" * 1001 in wrong.content.decode()
    assert wrong.content.decode().count(" checked>") == 1
    assert desk.post(at("sample"), {f"ok-{key}": "on" for key in keys}).status_code == 302
    assert desk.post(at("sample"), {}).status_code == 422
    assert f"{len(keys)} of {len(keys)} checked" in desk.get(at("sample")).content.decode()
    assert desk.get(at("explain", "nothing")).status_code == 404
    assert "102.5 % of the estimate" in desk.get(at("explain", "estimate")).content.decode()
    assert desk.post(at("explain", "estimate"), {"text": ""}).status_code == 422
    assert desk.post(at("explain", "estimate"), {"text": "More <sun>."}).status_code == 302
    page = desk.get(at("verification")).content.decode()
    assert "More &lt;sun&gt;." in page
    assert 'aria-disabled="true"' not in page

"""A published grid factor in a design document and in a calculation; one that ended is refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor
from projects.participant import actions, queries
from tests.cast import Cast
from tests.projects.methodologies.test_calculate_command import WIND
from tests.projects.participant.designs import AT, filled
from tests.projects.reference.story import listed

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]
TODAY = AT.date()
YESTERDAY = TODAY - timedelta(days=1)
FIXED = ("EF_OM", "EF_BM")


def test_a_draft_takes_a_factor_and_cannot_be_submitted_once_it_has_ended(cast: Cast) -> None:
    case = filled(cast)
    factor = listed(cast)
    step: dict[str, Any] = {"actor": cast.participant, "at": AT, "project_id": case.pk}
    draft = actions.take_factor(number=factor.pk, **step)
    rows = draft.content["parameters"]["fixed"]
    cited = (
        f"Grid factor {factor.pk}: National grid, data of 2019–2021, published on 26 February "
        "2022; A list of the ministry, table 2"
    )
    assert [rows[symbol] for symbol in FIXED] == [
        {"value": value, "unit": "tCO2/MWh", "source": cited} for value in ("0.8907", "0.801")
    ]
    assert draft.content["parameters"]["monitored"] is True
    listed(cast, replaces=factor, first_year=2020, last_year=2022, valid_from=TODAY)
    ended = (
        f"Grid factor {factor.pk} (National grid, 2019–2021) was valid until 3 March 2024, "
        "not on 4 March 2024."
    )
    with pytest.raises(actions.Incomplete) as refused:
        actions.submit_design(**step)
    assert [said.split(": ", 1)[1] for said in refused.value.errors[""]] == [
        f"{symbol}: {ended} Take one that is, or state a value with its source yourself."
        for symbol in sorted(FIXED)
    ]
    tasks = {each["key"]: each["lacking"] for each in queries.tasks(case, draft.content, AT)}
    assert len(tasks["parameters"]) == 2
    with pytest.raises(Invalid) as again:
        actions.take_factor(number=factor.pk, **step)
    assert again.value.message == ended
    values = draft.content["parameters"]
    with pytest.raises(Invalid) as kept:
        actions.save_section(section="parameters", values=values, **step)
    assert sorted(kept.value.errors) == ["EF_BM_value", "EF_OM_value"]
    own = {symbol: {**rows[symbol], "source": "our own list"} for symbol in FIXED}
    actions.save_section(section="parameters", values={**values, "fixed": own}, **step)
    assert actions.submit_design(**step).number == 1


def test_a_factor_that_does_not_fit_is_not_taken(cast: Cast) -> None:
    case = filled(cast)
    step: dict[str, Any] = {"actor": cast.participant, "at": AT, "project_id": case.pk}
    abroad = listed(cast, party_code="UG")
    half = listed(cast, grid="Half a grid", bm=None, cm=None, w_om=None)
    to_come = listed(cast, grid="A grid to come", valid_from=TODAY + timedelta(days=1))
    for number in (abroad.pk, 999_999):
        with pytest.raises(NotFound):
            actions.take_factor(number=number, **step)
    with pytest.raises(NotFound):
        actions.take_factor(**{**step, "actor": cast.rival_participant}, number=half.pk)
    for number, said in ((half.pk, "what EF_BM takes"), (to_come.pk, "from 5 March 2024 on")):
        with pytest.raises(Invalid, match=said):
            actions.take_factor(number=number, **step)
    published = filled(cast, methodology={"grid_factor": "published"}, parameters={"fixed": {}})
    others = listed(cast, grid="For other plants", technologies="other")
    with pytest.raises(Invalid, match="for other plants: all but wind and solar"):
        actions.take_factor(**{**step, "project_id": published.pk}, number=others.pk)


def test_the_page_of_the_section_offers_factors_and_fills_them_in(
    cast: Cast, client: Client, sign_in: SignIn
) -> None:
    case = filled(cast)
    ended = listed(cast, grid="Ended grid", valid_to=clock.today() - timedelta(days=1))
    factor = listed(cast)
    desk = sign_in(client, cast.participant)
    page = reverse("participant:section", args=[case.name, "parameters"])
    shown = desk.get(page).content.decode()
    take = [
        reverse("participant:take_factor", args=[case.name, each.pk]) for each in (factor, ended)
    ]
    assert take[0] in shown and take[1] not in shown
    assert f"Grid factor {ended.pk} (Ended grid, 2019–2021) was valid until" in shown
    refused = desk.post(take[1], follow=True).content.decode()
    assert refused.count(f"Grid factor {ended.pk} (Ended grid, 2019–2021) was valid until") == 2
    filled_in = desk.post(take[0], follow=True).content.decode()
    assert f"Taken from grid factor {factor.pk}" in filled_in
    assert 'value="0.801"' in filled_in and "data of 2019–2021" in filled_in


def asked(number: int, day: date | None = None, **inputs: Any) -> dict[str, Any]:
    named = {symbol: {"grid_factor": number} for symbol in FIXED}
    on = {"on": day.isoformat()} if day else {}
    return {**WIND, "version": "21.0", "inputs": {"EG_export": "26280", **named, **inputs}, **on}


def test_a_calculation_takes_a_factor_over_the_api_and_on_the_command_line(
    cast: Cast, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    factor = listed(cast, valid_to=YESTERDAY)

    def post(body: dict[str, Any]) -> Any:
        return client.post(
            "/api/v1/calculations/", json.dumps({"code": "ACM0002"} | body), "application/json"
        )

    answer = post(asked(factor.pk, YESTERDAY))
    assert answer.status_code == 200
    assert answer.json()["grid_factors"][0].startswith(f"Grid factor {factor.pk}: National grid")
    computed = Decimal("0.75") * Decimal("0.8907") + Decimal("0.25") * Decimal("0.801")
    assert answer.json()["reductions"] == int(26280 * computed)
    refused = post(asked(factor.pk, TODAY))
    assert refused.status_code == 422
    assert refused.json()["errors"]["EF_OM"] == [
        f"Grid factor {factor.pk} (National grid, 2019–2021) was valid until 3 March 2024, not on "
        "4 March 2024"
    ]
    for inputs, said in (
        ({"EG_export": {"grid_factor": factor.pk}}, "takes no grid factor"),
        ({"EF_OM": {"grid_factor": "x"}}, "there is no grid factor x"),
        ({"EF_OM": {"grid_factor": True}}, "there is no grid factor True"),
        ({"EF_OM": {"grid_factor": 10**30}}, "there is no grid factor 1000"),
    ):
        assert said in str(post(asked(factor.pk, YESTERDAY, **inputs)).json()["errors"])
    assert client.get("/api/v1/grid-factors/?party=KE&on=2024-03-04").json() == {"data": []}
    (row,) = client.get("/api/v1/grid-factors/?party=KE&on=2024-03-03").json()["data"]
    assert (row["number"], row["combined_margin"], row["valid_to"]) == (
        factor.pk, "0.84585", "2024-03-03",
    )
    file = tmp_path / "asked.json"
    file.write_text(json.dumps(asked(factor.pk, YESTERDAY)))
    out = io.StringIO()
    call_command("calculate", "ACM0002", "--inputs", str(file), "--explain", stdout=out)
    assert f"Grid factor {factor.pk}: National grid, data of 2019–2021" in out.getvalue()
    file.write_text(json.dumps(asked(factor.pk, TODAY)))
    with pytest.raises(SystemExit):
        call_command("calculate", "ACM0002", "--inputs", str(file))
    assert len(capsys.readouterr().err.splitlines()) == 2

"""The pages of reference data: two persons enter a factor and days; the public reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal import clock, parameters
from cdm_portal.values import SYSTEM, Actor
from projects.reference import actions, potentials
from projects.reference.models import EditionRow, GridFactor, VersionDates
from tests.cast import Cast
from tests.projects.reference.story import AT, listed

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]
TYPED = {
    "party_code": "KE", "grid": "National grid", "technologies": "all", "first_year": "2019",
    "last_year": "2021", "om": "0,89", "cm": "0.84585", "source": "A list, table 2",
    "valid_from": "2022-03-01",
}


def test_two_persons_enter_a_factor_and_the_public_reads_it(cast: Cast, sign_in: SignIn) -> None:
    first, second = sign_in(Client(), cast.secretariat), sign_in(Client(), cast.board[0])
    page = reverse("factor_new")
    assert page in first.get(reverse("reference_entries")).content.decode()
    refused = first.post(page, TYPED)
    assert refused.status_code == 422
    assert "Enter a number." in refused.content.decode()
    assert 'value="0,89"' in refused.content.decode()
    assert first.post(page, TYPED | {"om": "0.89"}).status_code == 302
    made = GridFactor.objects.get()
    entry = reverse("reference_entry", args=["grid-factors", made.pk])
    assert first.post(entry, {"decision": "approve"}).status_code == 403
    assert "National grid" not in Client().get(reverse("grid_factors")).content.decode()
    assert "Decide on the entry" in second.get(reverse("desk")).content.decode()
    assert second.post(entry, {"decision": "reject"}).status_code == 422
    assert second.post(entry, {"decision": "approve"}).status_code == 302
    shown = Client().get(reverse("grid_factors"), {"party": "KE"}).content.decode()
    for said in ("National grid", "2019–2021", "0.84585", "unverified", "A list, table 2"):
        assert said in shown
    elsewhere = Client().get(reverse("grid_factors"), {"party": "UG"}).content.decode()
    assert "National grid" not in elsewhere
    replacing = f"{page}?replaces={made.pk}"
    assert 'value="0.89"' in first.get(replacing).content.decode()
    assert first.get(f"{page}?replaces=999999").status_code == 404
    later = TYPED | {"om": "0.88", "last_year": "2022", "valid_from": clock.today().isoformat()}
    assert first.post(replacing, later).status_code == 302
    second.post(
        reverse("reference_entry", args=["grid-factors", made.replacements.get().pk]),
        {"decision": "approve"},
    )
    assert ">ended<" in Client().get(reverse("grid_factors")).content.decode()


def test_two_persons_change_the_days_of_a_version(cast: Cast, sign_in: SignIn) -> None:
    first, second = sign_in(Client(), cast.secretariat), sign_in(Client(), cast.board[0])
    page = reverse("version_dates_new", args=["AMS-I.D", "18.0"])
    last = clock.today() + timedelta(days=30)
    typed: dict[str, Any] = {
        "valid_from": "2014-11-28", "valid_to": last.isoformat(), "source": "EB 121",
        "grace_to": last.isoformat(),
    }
    refused = first.post(page, typed)
    assert refused.status_code == 422
    assert "Time of grace begins after" in refused.content.decode()
    assert first.post(page, typed | {"grace_to": ""}).status_code == 302
    entry = reverse("reference_entry", args=["versions", VersionDates.objects.get().pk])
    assert "28 Nov 2014" in second.get(entry).content.decode()
    assert second.post(entry, {"decision": "approve"}).status_code == 302
    shown = Client().get(reverse("methodology", args=["AMS-I.D"])).content.decode()
    assert "EB 121" in shown
    unknown = first.get(reverse("version_dates_new", args=["AMS-I.D", "99"]))
    assert unknown.status_code == 404


def test_the_sets_stand_beside_what_the_rules_use_and_a_difference_shows(client: Client) -> None:
    page = reverse("potentials")
    bare = client.get(page).content.decode()
    assert bare.count("No set imported") == 12 and "differs" not in bare
    rows = {"CH4": "21", "N2O": "310", "SF6": "23900", "HFC23": "11700"}
    fourth = {"CH4": "25", "N2O": "298", "SF6": "22800", "HFC23": "14800"}
    fifth = {"CH4": "28", "N2O": "265", "SF6": "23500", "HFC23": "12400"}
    made = [
        EditionRow(line=line, key=species, cells={
            "SARGWP100": rows[species], "AR4GWP100": fourth[species], "AR5GWP100": fifth[species],
        })
        for line, species in enumerate(rows, 2)
    ]
    known = {row.key: row for row in made}
    assert [each.rule.value for each in potentials.used(known) if not each.agrees] == []
    made[0].cells["AR4GWP100"] = "24"
    actions.keep_edition(
        actor=SYSTEM, at=AT, kind="potentials", filename="sets.csv", sha256="a" * 64, source="",
        refused=0, rows=made,
    )
    shown = client.get(page).content.decode()
    assert shown.count(">differs<") == 1 and "+33.3 %" in shown
    assert parameters.in_commitment_period("gwp_ch4", 2) == 25
    row = client.get("/api/v1/potentials/").json()["data"][0]
    assert row == {
        "species": "CH4",
        "values": {"SAR": "21", "TAR": None, "AR4": "24", "AR5": "28", "AR6": None},
    }


def test_an_auditor_reads_and_changes_nothing(cast: Cast, client: Client, sign_in: SignIn) -> None:
    made = listed(cast)
    auditor = sign_in(client, cast.auditor)
    entry = reverse("reference_entry", args=["grid-factors", made.pk])
    assert auditor.get(entry).status_code == 200
    assert auditor.post(entry, {"decision": "reject", "reason": "No."}).status_code == 403
    assert auditor.get(reverse("factor_new")).status_code == 404
    for model in ("gridfactor", "versiondates", "edition", "editionrow"):
        assert auditor.get(reverse(f"admin:projects_{model}_changelist")).status_code == 200
        assert auditor.get(reverse(f"admin:projects_{model}_add")).status_code == 403
    change = reverse("admin:projects_gridfactor_change", args=[made.pk])
    assert auditor.get(change).status_code == 200
    assert auditor.post(change, {"cm": "1"}).status_code == 403

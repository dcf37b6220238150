"""The pages of meters: a calibration is recorded, corrections are accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from projects.participant.models import AcceptedCorrection, Calibration
from tests.cast import Cast
from tests.projects.participant.designs import opened, registered, uploaded

pytestmark = pytest.mark.django_db
TOLD = {
    "symbol": "EG_export", "meter": "M-<7>", "interval_months": "12", "laboratory": "Institute",
    "accuracy_class": "0.2S", "permissible_error": "0.2", "error_found": "-0.35",
}


def test_a_late_calibration_is_recorded_shown_and_accepted(
    cast: Cast, client: Client, sign_in: Any
) -> None:
    period, at = opened(cast, registered(cast), days=5)
    uploaded(cast, period, at)
    desk: Client = sign_in(client, cast.participant)
    name, first = period.project.name, period.first_date
    page = reverse("participant:calibrations", args=[name])
    wrong = desk.post(page, TOLD | {"done_date": f"{first}", "permissible_error": "0"})
    assert wrong.status_code == 422
    assert "M-&lt;7&gt;" in wrong.content.decode()
    for done in (first - timedelta(days=370), first + timedelta(days=1)):
        sent = TOLD | {"done_date": f"{done}", "file": SimpleUploadedFile("c.csv", b"a,b\n1,2\n")}
        assert desk.post(page, sent).status_code == 302
    assert Calibration.objects.count() == 2
    assert "M-&lt;7&gt;" in desk.get(page).content.decode()
    url = reverse("participant:period", args=[name, 1])
    key = f"EG_export@{first}..{first + timedelta(days=1)}*0.9965"
    shown = desk.get(url).content.decode()
    for said in (key, "0.9965", "−0.336", "Not accepted yet", "unverified"):
        assert said in shown
    accept = reverse("participant:corrections", args=[name, 1])
    assert desk.post(accept, {"keys": ["x"], "reason": "late"}).status_code == 422
    assert not AcceptedCorrection.objects.exists()
    assert desk.post(accept, {"keys": [key], "reason": "No <date>."}).status_code == 302
    shown = desk.get(url).content.decode()
    assert "No &lt;date&gt;." in shown
    assert "Not accepted yet" not in shown
    report = desk.get(reverse("participant:report", args=[name, 1])).content.decode()
    assert "239.664" in report

"""Events of a period: typed, uploaded, taken out; a gap within one has its reason in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cdm_portal.refusals import Invalid, NotFound
from projects.participant import actions, queries
from projects.participant.actions import Typed
from projects.participant.models import AcceptedGap, EventList
from tests.cast import Cast
from tests.projects.participant.designs import hourly, opened, registered, uploaded

pytestmark = pytest.mark.django_db


def test_a_gap_within_an_outage_is_accepted_for_its_reason(
    cast: Cast, client: Client, sign_in: Any
) -> None:
    """Six hours are missing; the outage of a file covers them, one that was typed is too short."""
    period, at = opened(cast, registered(cast), days=3)
    rows = hourly(period.first_date, period.last_date)
    file = uploaded(cast, period, at, rows[:6] + rows[12:])
    act = {"actor": cast.participant, "at": at, "period_id": period.pk}
    keys = [each["key"] for each in file.gaps]
    desk: Client = sign_in(client, cast.participant)
    args = [period.project.name, 1]
    page, day = reverse("participant:events", args=args), period.first_date
    typed = {"kind": "meter_outage", "begins": f"{day} 05:00", "ends": f"{day} 04:00"}
    wrong = desk.post(page, typed)
    assert wrong.status_code == 422
    assert "This the event ends" not in wrong.content.decode()
    assert "The event ends before it begins" in wrong.content.decode()
    assert desk.post(page, typed | {"ends": f"{day} 10:00"}).status_code == 302
    with pytest.raises(Invalid):
        actions.accept_gaps(keys=keys, reason="", **act)
    table = f"kind,begin,end,note\nmeter_outage,{day}T05:00,{day}T11:00,Fuse <blown>\n"
    upload = reverse("participant:event_list", args=args)
    bad = SimpleUploadedFile("e.csv", f"{table}other,soon,later,\n".encode())
    refused = desk.post(upload, {"file": bad})
    assert refused.status_code == 422
    assert "is not a date and time" in refused.content.decode()
    assert EventList.objects.count() == 1
    good = SimpleUploadedFile("e.csv", table.encode())
    assert desk.post(upload, {"file": good}).status_code == 302
    assert "Fuse &lt;blown&gt;" in desk.get(page).content.decode()
    actions.accept_gaps(keys=keys, reason="", **act)
    assert {each.reason for each in AcceptedGap.objects.all()} == {
        "Outage of a meter: Fuse <blown>"
    }
    report = actions.report_monitoring(actor=cast.participant, at=at, period_id=period.pk)
    [event] = report.content["events"]
    assert (event["kind"], event["row"], event["note"]) == ("meter_outage", 2, "Fuse <blown>")
    assert [each["reason"] for each in report.content["gaps"]] == [
        "Outage of a meter: Fuse <blown>"
    ] * 2
    last = EventList.objects.get(number=2)
    assert (last.document.kind, last.document.blob_id) != ("", "")  # type: ignore[union-attr]
    drop = reverse("participant:event_drop", args=[*args, last.events.get().pk])
    assert desk.post(drop).status_code == 302
    assert desk.post(drop).status_code == 404
    assert [each.events.count() for each in EventList.objects.all()] == [1, 1, 0]


def test_typed_events_are_refused_box_by_box_and_leave_nothing(cast: Cast) -> None:
    period, at = opened(cast, registered(cast), days=3)
    day = period.first_date
    good = Typed("flare_off", f"{day} 05:00", f"{day} 06:00")
    act = {"at": at, "period_id": period.pk}
    for box, typed in (
        ("kind", Typed("earthquake", good.begins, good.ends)),
        ("begins", Typed("other", "soon", good.ends)),
        ("begins", Typed("other", f"{day - timedelta(days=1)} 05:00", good.ends)),
        ("ends", Typed("other", good.begins, f"{day + timedelta(days=9)}")),
        ("symbol", Typed("other", good.begins, good.ends, symbol="EG_BL")),
    ):
        with pytest.raises(Invalid) as refused:
            actions.add_event(actor=cast.participant, typed=typed, **act)
        assert list(refused.value.errors) == [box]
    with pytest.raises(NotFound):
        actions.add_event(actor=cast.doe, typed=good, **act)
    assert not EventList.objects.exists()
    actions.add_event(actor=cast.participant, typed=good, **act)
    with pytest.raises(Invalid):
        actions.add_event(actor=cast.participant, typed=good, **act)
    assert EventList.objects.count() == 1
    assert queries.current_file(period) is None

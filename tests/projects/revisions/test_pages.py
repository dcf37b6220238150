"""The pages of renewals and changes, each role on its own, through the client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.values import Actor
from projects.board.models import Request
from projects.models import Project
from projects.revisions.machine import State
from projects.revisions.models import Revision
from tests.cast import Cast
from tests.projects.participant import designs
from tests.projects.revisions import story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]


@pytest.fixture
def at(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A hundred days before the expiry, for every page."""
    project = designs.registered(cast)
    moment = story.shortly_before(project)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def test_each_role_does_its_part_on_its_own_page(
    cast: Cast, at: datetime, sign_in: SignIn
) -> None:
    project = Project.objects.get()
    owner, auditor = sign_in(Client(), cast.participant), sign_in(Client(), cast.doe)
    begin = reverse("participant:new_revision", args=[project.name])
    shown = owner.get(begin).content.decode()
    assert "Renewal of the crediting period" in shown
    assert owner.post(begin, {"kind": "renewal", "track": "prior"}).status_code == 422
    sent = {"kind": "renewal", "track": "prior", "reasons": "The baseline is updated."}
    assert owner.post(begin, sent).status_code == 302
    revision = Revision.objects.get()
    args = [project.name, revision.number]
    ask = reverse("doe:offer_revision", args=args)
    choice = {"organisation": str(cast.doe.organisation_id)}
    refused = owner.post(ask, choice)
    assert (refused.status_code, State.DRAFT) == (422, _state())
    assert "Expected reductions" in refused.content.decode()
    story.write(cast, project, at, "reductions", story.YEARLY)
    assert owner.get(reverse("participant:design", args=[project.name])).status_code == 200
    assert owner.post(ask, choice).status_code == 302
    work = reverse("doe:revision", args=args)
    assert auditor.get(work).status_code == 200
    assert auditor.post(work, {"answer": "accept"}).status_code == 422
    assert auditor.post(work, {"answer": "accept", "no_conflict": "on"}).status_code == 302
    opinion = {"answer": "opinion", "opinion": "positive", "conclusion": "Updated and valid."}
    assert auditor.post(work, opinion).status_code == 302
    request = reverse("board:request_revision", args=args)
    assert auditor.get(request).status_code == 200
    assert auditor.post(request).status_code == 302
    assert _state() == State.REQUESTED
    made = Request.objects.get(kind="renewal")
    assert sign_in(Client(), cast.secretariat).get(
        reverse("board:request", args=[made.reference])
    ).status_code == 200
    public = Client().get(reverse("project", args=[project.name])).content.decode()
    assert "Renewal of the crediting period" in public
    for who in (cast.rival_participant, cast.other_doe):
        stranger = sign_in(Client(), who)
        assert stranger.get(work).status_code == 404
        assert stranger.get(reverse("participant:revision", args=args)).status_code == 404


def _state() -> str:
    return str(Revision.objects.get().state)

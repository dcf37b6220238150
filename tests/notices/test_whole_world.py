"""Every act that brought the world of the tests to where it stands can be told."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import resolve

from cdm_portal import clock
from cdm_portal.notices import actions
from cdm_portal.notices.models import Notice, Pending
from tests.world import World, as_if

pytestmark = pytest.mark.django_db


def test_every_act_of_a_whole_world_can_be_told(world: World, caplog: Any) -> None:
    with as_if():
        assert actions.tell_waiting(at=clock.now()) > 0
        assert (Pending.objects.count(), caplog.messages) == (0, [])
        told = set(Notice.objects.values_list("title", flat=True))
        assert len(told) > 40
        for notice in Notice.objects.order_by("person_id", "url").distinct("person_id", "url"):
            assert resolve(notice.url.partition("?")[0].partition("#")[0])

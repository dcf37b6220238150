"""Members, votes and requests for review of before the seats are given theirs, and no others."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from cdm_portal.identity.models import Membership
from projects.board.models import ReviewRequest, Vote
from tests.cast import Cast
from tests.projects.board import story

pytestmark = pytest.mark.usefixtures("ledger_db")


def test_the_way_back_and_forth_gives_every_row_its_seat(cast: Cast, full: bool) -> None:
    if not full:
        pytest.skip("every migration back and forth: --full")
    request = story.at_the_vote(cast)
    story.asks(story.published(cast), cast.dna)
    story.voted(cast, request, register=3, reject=2)
    seats = dict(Membership.objects.filter(role="board_member").values_list("pk", "seat_number"))
    votes = dict(Vote.objects.values_list("pk", "seat_number"))
    asked = dict(ReviewRequest.objects.values_list("pk", "seat_number"))
    with connection.cursor() as cursor:
        for table in ("assessment", "objection", "absence"):
            cursor.execute(f"ALTER TABLE board_{table} DISABLE TRIGGER of_record")
            cursor.execute(f"DELETE FROM board_{table}")
    call_command("migrate", "board", "0002", verbosity=0)
    call_command("migrate", "identity", "0001", verbosity=0)
    call_command("migrate", verbosity=0)
    assert seats == dict(
        Membership.objects.filter(role="board_member").values_list("pk", "seat_number")
    )
    assert votes == dict(Vote.objects.values_list("pk", "seat_number"))
    assert asked == dict(ReviewRequest.objects.values_list("pk", "seat_number"))
    assert None in asked.values()

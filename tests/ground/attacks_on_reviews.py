"""What an insider may try on replies, meetings and the deadlines of a review; see attacks.py."""

from __future__ import annotations

from tests.ground.attacks import copy, named, trigger
from tests.ground.attacks_on_decisions import FAR, IN_WINDOW, REOPENED, ruling, sitting

REPLY = "side = 'participant'"
NOW_OPEN = f"UPDATE board_request SET reply_due_at = {FAR} WHERE id = {IN_WINDOW};"
BARE = {"document_id": "NULL"}
PAPER = "(SELECT min(id) FROM projects_document)"
REOPENED_FOR_REPLIES = REOPENED + NOW_OPEN


def reply(where: str = REPLY, **changes: str) -> str:
    """A reply to a review that is opened again, with time to reply."""
    return REOPENED_FOR_REPLIES + copy(
        "board_reply", where, **{"request_id": IN_WINDOW} | BARE | changes
    )


REPLIES = (
    trigger("board_reply", "in_time", copy("board_reply", REPLY, request_id=IN_WINDOW, **BARE),
            "replies are made to an open review in time only"),
    trigger("board_reply", "in_time", reply(at=FAR),
            "replies are made to an open review in time only"),
    trigger("board_reply", "in_time", reply(side="'doe'"),
            "the reply of the DOE is that of the DOE that made the request"),
    named("board_reply", "reply_has_words", reply(text="''")),
    named("board_reply", "replied_once_by_a_side",
          reply() + ";" + copy("board_reply", REPLY, id="-2", request_id=IN_WINDOW, **BARE)),
    named("board_reply", "board_reply_document_id_key",
          reply(document_id=PAPER) + ";"
          + copy("board_reply", "side = 'doe'", id="-2", request_id=IN_WINDOW,
                 document_id=PAPER)),
    trigger("board_assessment", "takes_turn",
            REOPENED_FOR_REPLIES + copy("board_assessment", "side = 'rit'", request_id=IN_WINDOW),
            "once the replies are in"),
)  # fmt: skip


def meeting(**changes: str) -> str:
    """A meeting past the actions, far in the future."""
    row = {"id": "-1", "number": "900", "first_date": "'2998-05-01'",
           "last_date": "'2998-05-03'", "place": "'Bonn'", "cancel_reason": "''"} | changes
    return f"INSERT INTO board_meeting ({', '.join(row)}) VALUES ({', '.join(row.values())})"


FOLLOWING = meeting(
    id="-2", number="901", first_date="'2998-06-01'", last_date="'2998-06-01'"
)
TODAY = "(cdm_now() AT TIME ZONE 'UTC')::date"
RUNS = {"first_date": TODAY, "last_date": TODAY}
MOVED = "UPDATE board_meeting SET place = 'Nairobi' WHERE id = -1"
MEETINGS = (
    trigger("board_meeting", "calendar", f"{meeting(**RUNS)};{MOVED}", "a meeting stays"),
    trigger("board_meeting", "calendar",
            meeting(cancelled_at="now()", cancel_reason="'x'") + f";{MOVED}", "a meeting stays"),
    trigger("board_meeting", "calendar", f"{meeting()};{FOLLOWING};"
            "DELETE FROM board_meeting WHERE id = -1", "never deleted"),
    trigger("board_meeting", "calendar",
            f"{meeting()};UPDATE board_meeting SET number = 901 WHERE id = -1",
            "a meeting keeps its number"),
    named("board_meeting", "meeting_runs_forward", meeting(last_date="'2998-04-30'"),
          "range lower bound must be less than or equal to range upper bound"),
    named("board_meeting", "cancelled_meeting_has_reason", meeting(cancelled_at="now()")),
    named("board_meeting", "board_meeting_number_check", meeting(number="-1")),
    named("board_meeting", "board_meeting_number_key",
          f"{meeting()};" + FOLLOWING.replace("901", "900")),
    named("board_meeting", "one_meeting_at_a_time",
          f"{meeting()};{meeting(id='-2', number='901')}"),
    trigger("board_vote", "at_meeting",
            meeting() + ";" + copy("board_vote", person_id=sitting(5), seat_number="5",
                                   meeting_id="-1"),
            "names the meeting that runs on its day"),
    trigger("board_ruling", "at_meeting", f"{meeting(**RUNS)};{ruling()}",
            "names the meeting that runs on its day"),
)  # fmt: skip

"""Acts are told once, after their commit, to whom they concern; deadlines before and after."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cdm_portal.identity.models import Membership
from cdm_portal.journal.models import Entry
from cdm_portal.notices import actions, queries
from cdm_portal.notices.actions import telling
from cdm_portal.notices.models import Mail, Notice, Pending, Way
from cdm_portal.notices.silent import SILENT
from cdm_portal.notices.tellings import TELLINGS
from cdm_portal.pages import agenda
from cdm_portal.values import Actor
from projects.board import actions as board
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
NOW = on(2013, 10, 2)


def told(actor: Actor) -> list[str]:
    """The titles of what somebody was told, oldest first."""
    return list(queries.notices(actor).order_by("pk").values_list("title", flat=True))


def test_a_request_is_told_to_whom_it_concerns_and_not_to_who_made_it(cast: Cast) -> None:
    request = story.requested(cast)
    actions.tell_waiting(at=NOW)
    made = "Registration is requested."
    assert made in told(cast.secretariat) and made in told(cast.second_secretariat)
    assert told(cast.participant)[-1] == made
    assert made not in told(cast.doe), "who acts is not told"
    for other in (cast.rival_participant, cast.foreign_dna, cast.board[0], cast.buyer, cast.rit):
        assert told(other) == []
    mine = queries.notices(cast.secretariat)[0]
    assert request.reference in mine.url and request.project.title in mine.text


def test_what_is_secret_is_told_to_nobody(cast: Cast) -> None:
    request = story.at_the_vote(cast)
    actions.tell_waiting(at=NOW)
    before = Notice.objects.count()
    board.vote(actor=cast.board[0], at=on(2013, 12, 2), request_id=request.pk, ruling="reject")
    assert actions.tell_waiting(at=NOW) == 0
    assert Notice.objects.count() == before


def test_nothing_is_told_twice(cast: Cast) -> None:
    story.letter_asked(cast)
    assert actions.tell_waiting(at=NOW) > 0
    assert Pending.objects.count() == 0
    assert actions.tell_waiting(at=NOW) == 0
    again = queries.notices(cast.dna)[0]
    with pytest.raises(IntegrityError, match="told_once"), transaction.atomic():
        Notice.objects.create(
            person_id=again.person_id, key=again.key, topic=again.topic, title="x", text="x",
            url="/", at=NOW, way=Way.PORTAL,
        )


def test_an_act_that_is_undone_is_not_told(cast: Cast) -> None:
    waiting = Pending.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        story.letter_asked(cast)
        raise RuntimeError
    assert Pending.objects.count() == waiting


def test_whoever_has_left_is_told_no_more(cast: Cast) -> None:
    Membership.objects.filter(person_id=cast.second_secretariat.person_id).update(
        valid_to=on(2013, 10, 1).date()
    )
    story.requested(cast)
    actions.tell_waiting(at=NOW)
    assert told(cast.second_secretariat) == [] and told(cast.secretariat)


def test_a_deadline_is_told_before_it_and_after_it_once_each(cast: Cast) -> None:
    request = story.requested(cast)
    assert request.check_due_at is not None
    actor = cast.secretariat

    def remind(at: object) -> int:
        return actions.remind(actor=actor, at=at, items=agenda.due(actor, at))  # type: ignore[arg-type]

    edge = request.check_due_at
    assert remind(edge - timedelta(days=4, seconds=1)) == 0
    assert remind(edge - timedelta(days=2)) == 2, "both people of the secretariat"
    assert remind(edge - timedelta(days=1)) == 0
    assert told(actor) == ["Due by the end of 8 October 2013."]
    assert remind(edge + timedelta(hours=1)) == 2
    assert remind(edge + timedelta(days=9)) == 0
    assert told(actor)[-1] == "The last day was 8 October 2013."


def test_the_secretariat_hears_of_what_others_let_pass(cast: Cast) -> None:
    at = on(2013, 10, 2)
    item = {
        "url": "/x/", "title": "Ziwa", "what": "Answer the question.", "until": on(2013, 10, 1),
    }
    assert actions.remind(actor=cast.dna, at=at, items=[item]) == 3
    assert told(cast.dna) == told(cast.second_secretariat) == ["The last day was 1 October 2013."]


def test_a_notice_and_a_sent_mail_stay(cast: Cast) -> None:
    story.letter_asked(cast)
    actions.tell_waiting(at=on(2013, 4, 13))
    actions.read(actor=cast.dna, at=NOW)
    mail = Mail.objects.get(person_id=cast.dna.person_id)
    Mail.objects.update(state="sent", ended_at=NOW)
    for attack in (
        "UPDATE notices_notice SET title = 'x'", "UPDATE notices_notice SET read_at = NULL",
        "UPDATE notices_notice SET mail_id = NULL", "DELETE FROM notices_notice",
        "UPDATE notices_mail SET state = 'waiting', ended_at = NULL", "DELETE FROM notices_mail",
    ):
        with pytest.raises(IntegrityError, match="stays as"), transaction.atomic():
            connection.cursor().execute(attack)
    mail.refresh_from_db()
    assert mail.state == "sent"


RECORDED = re.compile(
    r"^(participant|dna|doe|board|cobenefits|rulebook|offsets|registry)\.[a-z_]+$"
)
NAMING = {"record", "_record", "journal"}


def verbs() -> set[str]:
    """Every verb that the actions of these apps write into the journal, read from the code."""
    found = set()
    for folder, some in (
        ("projects", "*.py"), ("cobenefits", "*.py"), ("cdm_portal/rulebook", "*.py"),
        ("offsets", "consents.py"), ("offsets", "paying_out.py"),
        ("registry/actions", "opening.py"), ("registry/actions", "standing.py"),
    ):
        for path in (ROOT / folder).rglob(some):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in NAMING:
                    found |= {
                        each.value for each in ast.walk(node.args[0] if node.args else node)
                        if isinstance(each, ast.Constant) and RECORDED.match(str(each.value))
                    }
    return found


def test_every_verb_is_told_or_silent_for_a_reason() -> None:
    written = verbs()
    assert len(written) > 50
    assert sorted(written - set(TELLINGS) - set(SILENT)) == []
    assert sorted(set(TELLINGS) & set(SILENT)) == []
    built = {verb for verb in SILENT if verb.endswith("_accreditation")}
    built.add("registry.lift")  # of a measure's verb
    assert sorted((set(TELLINGS) | set(SILENT)) - written - built) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'notices_announce'"
        )
        (condition,) = cursor.fetchone()
    whole = set(re.findall(r"'([a-z]+)'", condition))
    told = {verb for verb in TELLINGS if verb.split(".")[0] not in whole}
    assert set(re.findall(r"'([a-z]+\.[a-z_]+)'", condition)) == told


def test_what_cannot_be_told_holds_up_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    story.letter_asked(cast)
    first = Pending.objects.order_by("pk")[0]
    whole = telling.cases.case_of

    def broken(entry: Entry) -> object:
        if entry.pk == first.pk:
            raise LookupError("gone")
        return whole(entry)

    monkeypatch.setattr(telling.cases, "case_of", broken)
    actions.tell_waiting(at=on(2013, 4, 13))
    assert told(cast.dna) == ["A letter of approval is asked for."]
    assert [each.pk for each in Pending.objects.all()] == [first.pk]
    assert f"entry {first.pk} of the journal could not be told" in caplog.text

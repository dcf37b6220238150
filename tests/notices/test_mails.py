"""Notices by mail: at once, in one mail a day, or not at all; what a server answers decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from cdm_portal.notices import actions, queries
from cdm_portal.notices.models import Mail, Notice, Pending, Topic, Way
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.offsets.mail_server import MailServer, serving
from tests.offsets.test_races import at_once
from tests.offsets.test_receipts import use
from tests.projects.board import story

NOW = on(2013, 4, 13)
pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with serving() as made:
        use(settings, made.port)
        yield made


def chosen(cast: Cast, way: Way) -> None:
    actions.choose(actor=cast.dna, at=NOW, ways={Topic.LETTERS.value: way.value})


def tell(cast: Cast, at: datetime = NOW) -> Notice:
    story.letter_asked(cast)
    actions.tell_waiting(at=at)
    return queries.notices(cast.dna)[0]


def test_a_mail_at_once_links_to_the_notice_and_is_sent_once(
    cast: Cast, server: MailServer
) -> None:
    notice = tell(cast)
    assert at_once(3, lambda number: actions.send_mails(at=NOW)).count(1) == 1
    mail = server.taken[0]
    assert server.recipients == [queries.address_of(cast.dna.person)]
    assert mail["Subject"] == "A letter of approval is asked for."
    text = str(mail.get_content())
    assert f"/desk/notices/{notice.pk}/" in text and "/desk/notices/choices/" in text
    assert actions.send_mails(at=NOW + timedelta(days=1)) == 0


def test_one_mail_a_day_holds_the_notices_of_past_days(cast: Cast, server: MailServer) -> None:
    chosen(cast, Way.DAILY)
    first = tell(cast)
    assert (actions.send_mails(at=NOW), actions.make_digests(at=NOW)) == (0, 0), "still that day"
    tell(cast)
    morning = on(2013, 4, 14)
    assert sum(at_once(3, lambda number: actions.make_digests(at=morning))) == 1
    assert actions.send_mails(at=morning) == 1
    assert server.taken[0]["Subject"] == "2 notices up to 14 April 2013"
    first.refresh_from_db()
    assert first.mail_id == Mail.objects.get().pk
    assert actions.make_digests(at=morning + timedelta(hours=3)) == 0


def test_whoever_chose_the_portal_gets_no_mail(cast: Cast, server: MailServer) -> None:
    chosen(cast, Way.PORTAL)
    assert tell(cast).title
    assert (actions.send_mails(at=NOW), Mail.objects.count(), server.taken) == (0, 0, [])


def test_what_happened_long_ago_is_told_without_a_mail(cast: Cast) -> None:
    assert tell(cast, NOW + timedelta(days=3)).way == Way.PORTAL
    assert Mail.objects.count() == 0


def test_a_server_that_is_away_loses_nothing(cast: Cast, settings: Any) -> None:
    use(settings, 1)
    tell(cast)
    assert actions.send_mails(at=NOW) == 0
    with serving() as server:
        use(settings, server.port)
        assert actions.send_mails(at=NOW + timedelta(minutes=2)) == 1


def test_without_a_sign_in_there_is_nobody_to_mail(cast: Cast, server: MailServer) -> None:
    tell(cast)
    user, _membership = cast.sign_ins[cast.dna]
    user.is_active = False
    user.save()
    assert actions.send_mails(at=NOW) == 0
    assert Mail.objects.get().state == Mail.State.REFUSED and server.taken == []


def test_two_at_once_tell_each_act_once_and_none_before_its_commit(cast: Cast) -> None:
    with transaction.atomic():
        story.letter_asked(cast)
        assert at_once(1, lambda number: actions.tell_waiting(at=NOW)) == [0]
    waiting = Pending.objects.count()
    assert waiting > 0
    counts = at_once(4, lambda number: actions.tell_waiting(at=NOW))
    assert sum(counts) == Notice.objects.count() == 1
    assert queries.notices(cast.dna).count() == 1

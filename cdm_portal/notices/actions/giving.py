"""One notice of one thing for everybody who has not had it, and a mail for who chose one."""

from collections.abc import Callable, Iterable
from datetime import datetime

from cdm_portal.identity.models import Membership
from cdm_portal.notices import queries
from cdm_portal.notices.models import Mail, Notice, Topic, Way
from cdm_portal.values import Role

LONGEST_TITLE, LONGEST_TEXT = 200, 400


def give(
    people: Iterable[Membership], *, topic: Topic, key: str, title: str, text: str, at: datetime,
    url: Callable[[Role], str], mails: bool = True,
) -> list[Notice]:
    """One notice, and if so chosen a mail, for everybody who has not been told of `key` before.

    Without `mails` it stands in the portal alone.
    """
    told = queries.already_told(key)
    new = [each for each in people if each.person_id not in told]
    ways = queries.ways([each.person_id for each in new], topic)
    made = [
        Notice(
            person_id=each.person_id, key=key, topic=topic, title=title[:LONGEST_TITLE],
            text=text[:LONGEST_TEXT], url=url(Role(each.role)), at=at,
            way=ways[each.person_id] if mails else Way.PORTAL,
        )
        for each in new
    ]
    for notice in made:
        if notice.way == Way.EACH:
            notice.mail = Mail.objects.create(person_id=notice.person_id, next_try_at=at)
    return Notice.objects.bulk_create(made)

"""Telling: from entries of the journal to notices, from notices to mails; and a person's choices.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from cdm_portal import deadlines, formats, parameters
from cdm_portal.identity.models import Membership
from cdm_portal.journal.models import Entry
from cdm_portal.notices import audiences, cases, locks, queries
from cdm_portal.notices.models import Calendar, Choice, Mail, Notice, Topic, Way
from cdm_portal.notices.tellings import TELLINGS
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor, Role

LONGEST_TITLE, LONGEST_TEXT = 200, 400
ESCALATED = frozenset({Role.PARTICIPANT, Role.DNA, Role.DOE, Role.RIT})
"""Roles of whose missed deadlines the secretariat is told too."""


def tell_waiting(*, at: datetime) -> int:
    """Tell of every entry of the journal that waits; answers how many notices were made.

    One transaction for each entry, so that two runs at once tell of each once.
    """
    last, told = 0, 0
    while True:
        with transaction.atomic():
            pending = locks.next_pending(last)
            if pending is None:
                return told
            last = pending.pk
            told += len(_tell(pending.entry, at))
            pending.delete()


def _tell(entry: Entry, at: datetime) -> list[Notice]:
    telling, case = TELLINGS.get(entry.verb), cases.case_of(entry)
    if telling is None or case is None:
        return []
    people = audiences.people(case, telling.to, at.date())
    words = f"{telling.words}."
    return _give(
        [each for each in people if each.person_id != entry.actor_person_id],
        topic=telling.topic, key=f"entry:{entry.pk}", title=words, at=at,
        text=f"{case.title} · {entry.actor_organisation or entry.actor_name}",
        url=lambda role: cases.address(case, role),
    )


def _give(
    people: Iterable[Membership], *, topic: Topic, key: str, title: str, text: str, at: datetime,
    url: Callable[[Role], str],
) -> list[Notice]:
    """One notice, and if so chosen a mail, for everybody who has not been told of `key` before."""
    told = queries.already_told(key)
    new = [each for each in people if each.person_id not in told]
    ways = queries.ways([each.person_id for each in new], topic)
    made = [
        Notice(
            person_id=each.person_id, key=key, topic=topic, title=title[:LONGEST_TITLE],
            text=text[:LONGEST_TEXT], url=url(Role(each.role)), at=at, way=ways[each.person_id],
        )
        for each in new
    ]
    for notice in made:
        if notice.way == Way.EACH:
            notice.mail = Mail.objects.create(person_id=notice.person_id, next_try_at=at)
    return Notice.objects.bulk_create(made)


def remind(
    *, actor: Actor, at: datetime, items: Iterable[Mapping[str, object]]
) -> int:
    """Remind the people of a desk of what is due there within `reminder_days`; once it is late,
    tell them, and the secretariat if it lies with somebody whom it watches over.

    `items` are those of the desk. Each is told once before its end and once after. Answers how many
    notices were made.
    """
    return sum(len(_remind(actor, at, item)) for item in items)


def _remind(actor: Actor, at: datetime, item: Mapping[str, object]) -> list[Notice]:
    until = item.get("until")
    if not isinstance(until, datetime):
        return []
    day, late = until.date(), until < at
    if not late and deadlines.day_number(at, until) > parameters.number("reminder_days", at.date()):
        return []
    people = queries.people_of(actor, at.date())
    if late and actor.role in ESCALATED:
        people += queries.people_in(Role.SECRETARIAT, at.date())
    address = str(item["url"])
    with transaction.atomic():
        return _give(
            people, topic=Topic.DEADLINES, at=at,
            key=f"{'late' if late else 'due'}:{day.isoformat()}:{queries.mark(actor, item)}",
            title=_due_words(day, late=late),
            text=f"{item['title']} · {item['what']} · {actor.organisation or actor.role.label}",
            url=lambda role: address,
        )


def _due_words(day: date, *, late: bool) -> str:
    shown = formats.day(day)
    return f"The last day was {shown}." if late else f"Due by the end of {shown}."


def make_digests(*, at: datetime) -> int:
    """One mail for everybody who wishes to be told once a day, about the notices of past days.

    At most one a day: what comes later goes into the next. Answers how many were made.
    """
    return sum(_digest(person_id, at) for person_id in queries.awaiting_digest(at.date()))


def _digest(person_id: int, at: datetime) -> int:
    with transaction.atomic():
        found = locks.for_digest(person_id, at.date())
        if not found:
            return 0
        mail, new = Mail.objects.get_or_create(
            person_id=person_id, day=at.date(), defaults={"next_try_at": at}
        )
        if new:
            Notice.objects.filter(pk__in=found).update(mail=mail)
    return int(new)


def choose(*, actor: Actor, ways: Mapping[str, str]) -> None:
    """How a person wishes to be told, topic by topic. Raises Invalid for what is not offered."""
    for topic, way in ways.items():
        if topic not in Topic.values or way not in Way.values:
            raise Invalid.of(topic, "Choose one of the ways to be told.")
    with transaction.atomic():
        for topic, way in ways.items():
            Choice.objects.update_or_create(
                person_id=actor.person, topic=topic, defaults={"way": way}
            )


def read(*, actor: Actor, at: datetime, notice_id: int | None = None) -> None:
    """Mark one notice of the actor's, or all of them, as read."""
    mine = Notice.objects.filter(person_id=actor.person, read_at=None)
    if notice_id is not None:
        mine = mine.filter(pk=notice_id)
    with transaction.atomic():
        mine.update(read_at=at)


def renew_calendar(*, actor: Actor) -> Calendar:
    """Give the person's calendar a new secret address; the old one is gone from then on."""
    with transaction.atomic():
        calendar, _new = Calendar.objects.update_or_create(
            person_id=actor.person, defaults={"secret": uuid4()}
        )
    return calendar



"""What a person does with the own notices: read them, choose how to be told, subscribe."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from cdm_portal.notices.models import Calendar, Choice, Notice, Topic, Way
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor


def choose(*, actor: Actor, at: datetime, ways: Mapping[str, str]) -> None:
    """How a person wishes to be told, topic by topic. Raises Invalid for what is not offered."""
    for topic, way in ways.items():
        if topic not in Topic.values or way not in Way.values:
            raise Invalid.of(topic, "Choose one of the ways to be told.")
    with transaction.atomic():
        for topic, way in ways.items():
            Choice.objects.update_or_create(
                person_id=actor.person, topic=topic, defaults={"way": way, "chosen_at": at}
            )


def read(*, actor: Actor, at: datetime, notice_id: int | None = None) -> None:
    """Mark one notice of the actor's, or all of them, as read."""
    mine = Notice.objects.filter(person_id=actor.person, read_at=None)
    if notice_id is not None:
        mine = mine.filter(pk=notice_id)
    with transaction.atomic():
        mine.update(read_at=at)


def renew_calendar(*, actor: Actor, at: datetime) -> Calendar:
    """Give the person's calendar a new secret address; the old one is gone from then on."""
    with transaction.atomic():
        calendar, _new = Calendar.objects.update_or_create(
            person_id=actor.person, defaults={"secret": uuid4(), "made_at": at}
        )
    return calendar

"""Questions about notices: a person's own, who is to be told, how."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from cdm_portal.identity.models import Membership, User
from cdm_portal.notices.models import Calendar, Choice, Notice, Topic, Way
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role

AT_MOST = 99
"""Up to where unread notices are counted."""


def notices(actor: Actor) -> QuerySet[Notice]:
    """A person's notices, newest first."""
    return Notice.objects.filter(person_id=actor.person)


def notice(actor: Actor, pk: int) -> Notice:
    """One of the person's notices. Raises NotFound."""
    found = notices(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such notice.")
    return found


def told_to(person_id: int, most: int) -> list[dict[str, object]]:
    """What a person was told, newest first, for a file of their own."""
    rows = Notice.objects.filter(person_id=person_id).order_by("-pk")[:most]
    return [{"title": row.title, "text": row.text, "at": row.at.isoformat(), "way": row.way,
             "read_at": row.read_at.isoformat() if row.read_at else None} for row in rows]


def unread(person_id: int) -> int:
    """How many notices a person has not read, counted up to AT_MOST and one more."""
    return Notice.objects.filter(person_id=person_id, read_at=None)[: AT_MOST + 1].count()


def chosen(actor: Actor) -> dict[str, str]:
    """How a person wishes to be told, for every topic."""
    own = Choice.objects.filter(person_id=actor.person).values_list("topic", "way")
    return dict.fromkeys(Topic.values, Way.EACH.value) | dict(own)


def ways(people: Iterable[int], topic: Topic) -> dict[int, str]:
    """How each of some people wishes to be told about a topic."""
    found = Choice.objects.filter(person_id__in=list(people), topic=topic)
    return dict.fromkeys(people, Way.EACH.value) | dict(found.values_list("person_id", "way"))


def already_told(key: str) -> set[int]:
    """Who has been told of something."""
    return set(Notice.objects.filter(key=key).values_list("person_id", flat=True))


def awaiting_digest(before: date) -> list[int]:
    """People with notices of past days that wait for a digest."""
    found = Notice.objects.filter(way=Way.DAILY, mail=None, at__date__lt=before)
    return list(found.order_by("person_id").values_list("person_id", flat=True).distinct())


def _on(day: date) -> QuerySet[Membership]:
    return Membership.objects.filter(valid_from__lte=day).filter(
        Q(valid_to=None) | Q(valid_to__gte=day)
    )


def desks(day: date) -> list[Membership]:
    """One membership of every desk that somebody sits at: an organisation in a role.

    On the Board every seat is a desk of its own, since each speaks for itself.
    """
    held = _on(day).select_related("person", "organisation").order_by("id")
    found: dict[tuple[object, ...], Membership] = {}
    for each in held:
        own = each.person_id if each.role == Role.BOARD else None
        found.setdefault((each.role, each.organisation_id, own), each)
    return list(found.values())


def people_of(actor: Actor, day: date) -> list[Membership]:
    """The people of a desk; a Board member's is theirs alone."""
    held = _on(day).filter(organisation_id=actor.office, role=actor.role.value)
    if actor.role == Role.BOARD:
        held = held.filter(person_id=actor.person)
    return list(held.order_by("person_id", "id").distinct("person_id"))


def people_in(role: Role, day: date) -> list[Membership]:
    """Everybody who holds a role on a day."""
    held = _on(day).filter(role=role.value)
    return list(held.order_by("person_id", "id").distinct("person_id"))


def mark(actor: Actor, item: Mapping[str, object]) -> str:
    """A short name of one item of one desk, the same whenever the item stands there."""
    said = f"{actor.role}|{actor.organisation_id}|{item['url']}|{item['what']}"
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def address_of(person_id: int) -> str:
    """The mail address of a person's first sign-in that is active; empty without one."""
    found = User.objects.filter(person_id=person_id, is_active=True).order_by("pk").first()
    return found.email if found else ""


def calendar_of(actor: Actor) -> Calendar | None:
    """The person's calendar, if it has been given an address."""
    return Calendar.objects.filter(person_id=actor.person).first()


def calendar(secret: str) -> Calendar:
    """The calendar of a secret address. Raises NotFound."""
    found = Calendar.objects.filter(secret=secret).select_related("person").first()
    if found is None:
        raise NotFound("There is no such calendar.")
    return found

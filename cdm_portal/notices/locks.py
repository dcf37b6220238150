"""Rows of the notices, locked."""

from datetime import date, datetime

from cdm_portal.notices.models import Mail, Notice, Pending, Way


def next_pending(after: int) -> Pending | None:
    """The next entry about which nobody has been told, and that nobody else is telling."""
    return (
        Pending.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("entry")
        .filter(pk__gt=after)
        .order_by("pk")
        .first()
    )


def next_mail(after: int, at: datetime) -> Mail | None:
    """The next mail that is due and that nobody else claims, locked, with its person."""
    return (
        Mail.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("person")
        .filter(state=Mail.State.WAITING, next_try_at__lte=at, pk__gt=after)
        .order_by("pk")
        .first()
    )


def for_digest(person_id: int, before: date) -> list[int]:
    """The notices of the days before `before` that a person's digest is to hold, locked."""
    found = Notice.objects.select_for_update().filter(
        person_id=person_id, way=Way.DAILY, mail=None, at__date__lt=before
    )
    return list(found.order_by("pk").values_list("pk", flat=True))

"""Mails about notices: one a day for who wishes it so, and handing them over."""

from datetime import datetime

from django.db import transaction

from cdm_portal import postal
from cdm_portal.notices import letters, locks, queries
from cdm_portal.notices.models import Mail, Notice


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


def send_mails(*, at: datetime) -> int:
    """Send every mail that is due and nobody else's; answers how many the server took."""
    return postal.send(_Mails(), at=at)


class _Mails:
    """The mails as a bag."""

    def claim(self, after: int, at: datetime) -> Mail | None:
        with transaction.atomic():
            mail = locks.next_mail(after, at)
            if mail is not None:
                mail.tries += 1
                mail.next_try_at = at + postal.CLAIM
                mail.save(update_fields=["tries", "next_try_at"])
        return mail

    def message(self, mail: Mail) -> postal.Message | None:
        address = queries.address_of(mail.person_id)
        return letters.message(mail, address) if address else None

    def end(self, mail: Mail, at: datetime, *, taken: bool) -> None:
        with transaction.atomic():
            mail.state = Mail.State.SENT if taken else Mail.State.REFUSED
            mail.ended_at = at
            mail.save(update_fields=["state", "ended_at"])

    def postpone(self, mail: Mail, until: datetime) -> None:
        with transaction.atomic():
            mail.next_try_at = until
            mail.save(update_fields=["next_try_at"])

"""The mails that tell people of notices: what they say, and handing them over."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from cdm_portal import formats, postal
from cdm_portal.notices import locks, queries
from cdm_portal.notices.models import Mail, Notice


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

    def message(self, mail: Mail) -> EmailMessage | None:
        address = queries.address_of(mail.person_id)
        return message(mail, address) if address else None

    def end(self, mail: Mail, at: datetime, *, taken: bool) -> None:
        with transaction.atomic():
            mail.state = Mail.State.SENT if taken else Mail.State.REFUSED
            mail.ended_at = at
            mail.save(update_fields=["state", "ended_at"])

    def postpone(self, mail: Mail, until: datetime) -> None:
        with transaction.atomic():
            mail.next_try_at = until
            mail.save(update_fields=["next_try_at"])


def message(mail: Mail, address: str) -> EmailMessage:
    """A mail about its notices, with the links to them and to the choices."""
    told = list(mail.notices.order_by("pk"))
    return EmailMessage(
        subject=_subject(mail, told), to=[address],
        body=render_to_string("emails/notices.txt", {
            "person": mail.person, "notices": [(each, _link(each)) for each in told],
            "choices": settings.SITE_URL + reverse("notice_choices"),
            "site": settings.SITE_NAME, "disclaimer": settings.DISCLAIMER,
        }),
        headers={"Message-ID": postal.message_id(mail.key), "Auto-Submitted": "auto-generated"},
    )


def _subject(mail: Mail, told: list[Notice]) -> str:
    if mail.day is None:
        return told[0].title
    words = ngettext("%(n)s notice up to %(day)s", "%(n)s notices up to %(day)s", len(told))
    return words % {"n": len(told), "day": formats.day(mail.day)}


def _link(notice: Notice) -> str:
    return settings.SITE_URL + reverse("notice", args=[notice.pk])

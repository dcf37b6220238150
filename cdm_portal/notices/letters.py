"""What the mails about notices say."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from cdm_portal import formats, postal
from cdm_portal.notices.models import Mail, Notice


def message(mail: Mail, address: str) -> postal.Message:
    """A mail about its notices, with the links to them and to the choices."""
    told = list(mail.notices.order_by("pk"))
    return postal.Message(
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
    return f"{settings.SITE_URL}{reverse('notice', args=[notice.pk])}"

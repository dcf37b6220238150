"""The verbs of the notices, one file each for telling, reminding, mailing and choosing."""

from cdm_portal.notices.actions.choosing import choose, read, renew_calendar
from cdm_portal.notices.actions.mailing import make_digests, send_mails
from cdm_portal.notices.actions.reminding import remind
from cdm_portal.notices.actions.telling import tell_waiting

__all__ = [
    "choose", "make_digests", "read", "remind", "renew_calendar", "send_mails", "tell_waiting",
]

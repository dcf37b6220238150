"""From entries of the journal to notices: each once, to everybody whom it concerns."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction

from cdm_portal import deadlines, formats, parameters
from cdm_portal.journal.models import Entry
from cdm_portal.notices import audiences, cases, locks
from cdm_portal.notices.actions import giving
from cdm_portal.notices.models import Notice
from cdm_portal.notices.tellings import TELLINGS

logger = logging.getLogger(__name__)


def tell_waiting(*, at: datetime) -> int:
    """Tell of every entry of the journal that waits; answers how many notices were made.

    One transaction for each entry, so that two runs at once tell of each once, and one that cannot
    be told waits, and is logged, without holding up the others.
    """
    last, told = 0, 0
    while True:
        try:
            with transaction.atomic():
                pending = locks.next_pending(last)
                if pending is None:
                    return told
                last = pending.pk
                made = len(_tell(pending.entry, at))
                pending.delete()
            told += made
        except (DatabaseError, ValueError, LookupError, AttributeError):
            logger.exception("entry %s of the journal could not be told", last)


def _tell(entry: Entry, at: datetime) -> list[Notice]:
    telling, case = TELLINGS.get(entry.verb), cases.case_of(entry)
    if telling is None or case is None:
        return []
    people = audiences.people(case, telling.to, at.date())
    day = deadlines.day_number(entry.effective_at, at)
    return giving.give(
        [each for each in people if each.person_id != entry.actor_person_id],
        topic=telling.topic, key=f"entry:{entry.pk}", title=f"{telling.words}.",
        text=" · ".join((
            case.title, entry.actor_organisation or entry.actor_name,
            formats.day(entry.effective_at),
        )),
        at=at, mails=day <= parameters.number("mail_within_days", at.date()),
        url=lambda role: cases.address(case, role),
    )

"""The administrator's word on indicators: new, worded anew, or ended, each from a day on."""

import re
from datetime import date, datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.rulebook import deciding
from cdm_portal.values import Actor, Role
from cobenefits import indicators, queries
from cobenefits.models import IndicatorEntry

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
ENTERS = "The secretariat keeps the list of indicators."


def enter_indicator(
    *, actor: Actor, at: datetime, section: str, key: str, label: str, unit: str, source: str,
    verified: bool, valid_from: date,
) -> IndicatorEntry:
    """Ask for a new indicator, or word one anew, from a day on; what was reported stays as it was.

    `verified` says that the cited source was compared. Raises Forbidden, Invalid by box.
    """
    with transaction.atomic():
        person = deciding.person(actor, {Role.SECRETARIAT}, ENTERS)
        _check(section, key, at, valid_from)
        made: IndicatorEntry = IndicatorEntry.objects.create(
            section=section, key=key, label=_short("label", label, 120), unit=_unit(unit),
            source=deciding.words("source", source, deciding.LONGEST_SOURCE), verified=verified,
            valid_from=valid_from, person=person, person_name=actor.name, at=at,
        )
        _record("cobenefits.enter_indicator", actor, at, made)
    return made


def end_indicator(
    *, actor: Actor, at: datetime, section: str, key: str, source: str, valid_from: date
) -> IndicatorEntry:
    """Ask for an indicator no more from a day on. Raises Forbidden, NotFound, Invalid."""
    with transaction.atomic():
        person = deciding.person(actor, {Role.SECRETARIAT}, ENTERS)
        _check(section, key, at, valid_from)
        if key not in {each.key for each in queries.asked(section, valid_from)}:
            raise NotFound("There is no such indicator.")
        made: IndicatorEntry = IndicatorEntry.objects.create(
            section=section, key=key, ended=True, verified=False, valid_from=valid_from,
            source=deciding.words("source", source, deciding.LONGEST_SOURCE), person=person,
            person_name=actor.name, at=at,
        )
        _record("cobenefits.end_indicator", actor, at, made)
    return made


def _check(section: str, key: str, at: datetime, valid_from: date) -> None:
    if section not in indicators.SECTIONS:
        raise Invalid.of("section", "Choose a criterion or an extra section.")
    if not KEY.fullmatch(key):
        raise Invalid.of("key", "Small letters, digits and low lines, a letter first.")
    if valid_from < at.date():
        raise Invalid.of("valid_from", "An entry counts from today on at the earliest.")


def _short(box: str, text: str, longest: int) -> str:
    return deciding.words(box, text, longest)


def _unit(text: str) -> str:
    return _short("unit", text, 40) if text.strip() else ""


def _record(verb: str, actor: Actor, at: datetime, entry: IndicatorEntry) -> None:
    record(
        verb, actor=actor, subject=entry, at=at,
        facts={"section": entry.section, "key": entry.key, "from": entry.valid_from.isoformat()},
    )

"""Reference data: one person proposes, another approves or rejects; imports of published files."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TypeVar

from django.db import IntegrityError, transaction

from cdm_portal.journal.record import record
from cdm_portal.models import TwoPersons
from cdm_portal.refusals import Invalid
from cdm_portal.rulebook import deciding
from cdm_portal.rulebook.errors import AlreadyProposed
from cdm_portal.values import Actor, Role
from projects.methodologies import catalogue, validity
from projects.methodologies.calculable import Version
from projects.reference import locks, queries, stating
from projects.reference.models import Edition, EditionRow, GridFactor, VersionDates
from projects.reference.stating import Factor
from registry.importing.remarks import Kind, Remark

PROPOSES = "The secretariat proposes entries."
WAITS = "An entry for the same waits for a second person already."
BATCH = 1000
Entry = GridFactor | VersionDates
E = TypeVar("E", GridFactor, VersionDates)


@dataclass(slots=True)
class Kept:
    """What an import of factors came to."""

    new: int = 0
    unchanged: int = 0
    refused: list[Remark] = field(default_factory=list)


def propose_factor(
    *, actor: Actor, at: datetime, stated: Factor, replaces_id: int | None = None
) -> GridFactor:
    """The secretariat proposes a published grid factor, which may take the place of another one.

    Raises Forbidden, NotFound, AlreadyProposed, Invalid.
    """
    with transaction.atomic():
        person = deciding.person(actor, {Role.SECRETARIAT}, PROPOSES)
        locks.alone()
        _check_factor(stated, at)
        made = GridFactor(
            **asdict(stated), replaces=_replaced(stated, replaces_id), proposer=person,
            proposer_name=actor.name, proposed_at=at,
        )
        _not_listed(made)
        return _propose(made, actor, at)


def propose_dates(
    *, actor: Actor, at: datetime, code: str, version: str, valid_from: date,
    valid_to: date | None, grace_to: date | None, source: str, verified: bool,
) -> VersionDates:
    """The secretariat proposes other days for a version that is calculated here.

    `verified` says that the proposer compared the cited text; days of the past are put right only
    so. Raises Forbidden, NotFound, AlreadyProposed, Invalid.
    """
    with transaction.atomic():
        person = deciding.person(actor, {Role.SECRETARIAT}, PROPOSES)
        queries.built(code, version)
        made = VersionDates(
            code=catalogue.get(code).code, version=version, valid_from=valid_from,
            valid_to=valid_to, grace_to=grace_to,
            source=deciding.words("source", source, deciding.LONGEST_SOURCE), verified=verified,
            proposer=person, proposer_name=actor.name, proposed_at=at,
        )
        _check_dates(made, at)
        return _propose(made, actor, at)


def approve(*, actor: Actor, at: datetime, kind: str, pk: int) -> Entry:
    """Another person, of the Board or the secretariat, approves: from then on the entry counts.

    Raises NotFound, Forbidden, SamePerson, AlreadyDecided, Invalid.
    """
    with transaction.atomic():
        person = deciding.person(
            actor, deciding.DECIDERS, "The Board or the secretariat approves."
        )
        locks.alone()
        found = deciding.waiting(locks.entry(kind, pk), "entry")
        deciding.second_person(found, person, "entry")
        if isinstance(found, VersionDates):
            _check_dates(found, at)
        else:
            _not_listed(found)
        found.approve()
        _decide(found, actor, at)
        _record("rulebook.approve_reference", found, actor, at)
    return found


def reject(*, actor: Actor, at: datetime, kind: str, pk: int, reason: str) -> Entry:
    """Turn an entry down with a reason, or take one's own back.

    Raises NotFound, Forbidden, AlreadyDecided, Invalid.
    """
    with transaction.atomic():
        deciding.person(actor, deciding.DECIDERS, "The Board or the secretariat decides.")
        found = deciding.waiting(locks.entry(kind, pk), "entry")
        found.reason = deciding.words("reason", reason, deciding.LONGEST_REASON)
        found.reject()
        _decide(found, actor, at)
        _record("rulebook.reject_reference", found, actor, at)
    return found


def import_factors(
    *, actor: Actor, at: datetime, sheet: str, sha256: str, rows: Sequence[tuple[int, Factor]]
) -> Kept:
    """Propose the factors of a file that are not there yet; each waits for a second person.

    A factor of the same grid, plants and vintage with other values is refused: it is replaced on
    the pages, by somebody who says so. What cannot stand is refused with its line.
    """
    kept = Kept()
    with transaction.atomic():
        locks.alone()
        known = {_stated(each).identity: each for each in GridFactor.objects.order_by("pk")}
        for line, stated in rows:
            refused = _refusal(stated, known.get(stated.identity), at)
            if refused:
                kept.refused.append(Remark(sheet, line, Kind.REFUSED, refused))
            elif stated.identity in known:
                kept.unchanged += 1
            else:
                made = GridFactor(
                    **asdict(stated), proposer=actor.person, proposer_name=actor.name,
                    proposed_at=at,
                )
                made.save()
                known[stated.identity] = made
                kept.new += 1
        if kept.new:
            record(
                "projects.import_factors", actor=actor, subject=made, at=at,
                facts={"file_sha256": sha256, "rows": kept.new},
            )
    return kept


def keep_edition(
    *, actor: Actor, at: datetime, kind: str, filename: str, sha256: str, source: str,
    refused: int, rows: Sequence[EditionRow],
) -> Edition | None:
    """Keep a published list as an edition; None, and nothing changed, if this file is kept already.
    """
    with transaction.atomic():
        locks.alone()
        if Edition.objects.filter(kind=kind, sha256=sha256).exists():
            return None
        made = Edition(
            kind=kind, filename=filename, sha256=sha256, source=source, refused=refused,
            imported_at=at,
        )
        made.save()
        for row in rows:
            row.edition = made
        EditionRow.objects.bulk_create(rows, batch_size=BATCH)
        record(
            "projects.import_list", actor=actor, subject=made, at=at,
            facts={"file_sha256": sha256, "rows": len(rows), "refused": refused},
        )
    return made


def _propose(made: E, actor: Actor, at: datetime) -> E:
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # one waits already, or was proposed by somebody else since the look
        raise AlreadyProposed(WAITS) from None
    _record("rulebook.propose_reference", made, actor, at)
    return made


def _decide(found: Entry, actor: Actor, at: datetime) -> None:
    deciding.sign(found, actor, actor.person, at)
    found.save(update_fields=deciding.DECISION)


def _record(verb: str, found: TwoPersons, actor: Actor, at: datetime) -> None:
    record(verb, actor=actor, subject=found, at=at, facts={"entry": str(found)})


def _check_factor(stated: Factor, at: datetime) -> None:
    found = stating.faults(stated, at.date())
    if stated.party_code not in queries.party_names():
        found["party_code"] = ["Choose a Party of the list."]
    if found:
        raise Invalid(found)


def _replaced(stated: Factor, pk: int | None) -> GridFactor | None:
    """The factor whose place is taken. Raises NotFound, Invalid."""
    if pk is None:
        return None
    found = queries.entry("grid-factors", pk)
    if not isinstance(found, GridFactor) or found.state != TwoPersons.State.APPROVED:
        raise Invalid.of("", "Only a factor that is approved is replaced.")
    if (found.party_code, found.grid, found.technologies) != stated.identity[:3]:
        raise Invalid.of("grid", "A factor is replaced by one of the same grid and plants.")
    if stated.valid_from <= found.valid_from:
        raise Invalid.of("valid_from", "It takes the other's place after that one's first day.")
    return found


def _not_listed(made: GridFactor) -> None:
    """Pass unless the vintage is listed, or what is to be replaced was replaced. Raises Invalid."""
    others = GridFactor.objects.filter(state=TwoPersons.State.APPROVED)
    if made.replaces_id and others.filter(replaces=made.replaces_id).exists():
        raise Invalid.of("", f"Grid factor {made.replaces_id} has been replaced already.")
    same = others.filter(
        party_code=made.party_code, grid=made.grid, technologies=made.technologies,
        first_year=made.first_year, last_year=made.last_year,
    ).exclude(replacements__state=TwoPersons.State.APPROVED)
    if twin := next((each for each in same if each.pk != made.replaces_id), None):
        raise Invalid.of(
            "last_year", f"This vintage is listed as grid factor {twin.pk}: replace that one."
        )


def _refusal(stated: Factor, known: GridFactor | None, at: datetime) -> str:
    """Why a row of a file is not taken; empty if it is, or is there already."""
    if found := stating.refusal(stated, at.date()):
        return found
    if known is not None and _stated(known).margins != stated.margins:
        return (
            f"{stated.grid}, {known.vintage} stands here as grid factor {known.pk} with other "
            "values: say on the pages which one takes whose place"
        )
    return ""


def _stated(found: GridFactor) -> Factor:
    return Factor(**{name: getattr(found, name) for name in Factor.__dataclass_fields__})


def _check_dates(made: VersionDates, at: datetime) -> None:
    """Pass if the days may be changed so. Raises Invalid."""
    now = validity.version(catalogue.get(made.code), made.version)
    then = Version(
        made.version, made.valid_from, made.valid_to, made.source, made.verified, made.grace_to
    )
    if found := stating.faults_of_dates(now, then, at.date()):
        raise Invalid(found)

"""Whom an audience consists of in a case: pairs of organisation and role, then their people."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Q

from cdm_portal.identity.models import Membership, Organisation
from cdm_portal.notices.cases import Case
from cdm_portal.notices.tellings import Audience
from cdm_portal.values import Role
from projects.dna.models import Letter
from projects.lifecycle import Stage
from projects.participant.communication.models import Statement

Office = tuple[int, Role]
"""An organisation's id, and the role in which its people are told."""


def people(case: Case, audiences: Iterable[Audience], on: date) -> list[Membership]:
    """Who is told: the people who hold the roles of the audiences on a day, each person once."""
    offices = {office for each in audiences for office in OFFICES[each](case)}
    if not offices:
        return []
    wanted = Q()
    for organisation_id, role in offices:
        wanted |= Q(organisation_id=organisation_id, role=role.value)
    held = Membership.objects.filter(wanted, valid_from__lte=on)
    held = held.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("person_id", "id")
    return list(held.distinct("person_id"))


def _participants(case: Case) -> Iterable[Office]:
    if case.project is None:
        return
    yield case.project.owner_id, Role.PARTICIPANT
    if case.project.stage != Stage.DESIGN:  # before, the others may not know of it
        for named in case.project.participations.all():
            yield named.organisation_id, Role.PARTICIPANT


def _authorities(parties: Iterable[str]) -> Iterable[Office]:
    found = Organisation.objects.filter(kind=Organisation.Kind.DNA, party_code__in=list(parties))
    return ((each.pk, Role.DNA) for each in found)


def _host(case: Case) -> Iterable[Office]:
    return _authorities([case.project.party_code] if case.project else [])


def _parties(case: Case) -> Iterable[Office]:
    if case.project is None:
        return ()
    issued = case.project.letters.filter(state=Letter.State.ISSUED)
    return _authorities({case.project.party_code, *issued.values_list("party_code", flat=True)})


def _authority(case: Case) -> Iterable[Office]:
    return _authorities([getattr(case.record, "party_code", "")])


def _auditor(case: Case) -> Iterable[Office]:
    auditor = case.period.verifier_id if case.period else (
        case.project.validator_id if case.project else None
    )
    return [(auditor, Role.DOE)] if auditor else []


def _entity(case: Case) -> Iterable[Office]:
    record = case.record
    named = ("organisation_id", "submitted_by_id", "renewal_doe_id", "doe_id")
    entity = next(filter(None, (getattr(record, name, None) for name in named)), None)
    return [(entity, Role.DOE)] if entity else []


def _holder(case: Case) -> Iterable[Office]:
    holder = getattr(case.record, "holder_id", None)
    return [(holder, Role.PARTICIPANT)] if holder else []


def _seller(case: Case) -> Iterable[Office]:
    seller = getattr(case.record, "seller_id", None)
    return [(seller, Role.PARTICIPANT)] if seller else []


def _speakers(case: Case) -> Iterable[Office]:
    statement = getattr(case.record, "statement", case.record)
    points = statement.focal_points.all() if isinstance(statement, Statement) else ()
    return ((each.organisation_id, Role.PARTICIPANT) for each in points)


def _everybody(role: Role, kind: Organisation.Kind) -> Callable[[Case], Iterable[Office]]:
    return lambda case: ((each.pk, role) for each in Organisation.objects.filter(kind=kind))


OFFICES: dict[Audience, Callable[[Case], Iterable[Office]]] = {
    Audience.PARTICIPANTS: _participants,
    Audience.HOST: _host,
    Audience.PARTIES: _parties,
    Audience.AUTHORITY: _authority,
    Audience.AUDITOR: _auditor,
    Audience.SPEAKERS: _speakers,
    Audience.HOLDER: _holder,
    Audience.SELLER: _seller,
    Audience.ENTITY: _entity,
    Audience.BOARD: _everybody(Role.BOARD, Organisation.Kind.BOARD),
    Audience.SECRETARIAT: _everybody(Role.SECRETARIAT, Organisation.Kind.SECRETARIAT),
    Audience.EXPERTS: _everybody(Role.RIT, Organisation.Kind.RIT),
    Audience.REGISTRY: _everybody(Role.REGISTRY, Organisation.Kind.REGISTRY),
}

"""Stage 1 begins: a project activity or a programme of activities with an empty design document."""

from datetime import datetime

from django.db import connection, transaction

from cdm_portal.identity.models import Organisation
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor, Role
from projects.models import Participation, Project
from projects.participant import queries, sections
from projects.participant.models import DesignDocument


def start_design(
    *, actor: Actor, at: datetime, title: str, party_code: str, rules: str, fictional: bool = False,
    kind: str = Project.Kind.ACTIVITY,
) -> Project:
    """Begin a design document: a project with a reference of its own, known to its owner alone.

    Raises Forbidden for another role; Invalid without a title, or for a Party that cannot host:
    only Parties not included in Annex I do (unverified, from general knowledge).
    """
    if actor.role != Role.PARTICIPANT or actor.organisation_id is None:
        raise Forbidden("A project participant begins a design document.")
    named = sections.words("title", title, longest=200)
    _check_start(named, party_code, rules, kind)
    with transaction.atomic():
        owner = Organisation.objects.get(pk=actor.organisation_id)
        pk = _next_key()
        case: Project = Project.objects.create(
            pk=pk, reference=f"PDD-{pk:05d}", rules=rules, owner=owner, party_code=party_code,
            fictional=fictional or owner.fictional, title=named, created_at=at, kind=kind,
        )
        Participation.objects.create(project=case, organisation=owner)
        content = {
            "general": {"title": named}, "participants": {"organisation_ids": [owner.pk]},
            **({"eligibility": {}} if case.is_programme else {}),
        }
        DesignDocument.objects.create(project=case, content=content, updated_at=at)
        record("participant.start_design", actor=actor, subject=case, at=at, project=case.reference)
    return case


def _check_start(title: str, party_code: str, rules: str, kind: str) -> None:
    errors: dict[str, list[str]] = {}
    host = queries.party(party_code)
    if not title:
        errors["title"] = ["Give the project a title."]
    if host is None:
        errors["party_code"] = ["Choose the host Party of the list."]
    elif host.annex_i:
        errors["party_code"] = [f"{host.name} is included in Annex I and cannot host a project."]
    if rules not in Project.Rules.values:
        errors["rules"] = ["Choose historic or demonstration rules."]
    if kind not in Project.Kind.values:
        errors["kind"] = ["Choose a project activity or a programme of activities."]
    if errors:
        raise Invalid(errors)


def _next_key() -> int:
    """The key of the next project, taken first because the reference carries it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Project._meta.db_table]
        )
        key: int = cursor.fetchone()[0]
    return key

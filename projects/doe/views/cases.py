"""Which cases an auditor finds at these addresses. Anybody else's are not there."""

from django.http import Http404, HttpRequest

from cdm_portal.identity.access import actor_of
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor
from projects import access
from projects import queries as landing
from projects.models import Finding, MonitoringPeriod, Project


def own_validation(actor: Actor, reference: str) -> Project:
    """A project that the actor's DOE validates. Raises NotFound for any other."""
    project = landing.by_name(reference)
    if project.validator_id is None or project.validator_id != actor.organisation_id:
        raise NotFound("There is no such case.")
    return project


def own_verification(actor: Actor, reference: str, number: int) -> MonitoringPeriod:
    """A reported period that the actor's DOE verifies. Raises NotFound for any other."""
    period = access.period(actor, reference, number)
    if period.verifier_id != actor.organisation_id or period.report_version is None:
        raise NotFound("There is no such case.")
    return period


def finding(request: HttpRequest, pk: int) -> Finding:
    """A finding that the actor may know of, as the participant or as an auditor. Raises Http404."""
    actor = actor_of(request)
    known = Finding.objects.select_related("project__owner", "period__project")
    found = known.filter(pk=pk).first()
    if found is None or actor.organisation_id is None:
        raise Http404
    project = found.project
    parties = {project.owner_id, project.validator_id}
    parties |= set(project.periods.values_list("verifier_id", flat=True))
    if actor.organisation_id not in parties:
        raise Http404
    return found

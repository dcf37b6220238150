"""What `/api/v1/` says of a registered project beyond its line: crediting periods, the registered
versions of its design document, and renewals and changes from their request on. All of it is on the
public page of the project too. Tonnes are decimal strings.
"""

from typing import Any

from rest_framework import serializers

from projects import queries
from projects.models import Project
from projects.revisions import models
from projects.revisions.machine import State


class CreditingPeriod(serializers.Serializer[Any]):
    """A registered crediting period, as it stands now."""

    number = serializers.IntegerField()
    first_date = serializers.DateField()
    last_date = serializers.DateField()
    estimated_annual_tonnes = serializers.CharField()
    design_version = serializers.IntegerField()
    renewed_by = serializers.CharField(
        allow_null=True, help_text="The DOE that validated its renewal."
    )
    registered_at = serializers.DateTimeField()


class RegisteredVersion(serializers.Serializer[Any]):
    """A version of the design document as registered, and what led to it."""

    design_version = serializers.IntegerField()
    effective_date = serializers.DateField(help_text="First day to whose monitoring it applies.")
    registered_at = serializers.DateTimeField()
    revision = serializers.IntegerField(
        allow_null=True, help_text="Number of the renewal or change; null for the registration."
    )


class RequestedRevision(serializers.Serializer[Any]):
    """A renewal or post-registration change that was requested."""

    number = serializers.IntegerField()
    kind = serializers.CharField(help_text=f"One of {', '.join(models.Revision.Kind.values)}.")
    track = serializers.ChoiceField(list(models.Revision.Track.values))
    state = serializers.ChoiceField(list(State.values))
    reasons = serializers.CharField()
    effective_date = serializers.DateField()
    last_date = serializers.DateField(allow_null=True)
    design_version = serializers.IntegerField(allow_null=True)
    requested_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


FIELDS: dict[str, Any] = {
    "crediting_periods": serializers.ListField(child=CreditingPeriod()),
    "registered_versions": serializers.ListField(child=RegisteredVersion()),
    "revisions": serializers.ListField(child=RequestedRevision()),
}


def told(project: Project) -> dict[str, Any]:
    """The three lists of a project that is public."""
    return {
        "crediting_periods": [_credited(each) for each in queries.crediting_periods(project)],
        "registered_versions": [
            {
                "design_version": each.design_version, "effective_date": each.effective_date,
                "registered_at": each.registered_at,
                "revision": each.revision.number if each.revision else None,
            }
            for each in queries.registered_versions(project)
        ],
        "revisions": [_requested(each) for each in queries.public_revisions(project)],
    }


def _credited(row: models.CreditingPeriod) -> dict[str, Any]:
    return {
        "number": row.number, "first_date": row.first_date, "last_date": row.last_date,
        "estimated_annual_tonnes": str(row.estimated_annual_tonnes),
        "design_version": row.design_version,
        "renewed_by": row.renewed_by.name if row.renewed_by else None,
        "registered_at": row.registered_at,
    }


def _requested(row: models.Revision) -> dict[str, Any]:
    return {
        "number": row.number, "kind": row.kind, "track": row.track, "state": row.state,
        "reasons": row.reasons, "effective_date": row.effective_date, "last_date": row.last_date,
        "design_version": row.design_version, "requested_at": row.requested_at,
        "decided_at": row.decided_at,
    }

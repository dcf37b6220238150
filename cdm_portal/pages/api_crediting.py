"""What `/api/v1/` says of a registered project beyond its line: crediting periods, the registered
versions of its design document, and renewals and changes from their request on. All of it is on the
public page of the project too. Tonnes are decimal strings.
"""

from typing import Any

from rest_framework import serializers

from projects import queries
from projects.models import Project
from projects.revisions.machine import State
from projects.revisions.models import Revision


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
    kind = serializers.ChoiceField(list(Revision.Kind.values))
    track = serializers.ChoiceField(list(Revision.Track.values))
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
        "crediting_periods": [
            {
                "number": each.number, "first_date": each.first_date, "last_date": each.last_date,
                "estimated_annual_tonnes": str(each.estimated_annual_tonnes),
                "design_version": each.design_version,
                "renewed_by": each.renewed_by.name if each.renewed_by else None,
                "registered_at": each.registered_at,
            }
            for each in queries.crediting_periods(project)
        ],
        "registered_versions": [
            {
                "design_version": each.design_version, "effective_date": each.effective_date,
                "registered_at": each.registered_at,
                "revision": each.revision.number if each.revision else None,
            }
            for each in queries.registered_versions(project)
        ],
        "revisions": [
            {
                "number": each.number, "kind": each.kind, "track": each.track, "state": each.state,
                "reasons": each.reasons, "effective_date": each.effective_date,
                "last_date": each.last_date, "design_version": each.design_version,
                "requested_at": each.requested_at, "decided_at": each.decided_at,
            }
            for each in queries.public_revisions(project)
        ],
    }

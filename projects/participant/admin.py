"""The participant's records in the admin: read by auditors, edited by nobody."""

from django.contrib import admin

from cdm_portal.readonly_admin import ReadOnlyAdmin
from projects.participant import models
from projects.participant.communication.models import ForwardingRequest, Statement


@admin.register(models.DesignVersion)
class DesignVersionAdmin(ReadOnlyAdmin):
    """Frozen design documents by project and hash."""

    list_display = ("project", "number", "sha256", "submitted_at", "stamped_at")
    search_fields = ("project__reference", "project__number", "project__title", "sha256")
    date_hierarchy = "submitted_at"


@admin.register(models.ReadingsFile)
class ReadingsFileAdmin(ReadOnlyAdmin):
    """Uploaded readings; the file itself is served by the portal's own page."""

    list_display = ("document", "period", "resolution", "reading_count", "uploaded_at")
    search_fields = ("document__filename", "document__blob__sha256", "period__project__number")
    list_filter = ("resolution",)
    date_hierarchy = "uploaded_at"


@admin.register(models.MonitoringReport)
class MonitoringReportAdmin(ReadOnlyAdmin):
    """Frozen monitoring reports with what they claim by commitment period."""

    list_display = ("period", "version", "claimed", "sha256", "reported_at", "stamped_at")
    search_fields = ("period__project__reference", "period__project__number", "sha256")
    date_hierarchy = "reported_at"


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    """Modalities of communication, version by version."""

    list_display = ("project", "number", "state", "proposed_by", "proposed_at", "in_force_at")
    search_fields = ("project__reference", "project__number", "project__title")
    list_filter = ("state",)
    date_hierarchy = "proposed_at"


@admin.register(ForwardingRequest)
class ForwardingRequestAdmin(ReadOnlyAdmin):
    """What focal points asked to be forwarded, and the proposal that it became."""

    list_display = ("project", "quantity", "to_account", "state", "proposed_at", "proposal")
    search_fields = ("project__reference", "project__number", "key")
    list_filter = ("state",)
    date_hierarchy = "proposed_at"

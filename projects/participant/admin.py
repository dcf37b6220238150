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


@admin.register(models.ReadingsImport)
class ReadingsImportAdmin(ReadOnlyAdmin):
    """Long files of readings on their way to count."""

    list_display = ("document", "period", "resolution", "state", "row_count", "queued_at")
    search_fields = ("document__filename", "document__blob__sha256", "period__project__number")
    list_filter = ("state", "resolution")
    date_hierarchy = "queued_at"


@admin.register(models.ReadingsTreatment)
class ReadingsTreatmentAdmin(ReadOnlyAdmin):
    """What was done about faulty readings, and why."""

    list_display = ("key", "choice", "reason", "chosen_by", "chosen_at", "source")
    search_fields = ("key", "reason", "source__period__project__number")
    list_filter = ("choice",)
    date_hierarchy = "chosen_at"


@admin.register(models.ReadingsBlock)
class ReadingsBlockAdmin(ReadOnlyAdmin):
    """Readings of long series, a day of minutes in a row."""

    list_display = ("symbol", "unit", "first_at", "step_seconds", "source")
    search_fields = ("symbol", "source__period__project__number")


@admin.register(models.ColumnMapping)
class ColumnMappingAdmin(ReadOnlyAdmin):
    """How the headers of a project's files are read."""

    list_display = ("project", "header", "reads_as", "set_by", "set_at")
    search_fields = ("header", "reads_as", "project__reference", "project__number")


@admin.register(models.Calibration)
class CalibrationAdmin(ReadOnlyAdmin):
    """Calibrations of meters with their certificates."""

    list_display = (
        "project", "symbol", "meter", "done_date", "due_date", "permissible_error", "error_found",
        "recorded_at", "stamped_at",
    )
    search_fields = ("meter", "laboratory", "project__reference", "project__number")
    list_filter = ("symbol",)
    date_hierarchy = "done_date"


@admin.register(models.AcceptedCorrection)
class AcceptedCorrectionAdmin(ReadOnlyAdmin):
    """Corrections for late calibrations that were accepted, and why."""

    list_display = ("period", "key", "reason", "accepted_by", "accepted_at", "stamped_at")
    search_fields = ("key", "reason", "period__project__reference", "period__project__number")
    date_hierarchy = "accepted_at"


@admin.register(models.EventList)
class EventListAdmin(ReadOnlyAdmin):
    """Lists of what happened at a plant, version by version."""

    list_display = ("period", "number", "document", "recorded_by", "recorded_at", "stamped_at")
    search_fields = ("period__project__reference", "period__project__number")
    date_hierarchy = "recorded_at"


@admin.register(models.PlantEvent)
class PlantEventAdmin(ReadOnlyAdmin):
    """What happened at a plant."""

    list_display = ("kind", "symbol", "begins_at", "ends_at", "note", "source")
    search_fields = ("note", "source__period__project__number")
    list_filter = ("kind",)
    date_hierarchy = "begins_at"


@admin.register(models.Survey)
class SurveyAdmin(ReadOnlyAdmin):
    """Surveys of samples, version by version."""

    list_display = ("symbol", "period", "number", "population", "document", "recorded_at")
    search_fields = ("symbol", "period__project__reference", "period__project__number")
    date_hierarchy = "recorded_at"


@admin.register(models.SurveyAnswer)
class SurveyAnswerAdmin(ReadOnlyAdmin):
    """What was found at each unit of a survey."""

    list_display = ("unit", "asked_date", "value", "survey", "row_number")
    search_fields = ("unit", "survey__symbol", "survey__period__project__number")
    date_hierarchy = "asked_date"

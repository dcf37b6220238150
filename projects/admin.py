"""The cases in the admin: read by auditors, edited by nobody."""

from django.contrib import admin

from cdm_portal.readonly_admin import ReadOnlyAdmin
from projects import models
from projects.activities.models import Activity
from projects.programmes.models import Component
from projects.reference.models import Edition, EditionRow, GridFactor, VersionDates


@admin.register(models.Project)
class ProjectAdmin(ReadOnlyAdmin):
    """Projects by reference, number, title, participant."""

    list_display = (
        "reference", "number", "title", "party_code", "stage", "rules", "owner", "created_at",
    )
    search_fields = ("reference", "number", "title", "owner__name", "validator__name")
    list_filter = ("stage", "kind", "rules", "sector", "party_code")
    date_hierarchy = "created_at"


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    """Activities of the historic record, the untitled ones included."""

    list_display = ("reference", "title", "kind", "status", "hosts", "decided_on", "sheet_row")
    search_fields = ("reference", "identifier", "title")
    list_filter = ("status", "kind", "titled")
    date_hierarchy = "decided_on"


@admin.register(models.MonitoringPeriod)
class MonitoringPeriodAdmin(ReadOnlyAdmin):
    """Monitoring periods with what was claimed, certified and issued."""

    list_display = (
        "project", "number", "first_date", "last_date", "stage", "claimed_tonnes",
        "certified_tonnes", "issued_tonnes",
    )
    search_fields = ("project__reference", "project__number", "project__title", "verifier__name")
    list_filter = ("stage",)
    date_hierarchy = "first_date"


@admin.register(Component)
class ComponentAdmin(ReadOnlyAdmin):
    """Components of programmes, drafts too."""

    list_display = (
        "title", "programme", "number", "state", "doe", "submitted_at", "included_at",
        "excluded_at", "debt_tonnes",
    )
    search_fields = ("title", "programme__reference", "programme__number", "doe__name")
    list_filter = ("state",)
    date_hierarchy = "drafted_at"


@admin.register(models.Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Filed documents by their fingerprint; the bytes are served by the portal's own page."""

    list_display = ("title", "kind", "project", "period", "version", "public", "filed_at")
    search_fields = ("title", "project__reference", "project__number", "blob__sha256")
    list_filter = ("kind", "public")
    date_hierarchy = "filed_at"


@admin.register(models.Finding)
class FindingAdmin(ReadOnlyAdmin):
    """Findings of validations and verifications."""

    list_display = ("__str__", "project", "period", "subject", "state", "raised_by", "raised_at")
    search_fields = ("subject", "project__reference", "project__number", "raised_by__name")
    list_filter = ("kind", "state")
    date_hierarchy = "raised_at"


@admin.register(GridFactor)
class GridFactorAdmin(ReadOnlyAdmin):
    """Grid emission factors, those that wait and those that were turned down too."""

    list_display = (
        "__str__", "party_code", "technologies", "om", "bm", "cm", "valid_from", "valid_to",
        "verified", "state", "proposer_name", "decider_name",
    )
    search_fields = ("grid", "party_code", "source")
    list_filter = ("state", "verified", "technologies", "party_code")
    date_hierarchy = "valid_from"


@admin.register(VersionDates)
class VersionDatesAdmin(ReadOnlyAdmin):
    """Changed days of methodology versions."""

    list_display = (
        "__str__", "valid_from", "valid_to", "grace_to", "verified", "state", "proposer_name",
        "decider_name",
    )
    search_fields = ("code", "version", "source")
    list_filter = ("state", "verified", "code")
    date_hierarchy = "valid_from"


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """Published lists, by the file that was imported."""

    list_display = ("kind", "filename", "sha256", "refused", "imported_at", "stamped_at")
    search_fields = ("filename", "sha256")
    list_filter = ("kind",)
    date_hierarchy = "imported_at"


@admin.register(EditionRow)
class EditionRowAdmin(ReadOnlyAdmin):
    """Rows of published lists."""

    list_display = ("key", "edition", "line")
    search_fields = ("key",)
    list_filter = ("edition__kind",)
    list_select_related = ("edition",)

"""The cases in the admin: read by auditors, edited by nobody."""

from django.contrib import admin

from cdm_portal.readonly_admin import ReadOnlyAdmin
from projects import models
from projects.activities.models import Activity
from projects.programmes.models import Component


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

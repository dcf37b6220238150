"""The DOEs' cases in the admin: read by auditors, edited by nobody."""

from django.contrib import admin

from cdm_portal.readonly_admin import ReadOnlyAdmin
from projects.doe import models


@admin.register(models.Engagement)
class EngagementAdmin(ReadOnlyAdmin):
    """Who was asked to validate or verify what."""

    list_display = ("organisation", "function", "project", "period", "state", "offered_at")
    search_fields = ("organisation__name", "project__reference", "project__number")
    list_filter = ("function", "state")
    date_hierarchy = "offered_at"
    list_select_related = ("organisation", "project", "period__project")


@admin.register(models.Debt)
class DebtAdmin(ReadOnlyAdmin):
    """What DOEs owe in CERs."""

    list_display = ("name", "doe", "ground", "quantity", "opened_at", "due_at", "repaid_at")
    search_fields = ("doe__name",)
    list_filter = ("ground",)
    date_hierarchy = "opened_at"
    list_select_related = ("doe",)


@admin.register(models.Repayment)
class RepaymentAdmin(ReadOnlyAdmin):
    """The cancellations that name a debt."""

    list_display = ("debt", "proposal", "at")
    date_hierarchy = "at"
    list_select_related = ("debt__doe", "proposal")


@admin.register(models.Validation)
class ValidationAdmin(ReadOnlyAdmin):
    """Validations with their opinion."""

    list_display = ("project", "organisation", "state", "published_at", "decided_at")
    search_fields = ("organisation__name", "project__reference", "project__number")
    list_filter = ("state",)
    date_hierarchy = "published_at"
    list_select_related = ("organisation", "project")


@admin.register(models.Observation)
class ObservationAdmin(ReadOnlyAdmin):
    """What DOEs said of sampled records and of checks."""

    list_display = ("verification", "kind", "version", "key", "outcome", "author_name", "at")
    search_fields = ("key",)
    list_filter = ("kind", "outcome")
    date_hierarchy = "at"
    list_select_related = ("verification__period__project",)


@admin.register(models.Verification)
class VerificationAdmin(ReadOnlyAdmin):
    """Verifications with what was certified, by commitment period."""

    list_display = ("period", "organisation", "state", "certified", "published_at", "decided_at")
    search_fields = ("organisation__name", "period__project__reference", "period__project__number")
    list_filter = ("state",)
    date_hierarchy = "published_at"
    list_select_related = ("organisation", "period__project")

"""Requests and their rulings in the admin: read by auditors, edited by nobody."""

from django.contrib import admin

from cdm_portal.readonly_admin import ReadOnlyAdmin
from projects.board import models


@admin.register(models.Request)
class RequestAdmin(ReadOnlyAdmin):
    """Requests for registration and issuance."""

    list_display = (
        "reference", "kind", "project", "period", "state", "submitted_by", "submitted_at",
        "window_closes_at", "decided_at",
    )
    search_fields = (
        "reference", "project__reference", "project__number", "project__title",
        "submitted_by__name",
    )
    list_filter = ("kind", "state")
    date_hierarchy = "submitted_at"
    list_select_related = ("project", "period__project", "submitted_by")


@admin.register(models.Instruction)
class InstructionAdmin(ReadOnlyAdmin):
    """What the Board instructed the registry to issue."""

    list_display = ("request", "commitment_period", "quantity", "at")
    search_fields = ("request__reference", "request__project__number")
    date_hierarchy = "at"
    list_select_related = ("request",)


@admin.register(models.Exclusion)
class ExclusionAdmin(ReadOnlyAdmin):
    """What the Board decided about components that may have been included in error."""

    list_display = ("component", "state", "tonnes", "prepared_at", "decided_at")
    search_fields = ("component__title", "component__programme__number", "reasons")
    list_filter = ("state",)
    date_hierarchy = "prepared_at"
    list_select_related = ("component__programme",)


@admin.register(models.Inquiry)
class InquiryAdmin(ReadOnlyAdmin):
    """What the Board decided about CERs that may have been issued in excess."""

    list_display = ("period", "doe", "state", "proposed", "excess", "prepared_at", "decided_at")
    search_fields = ("period__project__number", "doe__name", "reasons")
    list_filter = ("state",)
    date_hierarchy = "prepared_at"
    list_select_related = ("period__project", "doe")

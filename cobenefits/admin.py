"""Auditors read the reports here; nobody edits them."""

from django.contrib import admin

from cdm_portal.readonly_admin import ReadOnlyAdmin
from cobenefits import models


@admin.register(models.Report)
class ReportAdmin(ReadOnlyAdmin):
    """Reports by project."""

    list_display = ("project", "version", "state", "submitted_at", "published_at", "ended_at")
    list_filter = ("state",)
    search_fields = ("project__reference", "project__number", "project__title")
    date_hierarchy = "submitted_at"

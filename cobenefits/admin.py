"""Auditors read the reports, the indicators and the checks here; nobody edits them. The secretariat
keeps the list of indicators on its own page.
"""

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


@admin.register(models.IndicatorEntry)
class IndicatorEntryAdmin(ReadOnlyAdmin):
    """What was entered about indicators, from which day on."""

    list_display = ("section", "key", "label", "unit", "ended", "verified", "valid_from",
                    "person_name")
    list_filter = ("section", "verified", "ended")
    search_fields = ("key", "label", "source")
    date_hierarchy = "valid_from"


@admin.register(models.Check)
class CheckAdmin(ReadOnlyAdmin):
    """Checks of versions by DOEs."""

    list_display = ("report", "doe", "state", "asked_at", "decided_at", "concluded_at")
    list_filter = ("state",)
    search_fields = ("report__project__reference", "report__project__number", "doe__name")
    date_hierarchy = "asked_at"

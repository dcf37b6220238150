"""Letters of approval in the admin: read by auditors, edited by nobody."""

from django.contrib import admin

from cdm_portal.readonly_admin import ReadOnlyAdmin
from projects.dna import models


@admin.register(models.Letter)
class LetterAdmin(ReadOnlyAdmin):
    """Letters by Party and state."""

    list_display = ("__str__", "project", "party_code", "state", "requested_at", "decided_at")
    search_fields = ("number", "sha256", "project__reference", "project__number", "project__title")
    list_filter = ("state", "party_code")
    date_hierarchy = "requested_at"
    list_select_related = ("project",)

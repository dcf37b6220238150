"""The journal in the admin: searched and exported by auditors, edited by nobody."""

from django.contrib import admin

from cdm_portal.journal import models
from cdm_portal.readonly_admin import ReadOnlyAdmin


@admin.register(models.Entry)
class EntryAdmin(ReadOnlyAdmin):
    """Who did what, when."""

    list_display = (
        "id", "effective_at", "at", "verb", "actor_name", "actor_role", "actor_organisation",
        "project", "subject_type", "subject_id",
    )
    search_fields = ("verb", "project", "actor_name", "actor_organisation", "subject_id")
    list_filter = ("actor_role", "verb")
    date_hierarchy = "effective_at"

"""People and organisations in the admin: seen by staff; registered and granted through actions."""

from django.contrib import admin

from cdm_portal.identity import models
from cdm_portal.readonly_admin import ReadOnlyAdmin


@admin.register(models.Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    """Organisations by kind and Party."""

    list_display = ("name", "kind", "party_code", "fictional")
    search_fields = ("name", "party_code")
    list_filter = ("kind",)


@admin.register(models.Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Roles that people hold, from when to when."""

    list_display = (
        "person", "role", "organisation", "seat", "seat_number", "alternate", "office",
        "valid_from", "valid_to",
    )
    search_fields = ("person__name", "organisation__name")
    list_filter = ("role",)
    date_hierarchy = "valid_from"

"""Requests for accounts as auditors see them in the admin: to read, not to change. Files are read
on the page of the request; here they have their names and hashes alone."""

from django.contrib import admin

from cdm_portal.readonly_admin import ReadOnlyAdmin
from registry.governance.models import Closure
from registry.ledger_admin import LedgerAdmin
from registry.opening import models


@admin.register(models.AccountRequest)
class AccountRequestAdmin(ReadOnlyAdmin):
    """Who asked for a holding account, and what became of it."""

    list_display = ("reference", "holder", "party", "state", "requested_at", "decided_at")
    list_filter = ("state",)
    search_fields = ("holder__name", "account_name")
    date_hierarchy = "requested_at"
    list_select_related = ("holder", "party")


@admin.register(models.EvidenceItem)
class EvidenceItemAdmin(ReadOnlyAdmin):
    """What stands of each item of the evidence."""

    list_display = ("request", "key", "mark")
    list_filter = ("mark", "key")
    list_select_related = ("request",)


@admin.register(models.EvidenceFile)
class EvidenceFileAdmin(ReadOnlyAdmin):
    """Files of the evidence, without their bytes."""

    exclude = ("data",)
    list_display = ("filename", "item", "size", "sha256", "filed_at")
    search_fields = ("filename", "=sha256")
    list_select_related = ("item",)


@admin.register(models.EvidenceWord)
class EvidenceWordAdmin(ReadOnlyAdmin):
    """What was said about the evidence."""

    list_display = ("item", "mark", "said_by", "said_at")
    list_filter = ("mark",)
    list_select_related = ("item", "said_by")


@admin.register(models.ProposedRepresentative)
class ProposedRepresentativeAdmin(ReadOnlyAdmin):
    """Who is to act for an account that is asked for."""

    list_display = ("request", "seat", "person")
    list_select_related = ("request", "person")


@admin.register(Closure)
class ClosureAdmin(LedgerAdmin):
    """Closures that were asked for, and how each ended."""

    accounts = ("account_id",)
    list_display = ("account", "was", "asked_by", "by_holder", "at", "outcome", "decided_by")
    list_filter = ("outcome",)
    search_fields = ("account__number", "reason")
    list_select_related = ("account",)

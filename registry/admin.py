"""The ledger for auditors: everything to see, to search and to take along, nothing to change."""

from django.contrib import admin

from cdm_portal.readonly_admin import ReadOnlyAdmin
from registry import models
from registry.governance import models as governance
from registry.importing import models as importing
from registry.ledger_admin import LedgerAdmin, SerialAdmin
from registry.opening import windows as windows  # registers the requests for accounts
from registry.transparency import models as transparency


@admin.register(models.Party)
class PartyAdmin(ReadOnlyAdmin):
    """Parties and their serial counters."""

    list_display = ("code", "name", "region", "annex_i", "ldc", "sids", "next_serial")
    list_filter = ("region", "annex_i", "ldc", "sids")
    search_fields = ("code", "name")


@admin.register(models.Account)
class AccountAdmin(LedgerAdmin):
    """Accounts."""

    accounts = ("pk",)
    list_display = ("number", "name", "kind", "party", "standing", "frozen", "terminal")
    list_filter = ("kind", "standing", "frozen", "terminal")
    search_fields = ("number", "name")
    list_select_related = ("party",)


@admin.register(models.InstructionLine)
class InstructionLineAdmin(LedgerAdmin):
    """Lines of the Board's instructions."""

    project = "project_number"
    list_display = (
        "reference", "project_number", "party", "commitment_period", "quantity",
        "share_of_proceeds", "at", "released_at",
    )  # fmt: skip
    list_filter = ("commitment_period", "unit_type")
    search_fields = ("reference", "project_number")
    date_hierarchy = "at"
    list_select_related = ("party",)


@admin.register(models.Transaction)
class TransactionAdmin(LedgerAdmin):
    """Bookings other than sales."""

    list_display = ("reference", "verb", "initiator", "approver", "effective_at", "at", "leaf_hex")
    list_filter = ("verb",)
    search_fields = ("=id", "=key")
    date_hierarchy = "effective_at"
    exported = ("reference",)


@admin.register(models.Issuance)
class IssuanceAdmin(SerialAdmin):
    """Issuances."""

    to_issuance, project = "", "project_number"
    list_display = ("serial", "project_number", "party", "applicable_cp", "effective_at", "at")
    list_filter = ("unit_type", "applicable_cp", "party")
    search_fields = ("project_number", "line__reference")
    date_hierarchy = "effective_at"
    list_select_related = ("party",)


@admin.register(models.Block)
class BlockAdmin(SerialAdmin):
    """Where every unit is."""

    accounts = ("account_id",)
    list_display = ("serial", "account", "frozen")
    list_filter = ("frozen", "account__kind")
    search_fields = ("issuance__project_number", "account__number", "account__name")
    list_select_related = ("issuance", "account")


@admin.register(models.Lot)
class LotAdmin(SerialAdmin):
    """Units on offer."""

    accounts = ("block__account_id",)
    list_display = ("serial", "next_serial", "kept_hi", "end_key")
    search_fields = ("issuance__project_number",)
    list_select_related = ("issuance",)


@admin.register(models.Hold)
class HoldAdmin(LedgerAdmin):
    """Units held for orders."""

    project = "lot__issuance__project_number"
    list_display = ("lot", "quantity", "order_key", "expires_at")
    search_fields = ("=order_key", "lot__issuance__project_number")
    list_select_related = ("lot__issuance",)


@admin.register(models.Cancellation)
class CancellationAdmin(SerialAdmin):
    """Cancellations, and the releases of unsold tails."""

    first, last, to_issuance = "s", "e", "lot__issuance__"
    project = "lot__issuance__project_number"
    list_display = ("reference", "serial", "quantity", "kind", "buyer", "effective_at", "at")
    list_filter = (
        "kind", "lot__issuance__applicable_cp", "lot__issuance__unit_type",
        "lot__block__account__kind", "lot__issuance__party",
    )  # fmt: skip
    search_fields = ("lot__issuance__project_number", "=buyer", "=key")
    date_hierarchy = "effective_at"
    list_select_related = ("lot__issuance",)
    exported = ("reference", "serial", "quantity")


@admin.register(models.Posting)
class PostingAdmin(SerialAdmin):
    """Debit, credit and serials of every movement."""

    accounts = ("dr_id", "cr_id")
    list_display = ("id", "serial", "qty", "dr", "cr", "tx", "cancellation")
    search_fields = ("issuance__project_number", "dr__number", "cr__number")
    list_select_related = ("issuance", "dr", "cr", "tx", "cancellation__lot__issuance")


@admin.register(models.Proposal)
class ProposalAdmin(LedgerAdmin):
    """What waited, or waits, for a second person."""

    accounts, project = ("from_account_id", "to_account_id"), "project_number"
    list_display = (
        "id", "verb", "project_number", "quantity", "from_account", "to_account", "state", "at",
    )  # fmt: skip
    list_filter = ("state", "verb")
    search_fields = ("project_number", "from_account__number", "to_account__number")
    date_hierarchy = "at"
    list_select_related = ("from_account", "to_account")


@admin.register(models.Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    """What the runs of the invariants found."""

    list_display = ("at", "ok", "checks")
    list_filter = ("ok",)
    date_hierarchy = "at"


@admin.register(governance.TransactionState)
class TransactionStateAdmin(LedgerAdmin):
    """The states that proposals went through."""

    list_display = ("key", "n", "was", "state", "person", "effective_at", "at")
    list_filter = ("state",)
    search_fields = ("=key",)
    date_hierarchy = "effective_at"


@admin.register(governance.Measure)
class MeasureAdmin(LedgerAdmin):
    """What two persons decide about accounts, blocks and the whole registry."""

    accounts = ("account_id", "trusted_id")
    list_display = ("id", "verb", "account", "block", "trusted", "state", "initiator", "at")
    list_filter = ("verb", "state")
    search_fields = ("account__number", "reason", "=key")
    date_hierarchy = "at"
    list_select_related = ("account", "block__issuance", "trusted")


@admin.register(governance.Stop)
class StopAdmin(LedgerAdmin):
    """When the whole registry stood still."""

    list_display = ("id", "tx", "resumed")
    list_select_related = ("tx", "resumed")


@admin.register(governance.Representative)
class RepresentativeAdmin(LedgerAdmin):
    """Who acts for an account, since when, until when."""

    accounts = ("account_id",)
    list_display = ("account", "person_id", "seat", "since", "until")
    search_fields = ("account__number", "=person_id")
    list_select_related = ("account",)


@admin.register(governance.Authorisation)
class AuthorisationAdmin(LedgerAdmin):
    """Whom a Party's letter authorises to receive a project's units."""

    project = "project_number"
    list_display = ("project_number", "holder_id", "party", "letter", "since", "until")
    search_fields = ("project_number", "letter")
    list_select_related = ("party",)


@admin.register(governance.TrustedAccount)
class TrustedAccountAdmin(LedgerAdmin):
    """To which accounts an account may send units."""

    accounts = ("account_id", "trusted_id")
    list_display = ("account", "trusted", "since", "until")
    search_fields = ("account__number", "trusted__number")
    list_select_related = ("account", "trusted")


@admin.register(transparency.Seal)
class SealAdmin(LedgerAdmin):
    """Seals of the log: which rows each took in, and the root of the tree then."""

    ordering = ("-number",)
    list_display = ("number", "epoch", "tree_size", "at")
    search_fields = ("=number",)
    date_hierarchy = "at"


@admin.register(transparency.SealSignature)
class SealSignatureAdmin(LedgerAdmin):
    """Signatures under tree heads."""

    list_display = ("seal", "at")
    search_fields = ("=seal__number",)
    list_select_related = ("seal",)


@admin.register(transparency.SealLeaf)
class SealLeafAdmin(LedgerAdmin):
    """The sealed rows of record in the order of the log."""

    ordering = ("-index",)
    list_display = ("index", "kind", "record_id", "seal")
    list_filter = ("kind",)
    search_fields = ("=index", "=record_id")
    list_select_related = ("seal",)


@admin.register(importing.ImportedLine)
class ImportedLineAdmin(LedgerAdmin):
    """Which lines of instructions the import wrote, and for which row of the published report."""

    ordering = ("-line_id",)
    project = "line__project_number"
    list_display = ("line", "__str__")
    search_fields = ("line__project_number",)
    list_select_related = ("line",)

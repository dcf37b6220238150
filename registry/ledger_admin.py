"""What the auditors' lists of the ledger share: one search for every number, one file of all rows.

A search asks the ledger's indexes: first which issuances or accounts are meant, then which rows
belong to them. No text is searched for in the rows themselves, which grow without end.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase

from cdm_portal.identity.models import Organisation
from cdm_portal.readonly_admin import ReadOnlyAdmin, csv_answer
from registry import typed
from registry.models import Account, Cancellation, Issuance, Transaction
from registry.serials import PROJECT_NUMBER

CHUNK = 2000
QUOTED = {"TX": Transaction, "CX": Cancellation}


class LedgerAdmin(ReadOnlyAdmin):
    """A list of the ledger.

    `accounts` are the keys to accounts, `project` the field with the project number, `exported`
    what a file has beside the columns: attributes of a row.
    """

    accounts: tuple[str, ...] = ()
    project = ""
    exported: tuple[str, ...] = ()
    ordering = ("-id",)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The list, or with `export=csv` all of its rows, on whichever page of it one is."""
        wanted = request.GET.copy()
        if wanted.pop("export", None) != ["csv"]:
            return super().changelist_view(request, extra_context)
        request.GET = wanted  # type: ignore[assignment] # the list reads its filters from here
        return self.export_all(request)

    def export_all(self, request: HttpRequest) -> HttpResponseBase:
        """Every row that the search and the filters leave, by one cursor of the database: neither
        counted nor paged, so a row costs the same at the end of a long list as at its beginning."""
        found = self.get_changelist_instance(request).get_queryset(request)
        names = [field.attname for field in self.model._meta.concrete_fields]
        header = [*names, *self.exported]
        rows = (
            [getattr(row, name) for name in header]
            for row in found.iterator(chunk_size=CHUNK)
        )  # fmt: skip
        return csv_answer(self.model._meta.model_name or "rows", header, rows)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A serial number, a reference, a project, an account or an organisation; else the fields
        that the list names."""
        term = search_term.strip()
        if not term:
            return queryset, False
        for meant in (self.by_reference, self.by_serial, self.by_project, self.by_account):
            if (condition := meant(term)) is not None:
                return queryset.filter(condition), False
        return super().get_search_results(request, queryset, search_term)

    def by_reference(self, term: str) -> Q | None:
        """The row that a reference `CX-…-000017` or `TX-…-000017` quotes, in its own list."""
        quoted = typed.REFERENCE.fullmatch(term.upper())
        if quoted is None or QUOTED.get(quoted["kind"]) is not self.model:
            return None
        return Q(pk=int(quoted["pk"]))

    def by_serial(self, term: str) -> Q | None:
        """The rows that touch the units of a serial number: only of lists that have serials."""
        del term
        return None

    def by_project(self, term: str) -> Q | None:
        """The rows of a project, by its number."""
        number = term.upper()
        if not self.project or PROJECT_NUMBER.fullmatch(number) is None:
            return None
        return Q(**{self.project: number})

    def by_account(self, term: str) -> Q | None:
        """The rows of an account, by its number or name, or of an organisation's accounts."""
        if not self.accounts:
            return None
        holders = Organisation.objects.filter(name__icontains=term).values("pk")
        named = Q(number__iexact=term) | Q(name__icontains=term) | Q(holder_id__in=holders)
        ids = list(Account.objects.filter(named).values_list("pk", flat=True)[:500])
        if not ids:
            return None
        condition = Q()
        for key in self.accounts:
            condition |= Q(**{f"{key}__in": ids})
        return condition


class SerialAdmin(LedgerAdmin):
    """A list whose rows have serials: `first` and `last` are their columns, `to_issuance` the way
    to the issuance."""

    first, last, to_issuance = "lo", "hi", "issuance__"
    project = "issuance__project_number"
    exported: tuple[str, ...] = ("serial",)

    def by_serial(self, term: str) -> Q | None:
        """The rows that touch the units of a serial number, whole or in part (`KE-1001`)."""
        try:
            asked = typed.serials(term)
        except typed.Misread:
            return Q(pk__in=[])
        if asked is None or not asked.party:
            return None
        block = asked.block
        made = Issuance.objects.filter(
            party_id=asked.party, nxt__gt=block.first, lo__lte=block.last
        )
        return Q(
            **{
                f"{self.to_issuance}pk__in" if self.to_issuance else "pk__in": made.values("pk"),
                f"{self.first}__lte": block.last,
                f"{self.last}__gte": block.first,
            }
        )

"""Accounts and requests for them in `/api/v1/`: a holder reads its own, the registry and auditors
read all.

What was said about the evidence and the files themselves stay on the pages.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal.pages.api_guard import acting, permitted
from cdm_portal.pages.api_views import CURSOR, listed, page_of
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from cdm_portal.values import Role
from registry.governance.standing import Standing
from registry.models import Account
from registry.opening import machine, queries
from registry.opening.evidence import BY_KEY
from registry.opening.models import AccountRequest, EvidenceItem

READS = permitted((Row.ACCOUNT, Right.READ))
ITEM = inline_serializer(
    "EvidenceItem",
    {
        "key": serializers.ChoiceField(list(BY_KEY)),
        "mark": serializers.ChoiceField(EvidenceItem.Mark.choices),
        "files": serializers.IntegerField(help_text="How many files are there."),
    },
)
ASKED: dict[str, Any] = {
    "id": serializers.CharField(), "reference": serializers.CharField(),
    "state": serializers.ChoiceField(AccountRequest.State.choices),
    "holder": serializers.CharField(), "party": serializers.CharField(),
    "account_name": serializers.CharField(),
    "requested_at": serializers.DateTimeField(),
    "taken_up_at": serializers.DateTimeField(allow_null=True),
    "concluded_at": serializers.DateTimeField(
        allow_null=True, help_text="From then on it waits for a second administrator."
    ),
    "decided_at": serializers.DateTimeField(allow_null=True),
    "account": serializers.CharField(allow_null=True, help_text="Number of the account opened."),
    "url": serializers.URLField(),
}
REQUEST = inline_serializer("AccountRequest", ASKED)
DETAIL = inline_serializer(
    "AccountRequestDetail",
    ASKED | {
        "reasons": serializers.CharField(help_text="Why it was refused."),
        "evidence": serializers.ListField(child=ITEM),
    },
)
ACCOUNT = inline_serializer(
    "HoldingAccount",
    {
        "id": serializers.CharField(), "number": serializers.CharField(),
        "name": serializers.CharField(), "party": serializers.CharField(allow_null=True),
        "standing": serializers.ChoiceField([*Standing.values, "closed"]),
        "frozen": serializers.BooleanField(),
        "closed_at": serializers.DateTimeField(allow_null=True),
    },
)


class Accounts(APIView):
    """Accounts of holders, and where each stands."""

    permission_classes = (READS,)

    @extend_schema(responses=page_of(ACCOUNT, "HoldingAccountPage"), parameters=CURSOR)
    def get(self, request: Request) -> Response:
        """List the accounts that are yours to know, newest first."""
        actor = acting(request)
        rows = Account.objects.order_by("-id")
        if actor.role == Role.PARTICIPANT:
            rows = rows.filter(holder_id=actor.office)
        return listed(request, rows, lambda found: [_account(row) for row in found])


class AccountRequests(APIView):
    """Requests for holding accounts."""

    permission_classes = (READS,)

    @extend_schema(responses=page_of(REQUEST, "AccountRequestPage"), parameters=CURSOR)
    def get(self, request: Request) -> Response:
        """List the requests that are yours to know, newest first."""
        rows = queries.requests(acting(request))
        return listed(request, rows, lambda found: [_asked(row) for row in found])


class AccountRequestDetail(APIView):
    """One request for a holding account."""

    permission_classes = (READS,)

    @extend_schema(operation_id="v1_registry_account_request_retrieve", responses=DETAIL)
    def get(self, request: Request, pk: int) -> Response:
        """Where it stands, and what the registry thinks of each item of the evidence."""
        actor = acting(request)
        found = queries.request(actor, pk) if pk < 2**63 else None
        if found is None or not machine.sees(actor, found):
            raise NotFound("There is no such request.")
        return Response(_asked(found) | {
            "reasons": found.reasons,
            "evidence": [
                {"key": item.key, "mark": item.mark, "files": len(item.files.all())}
                for item in found.items.all()
            ],
        })  # fmt: skip


def _asked(row: AccountRequest) -> dict[str, Any]:
    page = reverse("registry:account_request", args=[row.pk])
    return {
        "id": f"har_{row.pk}", "reference": row.reference, "state": row.state,
        "holder": row.holder.name, "party": row.party_id, "account_name": row.account_name,
        "requested_at": row.requested_at, "taken_up_at": row.taken_up_at,
        "concluded_at": row.concluded_at, "decided_at": row.decided_at,
        "account": row.account.number if row.account else None, "url": settings.SITE_URL + page,
    }  # fmt: skip


def _account(row: Account) -> dict[str, Any]:
    return {
        "id": f"acc_{row.pk}", "number": row.number, "name": row.name, "party": row.party_id,
        "standing": "closed" if row.closed_at else row.standing, "frozen": row.frozen,
        "closed_at": row.closed_at,
    }  # fmt: skip

"""Proposing a transfer or cancellation by `/api/v1/`, safely repeated by its Idempotency-Key.

The key belongs to the person: sent again with the same body it answers the same, with another body
it is refused (422), and while the first request runs too (409). A refused request leaves nothing
behind, so its key may be used again. Whoever signed in on this browser acts; forgery is kept out as
on the pages.
"""

from typing import Any
from uuid import UUID, uuid5

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal import clock
from cdm_portal.pages.api_guard import acting, permitted
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor
from registry import access, actions
from registry.errors import refusal
from registry.governance import queries as governance
from registry.governance.models import Proposal
from registry.models import Account
from registry.serials import SerialNumber, Unreadable, read_account_number

KEYS = UUID("0d1f3c52-7a56-5c29-9d07-6c1f0c6f2a31")
"""The name space of the keys that people choose."""
LONGEST_KEY = 100

ASKED = inline_serializer(
    "ProposalRequest",
    {
        "from_account": serializers.CharField(help_text="Account number."),
        "to_account": serializers.CharField(help_text="Account number: of a national registry, or "
                                            "the registry’s own cancellation account."),
        "serials": serializers.CharField(required=False, help_text="Exactly these units."),
        "project_number": serializers.CharField(required=False, help_text="Without serials."),
        "quantity": serializers.IntegerField(required=False, help_text="Without serials."),
        "commitment_period": serializers.IntegerField(required=False, allow_null=True),
        "unit_type": serializers.IntegerField(required=False, help_text="5 (CER) if left out."),
    },
)  # fmt: skip
PROPOSED: dict[str, Any] = {
    "id": serializers.CharField(), "verb": serializers.CharField(),
    "from_account": serializers.CharField(), "to_account": serializers.CharField(),
    "project_number": serializers.CharField(), "unit_type": serializers.IntegerField(),
    "commitment_period": serializers.IntegerField(allow_null=True),
    "quantity": serializers.CharField(), "sha256": serializers.CharField(),
    "at": serializers.DateTimeField(), "url": serializers.CharField(),
}  # fmt: skip
STEP = inline_serializer(
    "ProposalStep",
    {
        "state": serializers.IntegerField(), "name": serializers.CharField(),
        "at": serializers.DateTimeField(),
    },
)
STANDING = {
    "state": serializers.ChoiceField(Proposal.State.choices),
    "execute_after": serializers.DateTimeField(allow_null=True),
    "reason": serializers.CharField(), "transaction": serializers.CharField(allow_null=True),
    "history": serializers.ListField(child=STEP),
}  # fmt: skip
KEY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description=f"1 to {LONGEST_KEY} printable characters, a new one for each request.",
)  # fmt: skip


class Body(serializers.Serializer[Any]):
    """The shape of a request; the registry decides whether it can be booked."""

    from_account = serializers.CharField(max_length=40)
    to_account = serializers.CharField(max_length=40)
    serials = serializers.CharField(required=False, max_length=120)
    project_number = serializers.CharField(required=False, max_length=10)
    quantity = serializers.IntegerField(required=False, min_value=1, max_value=10**15 - 1)
    commitment_period = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=3
    )
    unit_type = serializers.IntegerField(required=False, min_value=5, max_value=7)


class Proposals(APIView):
    """Transfers and cancellations that wait for a second person."""

    permission_classes = (
        permitted((Row.FORWARDING, Right.CREATE), (Row.FORWARDING, Right.EXECUTE)),
    )
    authentication_classes = (SessionAuthentication,)

    @extend_schema(
        operation_id="v1_registry_proposals_create", request=ASKED, parameters=[KEY],
        responses={201: inline_serializer("Proposal", PROPOSED)},
    )
    def post(self, request: Request) -> Response:
        """Propose to transfer or to cancel units; a second person approves it in the portal."""
        actor = acting(request)
        key = _key(request, actor)
        proposal = actions.propose_forwarding(
            actor=actor, at=clock.now(), key=key, **_asked(request)
        )
        shown = _proposal(Proposal.objects.select_related("from_account", "to_account").get(
            pk=proposal.pk))  # fmt: skip
        return Response(shown, status=201, headers={"Location": shown["url"]})


class ProposalDetail(APIView):
    """One proposal, and where it stands."""

    permission_classes = (
        permitted(
            (Row.FORWARDING, Right.CREATE), (Row.FORWARDING, Right.EXECUTE),
            (Row.FORWARDING, Right.READ_ALL),
        ),
    )
    authentication_classes = (SessionAuthentication,)

    @extend_schema(
        operation_id="v1_registry_proposals_retrieve",
        responses=inline_serializer("ProposalStanding", PROPOSED | STANDING),
    )
    def get(self, request: Request, pk: int) -> Response:
        """A proposal of one's own, or any for the registry and an auditor, with its history."""
        actor = acting(request)
        rows = Proposal.objects.select_related("from_account", "to_account", "tx")
        found = rows.filter(pk=pk).first() if pk < 2**63 else None
        if found is None or not _may_read(actor, found):
            raise NotFound("There is no such proposal.")
        return Response(_proposal(found) | {
            "state": found.state, "execute_after": found.execute_after, "reason": found.reason,
            "transaction": found.tx.reference if found.tx else None,
            "history": [
                {"state": step.state, "name": step.get_state_display(), "at": step.at}
                for step in governance.way(found.key)
            ],
        })  # fmt: skip


def _may_read(actor: Actor, proposal: Proposal) -> bool:
    own = proposal.initiator == access.person(actor)
    known = {*access.EXECUTES, *access.READ_PROPOSALS}
    return actor.role in known or own or access.holds(actor, proposal.from_account)


def _key(request: Request, actor: Actor) -> UUID:
    """The person's key as the ledger's. Raises KeyMissing, Unusable."""
    text = request.headers.get("Idempotency-Key")
    if text is None:
        raise refusal("R701")
    if not (1 <= len(text) <= LONGEST_KEY and text.isascii() and text.isprintable()):
        raise refusal("R704", field="Idempotency-Key")
    return uuid5(KEYS, f"{access.person(actor)}:{text}")


def _asked(request: Request) -> dict[str, Any]:
    """The body as `propose_forwarding` takes it. Raises Invalid, UnknownAccount."""
    body = Body(data=request.data)
    if not body.is_valid():
        wrong = body.errors.items()
        raise Invalid({name: [str(said) for said in found] for name, found in wrong})
    given: dict[str, Any] = body.validated_data
    accounts = {
        f"{side}_id": _account(given[side], side) for side in ("from_account", "to_account")
    }
    if "serials" in given:
        return accounts | {"serials": _serials(given["serials"]), "project_number": "",
                           "quantity": 0}  # fmt: skip
    for name in ("project_number", "quantity"):
        if name not in given:
            raise Invalid.of(name, "Say which serials, or which project and how many units.")
    return accounts | {
        "project_number": given["project_number"], "quantity": given["quantity"],
        "commitment_period": given.get("commitment_period"),
        "unit_type": given.get("unit_type", 5),
    }  # fmt: skip


def _serials(text: str) -> SerialNumber:
    try:
        return SerialNumber.parse(text)
    except Unreadable as wrong:
        raise refusal(wrong.check, wrong.said, field="serials") from wrong


def _account(text: str, field: str) -> int:
    try:
        read_account_number(text)
    except Unreadable as wrong:
        raise refusal(wrong.check, wrong.said, field=field) from wrong
    found = Account.objects.filter(number=text.strip().upper()).first()
    if found is None:
        raise refusal("R205")
    return found.pk


def _proposal(proposal: Proposal) -> dict[str, Any]:
    """What was proposed: nothing in it changes afterwards, so that a repetition answers the same.
    """
    return {
        "id": f"prp_{proposal.pk}", "verb": proposal.verb,
        "from_account": proposal.from_account.number, "to_account": proposal.to_account.number,
        "project_number": proposal.project_number, "unit_type": proposal.unit_type,
        "commitment_period": proposal.commitment_period, "quantity": str(proposal.quantity),
        "sha256": proposal.sha256_hex, "at": proposal.at,
        "url": reverse("api:proposal", args=[proposal.pk]),
    }  # fmt: skip

"""The registry's read side of `/api/v1/`: serials, blocks, transactions, statements.

Everybody reads what is public; a signed-in holder reads its own accounts, the registry and auditors
all (reliability, E12). Filters have the names of the website's addresses.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal.pages.api_guard import acting, actor_of, permitted
from cdm_portal.pages.api_views import CURSOR, listed, page, page_of, window
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor
from registry import access, knowing, lives, parts, queries, typed
from registry.lives import Life
from registry.models import Account, Posting, Transaction
from registry.serials import SerialNumber

SERIAL: dict[str, Any] = {
    "serial": serializers.CharField(help_text="As printed, a block with both its ends."),
    "party": serializers.CharField(),
    "project_number": serializers.CharField(),
    "unit_type": serializers.IntegerField(help_text="5 CER, 6 tCER, 7 lCER."),
    "commitment_period": serializers.IntegerField(),
    "quantity": serializers.CharField(help_text="Units, a decimal string."),
}
STATE = serializers.ChoiceField(list(parts.STATES))
MOVEMENT = inline_serializer(
    "UnitMovement",
    {
        "at": serializers.DateTimeField(), "what": serializers.CharField(),
        "reference": serializers.CharField(), "quantity": serializers.CharField(),
        "record": serializers.CharField(help_text="Kind and id of the row of record."),
        "leaf": serializers.CharField(help_text="SHA-256 of the row, hexadecimal."),
    },
)
PART = inline_serializer(
    "UnitPart",
    {
        "serial": serializers.CharField(allow_null=True, help_text="Null where it is not public."),
        "state": STATE, "quantity": serializers.CharField(),
    },
)
UNITS = inline_serializer(
    "Units",
    SERIAL | {
        "asked": serializers.CharField(), "state": STATE,
        "issued_in": serializers.CharField(), "issued_at": serializers.DateTimeField(),
        "cancellation": serializers.CharField(allow_null=True),
        "parts": serializers.ListField(child=PART),
        "movements": serializers.ListField(child=MOVEMENT),
        "url": serializers.URLField(),
    },
)
BLOCK = inline_serializer(
    "Block",
    {"id": serializers.CharField()} | SERIAL | {
        "state": STATE, "account": serializers.CharField(allow_null=True),
    },
)
BOOKING = inline_serializer(
    "Transaction",
    {
        "id": serializers.CharField(), "reference": serializers.CharField(),
        "verb": serializers.CharField(), "at": serializers.DateTimeField(),
        "effective_at": serializers.DateTimeField(), "leaf": serializers.CharField(),
    },
)
LINE = inline_serializer(
    "StatementLine",
    {"id": serializers.CharField()} | SERIAL | {
        "reference": serializers.CharField(), "from_account": serializers.CharField(),
        "to_account": serializers.CharField(), "effective_at": serializers.DateTimeField(),
    },
)


def numbered(serial: SerialNumber) -> dict[str, Any]:
    """The fields of SERIAL."""
    return {
        "serial": str(serial), "party": serial.party, "project_number": serial.project_number,
        "unit_type": serial.unit_type, "commitment_period": serial.applicable_cp,
        "quantity": str(serial.quantity),
    }  # fmt: skip


def asked_for(text: str) -> SerialNumber:
    """The units that a text names by Party and serial. Raises NotFound, Invalid."""
    try:
        meant = typed.serials(text)
    except typed.Misread as error:
        raise Invalid.of("number", str(error)) from error
    if meant is None or not meant.party:
        raise Invalid.of("number", "A number looks like KE-5-1001-2-2-0-3335, or like KE-1001.")
    made = queries.issuance_at(meant.party, meant.block.first)
    if made is None or meant.block.last > made.hi:
        raise NotFound("No issuance made these units.")
    number = made.number(meant.block.first, meant.block.last)
    if meant.project and meant.project != number.project_number:
        raise NotFound(f"These units are {number}.")
    return number


class Units(APIView):
    """One unit or block, and its whole life."""

    permission_classes = (permitted((Row.BALANCE, Right.SEE)),)

    @extend_schema(operation_id="v1_registry_units_retrieve", responses=UNITS)
    def get(self, request: Request, number: str) -> Response:
        """A serial number, whole or short (`KE-1001`, `KE-1001-1050`), and what became of it."""
        asked = asked_for(number)
        life = queries.life_of(asked, everything=False)
        if life is None:
            raise NotFound("No issuance made these units.")
        actor = actor_of(request)
        everything = knowing.may_know(actor, life)
        if everything:
            life = queries.life_of(asked) or life
        return Response(_life(life, everything=everything))


def _life(life: Life, *, everything: bool) -> dict[str, Any]:
    serial = life.part.serial
    return numbered(serial) | {
        "asked": str(life.asked), "state": life.part.key, "issued_in": str(life.issuance.serial),
        "issued_at": life.issuance.effective_at,
        "cancellation": f"can_{life.cancellation}" if life.cancellation else None,
        "parts": [
            {"serial": str(line.serial) if line.serial else None, "state": line.key,
             "quantity": str(line.quantity)}
            for line in parts.lines(life.parts, everything=everything)
        ],
        "movements": [_movement(step) for step in life.movements],
        "url": settings.SITE_URL + reverse("registry:serial", args=[str(serial)]),
    }  # fmt: skip


def _movement(step: lives.Movement) -> dict[str, Any]:
    return {
        "at": step.at, "what": step.what, "reference": step.reference,
        "quantity": str(step.quantity), "record": f"{step.record[0]}/{step.record[1]}",
        "leaf": step.leaf,
    }  # fmt: skip


class Blocks(APIView):
    """Where units are."""

    permission_classes = (permitted((Row.BALANCE, Right.SEE)),)

    @extend_schema(
        responses=page_of(BLOCK, "BlockPage"),
        parameters=[*CURSOR, OpenApiParameter("project", str), OpenApiParameter("party", str)],
    )
    def get(self, request: Request) -> Response:
        """List blocks whose place is yours to know, newest first; a part sold of one on offer is a
        row of its own in the cancellations."""
        actor = actor_of(request)
        rows = knowing.visible_blocks(actor)
        if number := request.query_params.get("project"):
            rows = rows.filter(issuance__project_number=number)
        if code := request.query_params.get("party"):
            rows = rows.filter(party_id=code)
        return listed(request, rows, lambda found: [_block(row, actor) for row in found])


def _block(row: Any, actor: Actor | None) -> dict[str, Any]:
    account: Account = row.account
    known = account.holder_id is None or (actor is not None and access.sees(actor, account))
    return {"id": f"blk_{row.pk}"} | numbered(row.serial) | {
        "state": parts.of_block(row)[-1].key, "account": account.number if known else None,
    }  # fmt: skip


class Transactions(APIView):
    """What was booked, sales left out: they are cancellations of their own."""

    permission_classes = (permitted((Row.BALANCE, Right.SEE)),)

    @extend_schema(
        responses=page_of(BOOKING, "TransactionPage"),
        parameters=[*CURSOR, OpenApiParameter("verb", enum=list(Transaction.Verb.values))],
    )
    def get(self, request: Request) -> Response:
        """List transactions, newest first; filter by verb. Who asked and approved is not public."""
        rows = queries.bookings()
        verb = request.query_params.get("verb")
        if verb is not None:
            if verb not in Transaction.Verb.values:
                raise Invalid.of("verb", f"verb is one of {', '.join(Transaction.Verb.values)}.")
            rows = rows.filter(verb=verb)
        return listed(request, rows, lambda found: [_booking(row) for row in found])


def _booking(row: Transaction) -> dict[str, Any]:
    return {
        "id": f"tx_{row.pk}", "reference": row.reference, "verb": row.verb, "at": row.at,
        "effective_at": row.effective_at, "leaf": row.leaf_hex,
    }  # fmt: skip


class Statement(APIView):
    """The movements of one account, for its holder and the registry."""

    permission_classes = (permitted((Row.BALANCE, Right.READ_ALL), (Row.ACCOUNT, Right.READ)),)

    @extend_schema(responses=page_of(LINE, "StatementPage"), parameters=CURSOR)
    def get(self, request: Request, pk: int) -> Response:
        """List postings, newest first, each with its serials and both accounts."""
        actor = acting(request)
        account = Account.objects.filter(pk=pk).first() if pk < 2**63 else None
        if account is None or not access.sees(actor, account):
            raise NotFound("There is no such account.")
        limit, cursor = window(request)
        rows = queries.statement(pk, cursor or None, limit + 1)
        return page(rows, limit, lambda found: [_line(row) for row in found])


def _line(row: Posting) -> dict[str, Any]:
    booked = row.tx or row.cancellation
    assert booked is not None  # a posting has one parent, a check of its table
    return {"id": f"pst_{row.pk}"} | numbered(row.serial) | {
        "reference": booked.reference, "from_account": row.dr.number,
        "to_account": row.cr.number, "effective_at": booked.effective_at,
    }  # fmt: skip

"""The sealed log for programs: signed tree heads, proofs of rows of record, continuations.

What they answer is what registry/transparency/verify.py reads.
"""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal.pages.api_views import CURSOR, listed, page_of
from registry.transparency import heads, queries
from registry.transparency.models import Seal
from registry.transparency.records import BY_KIND

HEAD_FIELDS: dict[str, Any] = {
    "number": serializers.IntegerField(), "epoch": serializers.IntegerField(),
    "tree_size": serializers.IntegerField(), "root": serializers.CharField(),
    "previous_root": serializers.CharField(allow_null=True),
    "from_xid": serializers.IntegerField(), "to_xid": serializers.IntegerField(),
    "at": serializers.DateTimeField(),
    "public_key": serializers.CharField(), "signature": serializers.CharField(),
}  # fmt: skip
HEAD = inline_serializer("TreeHead", HEAD_FIELDS)
PATH = serializers.ListField(child=serializers.CharField())
PROOF = inline_serializer(
    "Proof",
    {
        "kind": serializers.ChoiceField(sorted(BY_KIND)), "id": serializers.IntegerField(),
        "index": serializers.IntegerField(), "leaf": serializers.CharField(),
        "record": serializers.CharField(allow_null=True), "path": PATH, "head": HEAD,
    },
)  # fmt: skip
CONTINUATION = inline_serializer("Continuation", {"first": HEAD, "second": HEAD, "path": PATH})


class TreeHeads(APIView):
    """Signed tree heads."""

    @extend_schema(responses=page_of(HEAD, "TreeHeadPage"), parameters=CURSOR)
    def get(self, request: Request) -> Response:
        """List signed tree heads, newest first."""
        return listed(request, queries.signed_seals(), _heads)


class TreeHead(APIView):
    """One signed tree head."""

    @extend_schema(operation_id="v1_tree_head_retrieve", responses=HEAD)
    def get(self, request: Request, number: int) -> Response:
        """The signed tree head of a number."""
        return Response(_head(number).as_json())


class LatestTreeHead(APIView):
    """The newest signed tree head."""

    @extend_schema(responses=HEAD)
    def get(self, request: Request) -> Response:
        """The newest signed tree head; 404 while nothing is sealed."""
        head = queries.latest()
        if head is None:
            raise Http404
        return Response(head.as_json())


class Continuation(APIView):
    """That one tree head continues another."""

    @extend_schema(responses=CONTINUATION)
    def get(self, request: Request, first: int, second: int) -> Response:
        """The proof that the log under `second` begins with all of the log under `first`."""
        if first > second:
            raise Http404
        return Response(queries.continuation(_head(first), _head(second)).as_json())


class ProofDetail(APIView):
    """That a row of record is in the log."""

    @extend_schema(responses=PROOF)
    def get(self, request: Request, kind: str, pk: int) -> Response:
        """The proof of a row under the newest tree head; 404 if there is no such row in the log.

        `record` is null for rows that name live accounts: their hash is proved.
        """
        proof = queries.proof_of(kind, pk) if kind in BY_KIND else None
        if proof is None:
            raise Http404
        answer = Response(proof.as_json())
        answer["Content-Disposition"] = f'inline; filename="proof-{kind}-{pk}.json"'
        return answer


def _head(number: int) -> heads.Head:
    head = queries.head(number)
    if head is None:
        raise Http404
    return head


def _heads(seals: list[Seal]) -> list[dict[str, Any]]:
    return [heads.head_of(seal).as_json() for seal in seals]

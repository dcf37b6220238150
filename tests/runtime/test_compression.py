"""Text leaves compressed, with what caches need to know; what holds a secret leaves as it is."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.utils.cache import get_conditional_response

from cdm_portal.middleware import CompressionMiddleware
from cdm_portal.values import Actor
from tests.cast import Cast

TEXT = b"a tonne is cancelled once and for good; " * 100
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def sent(answer: HttpResponseBase, **headers: str) -> Any:
    """An answer as it leaves."""
    request = RequestFactory().get("/", headers=GZIP | headers)
    leaves: Any = CompressionMiddleware(lambda _request: answer)(request)
    return leaves


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accessibility/", "/api/schema/", "/sitemap-pages.xml"])
def test_a_page_is_compressed_for_who_takes_it(client: Client, path: str) -> None:
    plain, packed = client.get(path), client.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"] and "Accept-Encoding" in plain["Vary"]
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    assert len(gzip.decompress(packed.content)) == len(plain.content)


@pytest.mark.django_db
def test_pages_with_a_secret_for_their_reader_leave_as_they_are(
    client: Client, cast: Cast, sign_in: Callable[[Client, Actor], Client]
) -> None:
    reader = sign_in(client, cast.participant)
    assert reader.get("/desk/", headers=GZIP)["Content-Encoding"] == "gzip"
    for path in ("/desk/calendar/", "/desk/my-data/", "/accounts/2fa/totp/activate/"):
        assert "Content-Encoding" not in reader.get(path, headers=GZIP, follow=True), path


def test_one_length_tells_little() -> None:
    lengths = {len(sent(HttpResponse(TEXT)).content) for _ in range(40)}
    assert len(lengths) > 5


@pytest.mark.parametrize(
    ("kind", "cache"),
    [("text/html", "private, no-store"), ("application/pdf", ""), ("font/woff2", "")],
)
def test_what_holds_a_secret_or_is_compressed_already_leaves_as_it_is(
    kind: str, cache: str
) -> None:
    answer = sent(HttpResponse(TEXT, content_type=kind, headers={"Cache-Control": cache}))
    assert "Content-Encoding" not in answer
    assert answer.content == TEXT


def test_a_condition_still_holds_for_what_was_compressed() -> None:
    packed = sent(HttpResponse(TEXT, headers={"ETag": '"one"'}))
    assert packed["ETag"] == 'W/"one"'
    again = RequestFactory().get("/", headers=GZIP | {"If-None-Match": packed["ETag"]})
    answer = get_conditional_response(again, etag='"one"', response=HttpResponse(TEXT))
    assert answer is not None and answer.status_code == 304


def test_a_file_that_is_written_as_it_is_sent_is_compressed_on_the_way() -> None:
    def rows() -> Iterator[bytes]:
        yield from (TEXT for _ in range(50))

    answer = sent(StreamingHttpResponse(rows(), content_type="text/csv"))
    assert isinstance(answer, StreamingHttpResponse)
    parts: Any = answer.streaming_content
    assert gzip.decompress(b"".join(parts)) == TEXT * 50

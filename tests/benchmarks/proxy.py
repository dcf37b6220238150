"""The proxy in front of a production's web server, as far as it matters here: it says `https`.

Lighthouse asks for robots.txt by another way than for pages, without the headers that it was given;
so the word has to be added on the way.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP = {"connection", "keep-alive", "transfer-encoding"}


class Forward(BaseHTTPRequestHandler):
    """Hands a reading request on and its answer back, whole and unchanged."""

    protocol_version = "HTTP/1.1"
    behind = 0

    def do_GET(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=60)
        line.request("GET", self.path, headers={**self.headers, "X-Forwarded-Proto": "https"})
        answer = line.getresponse()
        body = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        line.close()

    def handle_one_request(self) -> None:
        """As it is, but a browser that goes away in the middle is no error of ours."""
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing: what is measured is told by the measure."""


@contextmanager
def in_front_of(port: int) -> Iterator[int]:
    """Such a proxy until the block ends; its port."""
    handler = type("Forward", (Forward,), {"behind": port})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()

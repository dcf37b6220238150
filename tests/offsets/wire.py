"""A WSGI application on a port of this machine, whose answers can be cut off in the middle."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer


class _Handler(WSGIRequestHandler):
    def get_environ(self) -> dict[str, Any]:
        def cut() -> None:
            self.connection.shutdown(2)

        return super().get_environ() | {"fake.cut": cut}

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, *_args: object) -> None:
        """A client that is cut off is meant to be."""


@contextlib.contextmanager
def served(application: Any) -> Iterator[str]:
    """Its address. `fake.cut` in the environment of a request cuts the line."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.set_app(application)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()

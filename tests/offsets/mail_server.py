"""A mail server of the test's own: speaks SMTP, keeps what it takes, misbehaves on demand."""

from __future__ import annotations

import email
import email.message
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

REPLIES = {b"EHLO": "250 here", b"HELO": "250 here", b"MAIL": "250 ok", b"RSET": "250 ok"}


class MailServer(socketserver.ThreadingTCPServer):
    """`taken` is what it took, in order.

    `recipient` is its reply to RCPT. While `hold` is set it keeps a client waiting before it takes
    the mail; with `lose_answer` it takes the mail and hangs up without an answer; with
    `rude_farewell` it answers QUIT with nonsense.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close: ClassVar[bool] = False

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.taken: list[email.message.EmailMessage] = []
        self.recipients: list[str] = []
        self.recipient = "250 ok"
        self.hold = threading.Event()
        self.waiting = threading.Event()
        self.lose_answer = False
        self.rude_farewell = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class Conversation(socketserver.StreamRequestHandler):
    """One client, from the greeting to QUIT."""

    server: MailServer

    def handle(self) -> None:
        self.say("220 a server of the test")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                self.say("2" * 9000 if self.server.rude_farewell else "221 bye")
                return
            if verb == b"RCPT":
                self.say(self.server.recipient)
                self.rcpt = line.decode().partition("<")[2].partition(">")[0]
            elif verb == b"DATA":
                self.say("354 go on")
                if not self.take():
                    return
            else:
                self.say(REPLIES.get(verb, "502 what?"))

    def take(self) -> bool:
        raw = b""
        for line in self.rfile:
            if line == b".\r\n":
                break
            raw += line[1:] if line.startswith(b".") else line
        else:
            return False
        if self.server.hold.is_set():
            self.server.waiting.set()
            self.rfile.read()  # until the client is gone
            return False
        self.server.taken.append(
            email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[arg-type]
        )
        self.server.recipients.append(self.rcpt)
        if self.server.lose_answer:
            return False
        self.say("250 taken")
        return True

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def serving(port: int = 0) -> Iterator[MailServer]:
    """A mail server that listens as long as the block."""
    with MailServer(port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

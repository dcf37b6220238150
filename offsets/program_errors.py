"""Named refusals of what programs ask with a key, each with a stable code."""

from http import HTTPStatus
from typing import ClassVar

from cdm_portal.refusals import Forbidden, Invalid, Refused


class KeyUnknown(Refused):
    """A program showed no key, or none that is valid now (401)."""

    status = HTTPStatus.UNAUTHORIZED
    code = "key_unknown"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Bearer"}


class TooManyRequests(Refused):
    """A key asked more often than it may in a minute (429); `wait` seconds are to be waited."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_requests"

    def __init__(self, message: str, *, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


class OutOfScope(Forbidden):
    """The key may read and not order."""

    code = "out_of_scope"


class IdempotencyKeyMissing(Refused):
    """An order by the API names no Idempotency-Key (400)."""

    status = HTTPStatus.BAD_REQUEST
    code = "idempotency_key_missing"


class BodyTooLarge(Refused):
    """The body is larger than any order (413)."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "body_too_large"


class OtherBody(Invalid):
    """The Idempotency-Key was used before with another body (422)."""

    code = "idempotency_key_reused"


class StillRunning(Refused):
    """The first request with this Idempotency-Key is not done yet."""

    code = "still_running"
    wait = 1


class TooManyOpen(Refused):
    """The organisation's keys hold units for too many unpaid orders."""

    code = "too_many_open"


class QuoteEnded(Refused):
    """The quote's time is over."""

    code = "quote_ended"

"""How the portal says no: one family of exceptions that every edge translates alike.

A refusal carries a sentence for a person, a stable code for a program, and the form field next to
which it belongs. It is raised before anything is written, or rolls everything back.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus


class Refused(Exception):
    """The rules do not allow this now (409)."""

    status = HTTPStatus.CONFLICT
    code = "refused"
    check = ""
    """The number of the rule that says no, where rules are numbered (registry/checks.py)."""

    def __init__(self, message: str, *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code or type(self).code

    @property
    def errors(self) -> dict[str, list[str]]:
        """Messages by field; the empty field is the request as a whole."""
        return {self.field or "": [self.message]}


class NotFound(Refused):
    """There is no such thing, or you may not know of it (404)."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"


class Forbidden(Refused):
    """You may see it but not do this to it (403); the message says why."""

    status = HTTPStatus.FORBIDDEN
    code = "forbidden"


class Busy(Refused):
    """Others were at the same thing for too long: it can be tried again in a moment (503)."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "busy"


class Invalid(Refused):
    """What was entered cannot be used (422); `errors` names each field."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]], *, code: str | None = None) -> None:
        first = next(iter(errors.values()))[0] if errors else "Something entered cannot be used."
        super().__init__(first, code=code)
        self._errors = {field: list(messages) for field, messages in errors.items()}

    @classmethod
    def of(cls, field: str, message: str) -> "Invalid":
        """One message beside one field."""
        return cls({field: [message]})

    @property
    def errors(self) -> dict[str, list[str]]:
        """Messages by field; the empty field is the request as a whole."""
        return self._errors

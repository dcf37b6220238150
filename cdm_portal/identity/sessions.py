"""Sessions in the database, begun with one statement."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import get_random_string

LENGTH = 32


class SessionStore(db.SessionStore):
    """Django's own, without the question whether a new key is taken: the row is inserted, and a key
    that stands there already is refused by the table and drawn anew (`create`).
    """

    def _get_new_session_key(self) -> str:
        return get_random_string(LENGTH, VALID_KEY_CHARS)

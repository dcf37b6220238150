"""Keys of programs: how they look, whose they are, who acts with one."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cdm_portal import permissions
from cdm_portal.identity import queries as identity
from cdm_portal.identity.models import User
from cdm_portal.permissions import VISITOR, Right, Row
from cdm_portal.values import Actor, Role
from offsets.models import ApiKey
from offsets.program_errors import KeyUnknown

PREFIXES = {True: "ol_test_", False: "ol_live_"}
TOKEN = re.compile(r"ol_(?:test|live)_[A-Za-z0-9_-]{43}")
SHOWN = 14
"""So many characters are kept to tell keys apart: the prefix and the first six of 43."""
BUYERS = frozenset(
    role for role in permissions.roles((Row.PURCHASE, Right.CREATE))
    if isinstance(role, Role) and role is not VISITOR
)  # fmt: skip
"""Who may buy, by the permission matrix: who may have keys."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who acts with a key, as it stood when it was shown."""

    actor: Actor
    key_id: int
    organisation_id: int
    test: bool
    may_order: bool

    @property
    def principal(self) -> str:
        """Whose Idempotency-Keys and open orders these are: an organisation's, test and live apart.
        """
        return f"{self.organisation_id}:{'test' if self.test else 'live'}"


def fresh(*, test: bool) -> str:
    """A new key: 256 random bits behind the prefix of its kind."""
    return PREFIXES[test] + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a key. Raises KeyUnknown for what is no key at all."""
    if not TOKEN.fullmatch(token):
        raise KeyUnknown("This is no key of the portal: keys begin with ol_test_ or ol_live_.")
    return hashlib.sha256(token.encode()).hexdigest()


def holder(key: ApiKey, at: datetime) -> Holder:
    """Who acts with a key today. Raises KeyUnknown when its maker has left or may buy no more."""
    held = identity.memberships(key.person_id, at.date())
    membership = held.filter(organisation_id=key.organisation_id, role=key.role).first()
    signs_in = User.objects.filter(person_id=key.person_id, is_active=True).exists()
    if membership is None or not signs_in or Role(key.role) not in BUYERS:
        raise KeyUnknown("Whoever made this key does not act for the organisation any more.")
    return Holder(
        identity.actor(membership), key.pk, key.organisation_id, key.test, key.may_order
    )


def of_organisation(actor: Actor) -> QuerySet[ApiKey]:
    """The keys of the acting organisation, newest first."""
    return ApiKey.objects.filter(organisation_id=actor.office).select_related("person")

"""Who needs a second factor, and who has one (decisions, 24)."""

from datetime import date

from allauth.mfa.models import Authenticator

from cdm_portal.identity import queries
from cdm_portal.identity.models import User
from cdm_portal.values import Role


def needs_one(user: User, on: date) -> bool:
    """Whether this sign-in may do more than buy on a day: the admin, or a role not the buyer's."""
    if user.is_staff or user.is_superuser:
        return True
    held = queries.memberships(user.person_id, on)
    return held.exclude(role=Role.BUYER.value).exists()


def enrolled(user: User) -> bool:
    """Whether a second factor is set up; recovery codes alone are none."""
    spare = Authenticator.Type.RECOVERY_CODES
    return bool(Authenticator.objects.filter(user=user).exclude(type=spare).exists())

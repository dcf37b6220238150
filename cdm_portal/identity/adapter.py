"""How allauth makes a sign-in here: nobody opens an account of their own in this version."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Stakeholders are registered by the secretariat; buyers need no account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No self-registration: a role is granted, never taken."""
        return False

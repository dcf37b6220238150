"""`manage.py demo_logins`: the demonstration's sign-ins, as a table."""

from typing import Any

from django.core.management.base import BaseCommand

from cdm_portal import clock
from cdm_portal.demonstration import people
from cdm_portal.identity.models import User


class Command(BaseCommand):
    """Print who can sign in to the demonstration, and what waits for them."""

    help = "Print the sign-ins of the demonstration; nothing when it is not loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a role."""
        known = set(User.objects.values_list("email", flat=True))
        if not clock.is_demonstration():
            return
        for local, role, what in people.LOGINS:
            if people.address(local) in known:
                self.stdout.write(
                    f"  {role:<24} {people.address(local):<28} {people.PASSWORD:<16} {what}"
                )

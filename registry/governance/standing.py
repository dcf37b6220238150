"""The words of where an account of a holder stands (domain, 5.3), its closing at the end left out:
a closed account has its day in `closed_at`."""

from django.db import models


class Standing(models.TextChoices):
    """What an account may do. The pairs that follow on each other stand in sql/standing.sql."""

    OPEN = "open", "Open"
    RESTRICTED = "restricted", "Restricted"
    SUSPENDED_PARTIALLY = "suspended_partially", "Suspended, may receive"
    SUSPENDED = "suspended", "Suspended"
    CLOSURE_PENDING = "closure_pending", "Closure pending"


RESTRICTIONS = (Standing.RESTRICTED, Standing.SUSPENDED_PARTIALLY, Standing.SUSPENDED)
"""What one person does at once, the lightest first, and two persons lift."""

GIVING = (Standing.OPEN, Standing.RESTRICTED, Standing.CLOSURE_PENDING)
"""What lets an account sell its units."""

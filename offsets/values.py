"""Values of the shop. Pure."""

from cdm_portal.values import Actor, Role

GUEST = Actor(person_id=None, name="A guest of the shop", role=Role.BUYER)
"""Whoever buys without signing in: nobody needs an account to cancel a tonne."""

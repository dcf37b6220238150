"""The shop as a Django app."""

from django.apps import AppConfig


class OffsetsConfig(AppConfig):
    """Offers, orders, payments and certificates."""

    name = "offsets"
    default_auto_field = "django.db.models.BigAutoField"

"""The desk of this role as a Django app."""

from django.apps import AppConfig


class DoeConfig(AppConfig):
    """Designated Operational Entities."""

    name = "projects.doe"
    label = "doe"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Designated Operational Entities"

"""The registry as a Django app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The cellar: the one ledger of who holds which units."""

    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

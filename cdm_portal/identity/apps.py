"""Identity as a Django app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """People, organisations, roles."""

    name = "cdm_portal.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "People and organisations"

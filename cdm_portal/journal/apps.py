"""The journal as a Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal."""

    name = "cdm_portal.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

"""Notices as a Django app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices, mails, calendars."""

    name = "cdm_portal.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

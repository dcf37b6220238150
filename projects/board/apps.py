"""The desk of this role as a Django app."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Executive Board and secretariat."""

    name = "projects.board"
    label = "board"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Executive Board and secretariat"

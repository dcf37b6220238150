"""The desk of this role as a Django app."""

from django.apps import AppConfig


class ParticipantConfig(AppConfig):
    """Project participants."""

    name = "projects.participant"
    label = "participant"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Project participants"

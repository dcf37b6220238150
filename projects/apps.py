"""The works as a Django app."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Projects: the landing that all roles share."""

    name = "projects"
    default_auto_field = "django.db.models.BigAutoField"

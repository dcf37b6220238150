"""The desk of this role as a Django app."""

from django.apps import AppConfig


class DnaConfig(AppConfig):
    """Designated National Authorities."""

    name = "projects.dna"
    label = "dna"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Designated National Authorities"

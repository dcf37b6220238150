"""Co-benefits as a Django app."""

from django.apps import AppConfig


class CobenefitsConfig(AppConfig):
    """Co-benefit reports."""

    name = "cobenefits"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Co-benefits"

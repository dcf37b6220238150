"""The portal as a Django app: loads Celery once the other apps are ready; and its admin."""

import importlib

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PortalConfig(AppConfig):
    """The frame. Loading Celery here keeps `import cdm_portal` free of it (decisions, 13)."""

    name = "cdm_portal"
    default = True
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the Celery app and let it fill the table of listeners; say who tells of units, and
        who knows of changed rule parameters and of changed days of methodology versions.
        """
        importlib.import_module("cdm_portal.rights")  # registers its check
        importlib.import_module("cdm_portal.celery").listen()
        teller = importlib.import_module("cdm_portal.pages.search").teller
        importlib.import_module("registry.told").tellers.append(teller)
        in_force = importlib.import_module("cdm_portal.rulebook.queries").in_force
        importlib.import_module("cdm_portal.parameters").amendments.append(in_force)
        amended = importlib.import_module("projects.reference.queries").amended
        importlib.import_module("projects.methodologies.validity").amendments.append(amended)


class WindowConfig(admin_apps.AdminConfig):
    """Django's admin on a site that only shows."""

    default = False
    default_site = "cdm_portal.admin_site.Window"

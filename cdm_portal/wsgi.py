"""The door for the web server. Celery is loaded by the portal's AppConfig, not here."""

import os

from django.core.wsgi import get_wsgi_application

from cdm_portal import rights

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdm_portal.settings")
application = get_wsgi_application()
rights.refuse_to_serve()

"""Settings under which django-hordak runs alone, in a database of its own on the same cluster."""

import os

from psycopg2.extensions import parse_dsn

_given = parse_dsn(os.environ["DATABASE_URL"])
SECRET_KEY = "not a secret: a database that lives for one benchmark"
INSTALLED_APPS = [
    "django.contrib.contenttypes", "django.contrib.auth", "mptt", "django_extensions", "hordak",
]  # fmt: skip
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _given["dbname"], "USER": _given["user"], "HOST": _given["host"],
        "CONN_MAX_AGE": None,
    }
}  # fmt: skip
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

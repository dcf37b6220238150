"""Refuses a database role that could write the ledger past its verbs (decisions, 23).

Web, worker and beat ask at their start; `manage.py check` and every command that runs the checks
ask too. Only commands that `manage.py` itself hands to the owner (`migrate` and the like), and the
test suite, may hold more rights.
"""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

REASON = """
SELECT CASE
  WHEN (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN 'is a superuser'
  WHEN (SELECT count(*) FROM pg_class c
         WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p')
           AND starts_with(c.relname::text, 'registry_')
           AND pg_has_role(c.relowner, 'MEMBER')) > 0 THEN 'owns the ledger tables'
  WHEN (SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database
         WHERE datname = current_database()) THEN 'owns the database'
  WHEN (SELECT count(*) FROM pg_class c
         WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p')
           AND starts_with(c.relname::text, 'registry_')
           AND (has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
                OR has_any_column_privilege(c.oid, 'INSERT, UPDATE'))) > 0
    THEN 'can write the ledger tables'
END, current_user
"""
ADVICE = (
    "DATABASE_URL must name a role that reads the ledger and calls its verbs, such as cdm_app;"
    " DATABASE_OWNER_URL is the one that migrates."
)


def excess() -> str | None:
    """What the connected role may do that a serving process must not; None if nothing.

    Raises django.db.OperationalError when the database cannot be reached.
    """
    with connection.cursor() as cursor:
        cursor.execute(REASON)
        reason, role = cursor.fetchone()
    return f"The database role {role} of DATABASE_URL {reason}." if reason else None


def refuse_to_serve() -> None:
    """Called once by web, worker and beat before they do anything.

    Raises ImproperlyConfigured with the reason. A database that is away stops the start as well:
    whoever supervises the process tries again.
    """
    if settings.CDM_ENV == "test":
        return
    try:
        reason = excess()
    finally:
        connection.close()
    if reason:
        raise ImproperlyConfigured(f"{reason} {ADVICE}")


@checks.register
def database_role(**_options: Any) -> list[checks.CheckMessage]:
    """The same question as a system check; a database that is away is not its business."""
    if settings.CDM_ENV == "test" or settings.AS_OWNER:
        return []
    try:
        reason = excess()
    except OperationalError:
        return []
    return [checks.Critical(reason, hint=ADVICE, id="cdm.E001")] if reason else []

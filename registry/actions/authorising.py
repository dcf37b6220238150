"""Who may receive units of a project: the registry's own note of a letter on file."""

from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.values import Actor, Role
from registry import access
from registry.governance.models import Authorisation
from registry.locks import call, retried


@retried
def authorise(
    *,
    actor: Actor,
    at: datetime,
    project_number: str,
    letter: str,
    holder_id: int | None = None,
    party_code: str | None = None,
) -> Authorisation:
    """Note that a letter authorises a holder, or a Party, to receive units of a project.

    The same holder or Party and project again answers what stands. The Board's instruction does it
    for the participants that the letters of the case name. Raises NotPermitted, UnknownParty,
    Unusable.
    """
    access.only(actor, *access.EXECUTES, Role.BOARD, Role.SECRETARIAT, Role.SYSTEM)
    with transaction.atomic():
        pk, new = call(
            "registry_authorise", project_number, holder_id, party_code, letter,
            access.person(actor), at,
        )  # fmt: skip
        noted = Authorisation.objects.get(pk=pk)
        if new:
            record(
                "registry.authorise", actor=actor, subject=noted, at=at, project=project_number,
                facts={"holder": holder_id, "party": party_code, "letter": letter},
            )  # fmt: skip
    return noted


@retried
def revoke(*, actor: Actor, at: datetime, authorisation_id: int, reason: str) -> Authorisation:
    """End an authorisation: from now on nothing of the project goes there.

    Raises NotPermitted, UnknownAuthorisation, Unusable.
    """
    access.only(actor, *access.EXECUTES, Role.SYSTEM)
    with transaction.atomic():
        call("registry_revoke", authorisation_id, access.person(actor), reason, at)
        ended = Authorisation.objects.get(pk=authorisation_id)
        record("registry.revoke", actor=actor, subject=ended, at=at,
               project=ended.project_number, facts={"reason": reason})  # fmt: skip
    return ended

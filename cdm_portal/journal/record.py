"""The one way into the journal."""

from datetime import datetime
from typing import Any

from django.db import models as django_models

from cdm_portal import jobs
from cdm_portal.journal import models
from cdm_portal.values import Actor, Role

BUYER = "A buyer"
"""How the journal, which is for ever, names whoever buys: their name may have to be erased."""


def record(
    verb: str,
    *,
    actor: Actor,
    subject: django_models.Model,
    at: datetime,
    project: str = "",
    facts: dict[str, Any] | None = None,
) -> models.Entry:
    """Write that `actor` did `verb` to `subject` at `at`, and announce it to who listens.

    Called inside the action's transaction, so an act and its entry stand or fall together. `facts`
    must be JSON: ids, numbers as text, never personal data (reliability, D1). A buyer who signed in
    stands as a number: everybody else acts for an office, under a name that is of record.
    """
    private = actor.role is Role.BUYER and actor.person_id is not None
    entry = models.Entry.objects.create(
        verb=verb,
        effective_at=at,
        actor_person_id=actor.person_id,
        actor_name=BUYER if private else actor.name,
        actor_role=actor.role.value,
        actor_organisation_id=actor.organisation_id,
        actor_organisation="" if private else actor.organisation,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        project=project,
        facts=facts or {},
    )
    jobs.announce(verb)
    return entry

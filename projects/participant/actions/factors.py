"""Taking a published grid emission factor into the draft."""

from datetime import datetime

from django.db import transaction

from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor
from projects.methodologies import units
from projects.participant import design, factors, queries
from projects.participant.actions.design import open_draft, save_section
from projects.participant.models import DesignDocument
from projects.reference import queries as reference


def take_factor(*, actor: Actor, at: datetime, project_id: int, number: int) -> DesignDocument:
    """Fill in the parameters that a published factor of the host Party states, with its source.

    Raises NotFound, NotNow (the document is closed), Invalid for a factor that does not hold on the
    day, or does not state what the methodology asks for.
    """
    with transaction.atomic():
        case, draft = open_draft(project_id, actor)
        listed = reference.by_number({number}).get(number)
        if listed is None or listed.factor.party_code != case.party_code:
            raise NotFound("The host Party has no such grid factor.")
        choice = factors.choice(listed, draft.content, queries.days_valid(case, at))
        if choice.why_not:
            raise Invalid.of("", choice.why_not)
        if not choice.values:
            raise Invalid.of("", "No parameter of the methodology takes a grid factor.")
        stated = {
            symbol: {"value": value, "unit": units.GRID_FACTOR, "source": listed.cited}
            for symbol, value in choice.values.items()
        }
        draft.content = {**draft.content, "grid_factors": {
            symbol: {"number": number, "value": row["value"], "source": row["source"]}
            for symbol, row in stated.items()
        }}
        draft.save(update_fields=["content"])
        section = design.part(draft.content, "parameters")
        return save_section(
            actor=actor, at=at, project_id=case.pk, section="parameters",
            values=section | {"fixed": section.get("fixed", {}) | stated},
        )

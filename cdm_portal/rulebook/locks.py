"""Row locks of the rulebook."""

from cdm_portal.models import RuleChange
from cdm_portal.refusals import NotFound


def change(pk: int) -> RuleChange:
    """A change, locked. Raises NotFound."""
    found = RuleChange.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such change.")
    return found

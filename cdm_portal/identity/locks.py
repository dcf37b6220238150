"""Row locks of identity."""

from cdm_portal.identity.models import Organisation


def organisation(pk: int) -> Organisation:
    """The organisation, locked until the transaction ends. Raises Organisation.DoesNotExist."""
    return Organisation.objects.select_for_update().get(pk=pk)

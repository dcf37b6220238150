"""Row locks of identity."""

from cdm_portal.identity.models import Organisation, Person


def organisation(pk: int) -> Organisation:
    """The organisation, locked until the transaction ends. Raises Organisation.DoesNotExist."""
    return Organisation.objects.select_for_update().get(pk=pk)


def person(pk: int) -> Person:
    """The person, locked until the transaction ends. Raises Person.DoesNotExist."""
    return Person.objects.select_for_update().get(pk=pk)

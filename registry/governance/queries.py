"""Questions about who may have what done: what waits, who acts, what is stopped."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from cdm_portal.identity.models import Organisation, Person
from registry.governance.models import (
    Authorisation,
    Closure,
    Measure,
    Proposal,
    Representative,
    Stop,
    TransactionState,
    TrustedAccount,
)
from registry.models import Block


def proposals_delayed() -> QuerySet[Proposal]:
    """Approved proposals that wait for their delay, the next one first."""
    return (
        Proposal.objects.filter(state=Proposal.State.APPROVED)
        .select_related("from_account", "to_account")
        .order_by("execute_after")
    )


def proposals() -> QuerySet[Proposal]:
    """Every proposal, newest first."""
    return Proposal.objects.select_related("from_account", "to_account").order_by("-pk")


def measures() -> QuerySet[Measure]:
    """Every measure, newest first."""
    return Measure.objects.order_by("-pk")


def authorisations() -> QuerySet[Authorisation]:
    """Who may receive units of which project, newest first."""
    return Authorisation.objects.filter(until=None).select_related("party").order_by("-id")


def named(rows: Iterable[Authorisation]) -> list[tuple[Authorisation, str]]:
    """Some authorisations, each with the name of the holder or the Party."""
    shown = list(rows)
    holders = [row.holder_id for row in shown if row.holder_id is not None]
    names = dict(Organisation.objects.filter(pk__in=holders).values_list("pk", "name"))
    return [
        (row, row.party.name if row.party else names.get(row.holder_id or 0, "")) for row in shown
    ]


def authorisations_of(project_number: str) -> QuerySet[Authorisation]:
    """Who may receive units of one project now: holders and Parties."""
    return Authorisation.objects.filter(project_number=project_number, until=None).order_by("id")


def open_proposals(account_id: int) -> QuerySet[Proposal]:
    """Proposals of which an account gives or takes the units, undecided, oldest first."""
    sides = Q(from_account_id=account_id) | Q(to_account_id=account_id)
    return Proposal.objects.filter(sides, state__in=Proposal.OPEN).select_related(
        "from_account", "to_account"
    )


def blocks_in(account_id: int) -> QuerySet[Block]:
    """The first blocks of an account, in serial order: enough for a page to freeze one of them."""
    rows = Block.objects.filter(account_id=account_id).select_related("issuance")
    return rows.order_by("issuance__party_id", "lo")[:50]


def trusted_by(account_id: int) -> QuerySet[TrustedAccount]:
    """The trusted accounts of an account; trust that does not count yet is among them."""
    return TrustedAccount.objects.filter(account_id=account_id, until=None).select_related(
        "trusted"
    )


def representatives(account_id: int) -> list[tuple[Representative, str]]:
    """Who represents an account, by seat, with their names."""
    seated = list(Representative.objects.filter(account_id=account_id, until=None))
    names = people(row.person_id for row in seated)
    return [(row, names.get(row.person_id, "")) for row in seated]


def people(ids: Iterable[int]) -> dict[int, str]:
    """The names of persons by their numbers; 0 is the portal itself."""
    found = Person.objects.filter(pk__in=list(ids)).values_list("pk", "name")
    return {0: "The portal", **dict(found)}


def measures_waiting() -> QuerySet[Measure]:
    """Measures that wait for a second person, oldest first."""
    return Measure.objects.filter(state=Measure.State.PROPOSED).select_related(
        "account", "block__issuance", "trusted"
    )


def closure_of(account_id: int) -> Closure | None:
    """The closure of an account that is asked for, if it is."""
    return Closure.objects.filter(account_id=account_id, outcome="").first()


def stopped() -> Stop | None:
    """The stop of the whole registry, if it is stopped."""
    return Stop.objects.filter(resumed=None).select_related("tx").first()


def way(key: UUID) -> list[TransactionState]:
    """The history of a transaction, from its first state to where it stands."""
    return list(TransactionState.objects.filter(key=key).order_by("n"))

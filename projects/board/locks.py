"""Row locks of requests: project, period, revision, request, instruction, what ends
a project, a series of numbers.
"""

from cdm_portal.refusals import NotFound
from projects import locks
from projects.board.invoices import OWED
from projects.board.models import (
    Deregistration,
    Exclusion,
    Inquiry,
    Instruction,
    Invoice,
    Meeting,
    Request,
    Series,
    Withdrawal,
)
from projects.board.procedure import ENDED
from projects.models import Project
from projects.programmes.models import Component


def request(pk: int) -> Request:
    """The request with its project (and period, or revision), all locked. Raises NotFound."""
    known = Request.objects.filter(pk=pk)
    ids = known.values_list("project_id", "period_id", "revision_id").first()
    if ids is None:
        raise NotFound("There is no such request.")
    project_id, period_id, revision_id = ids
    period = locks.period(period_id) if period_id else None
    project = period.project if period else locks.project(project_id)
    revision = locks.revision(revision_id) if revision_id else None
    if revision is not None:
        revision.project = project
    if period is not None:
        locks.revisions_with(period)
    found = Request.objects.select_for_update().get(pk=pk)
    found.project, found.period, found.revision = project, period, revision
    return found


def instruction(pk: int) -> Instruction:
    """The instruction with its request and case, all locked. Raises NotFound."""
    request_id = Instruction.objects.filter(pk=pk).values_list("request_id", flat=True).first()
    held = request(request_id or 0)
    found = Instruction.objects.select_for_update().get(pk=pk)
    found.request = held
    return found


def invoice(of: Request) -> Invoice | None:
    """The invoice of a request that is locked already."""
    return Invoice.objects.select_for_update().filter(request=of).first()


def invoice_owed(of: Request) -> Invoice | None:
    """The fee of a request for registration that was never received, locked; None where no fee
    comes before the checks.
    """
    found = invoice(of) if of.kind == Request.Kind.REGISTRATION and not of.complete_at else None
    return found if found is not None and found.state in OWED else None


def invoices(of: Project) -> list[Invoice]:
    """The invoices of a project that is locked already."""
    found = Invoice.objects.select_for_update(of=("self",)).filter(request__project=of)
    return list(found.order_by("pk"))


def live_requests(of: Project) -> list[Request]:
    """The undecided requests of a project that is locked already."""
    found = Request.objects.select_for_update(of=("self",)).filter(project=of)
    live = list(found.exclude(state__in=ENDED).order_by("pk"))
    for each in live:
        each.project = of
    return live


def withdrawal(of: Project) -> Withdrawal | None:
    """The withdrawal that is asked for, of a project that is locked already."""
    asked = Withdrawal.objects.filter(project=of, state=Withdrawal.State.ASKED)
    found = asked.select_for_update().first()
    if found is not None:
        found.project = of
    return found


def deregistration(of: Project) -> Deregistration | None:
    """The deregistration that is asked for, of a project that is locked already."""
    asked = Deregistration.objects.filter(project=of, state=Deregistration.State.ASKED)
    found = asked.select_for_update().first()
    if found is not None:
        found.project = of
    return found


def meeting(pk: int) -> Meeting:
    """A meeting of the Board. Raises NotFound."""
    found = Meeting.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such meeting.")
    return found


def exclusion(pk: int) -> Exclusion:
    """The exclusion with its component and programme, all locked. Raises NotFound."""
    component_id = Exclusion.objects.filter(pk=pk).values_list("component_id", flat=True).first()
    if component_id is None:
        raise NotFound("There is no such exclusion.")
    component = locks.component(component_id)
    found = Exclusion.objects.select_for_update(of=("self",)).get(pk=pk)
    found.component = component
    return found


def moved_exclusion(component: Component) -> Exclusion | None:
    """What a member has moved about a component that is locked already, until it is prepared."""
    moved = component.exclusions.filter(state=Exclusion.State.MOVED)
    found: Exclusion | None = moved.select_for_update(of=("self",)).first()
    if found is not None:
        found.component = component
    return found


def inquiry(pk: int) -> Inquiry:
    """The inquiry with its period and project, all locked. Raises NotFound."""
    period_id = Inquiry.objects.filter(pk=pk).values_list("period_id", flat=True).first()
    if period_id is None:
        raise NotFound("There is no such inquiry.")
    period = locks.period(period_id)
    found = Inquiry.objects.select_for_update(of=("self",)).select_related("doe").get(pk=pk)
    found.period = period
    return found


def next_number(series: str, *, before_first: int = 0) -> int:
    """The next number of a series, whose row stays locked until the transaction ends."""
    Series.objects.get_or_create(name=series, defaults={"last": before_first})
    held = Series.objects.select_for_update().get(name=series)
    held.last += 1
    held.save(update_fields=["last"])
    return held.last

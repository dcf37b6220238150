"""Row locks of requests: project, period, request, instruction, then a series of numbers."""

from cdm_portal.refusals import NotFound
from projects import locks
from projects.board.models import Exclusion, Instruction, Invoice, Request, Series
from projects.models import Project


def request(pk: int) -> Request:
    """The request with its project (and period), all locked. Raises NotFound."""
    ids = Request.objects.filter(pk=pk).values_list("project_id", "period_id").first()
    if ids is None:
        raise NotFound("There is no such request.")
    project_id, period_id = ids
    period = locks.period(period_id) if period_id else None
    project = period.project if period else locks.project(project_id)
    found = Request.objects.select_for_update().get(pk=pk)
    found.project, found.period = project, period
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


def invoices(of: Project) -> list[Invoice]:
    """The invoices of a project that is locked already."""
    found = Invoice.objects.select_for_update(of=("self",)).filter(request__project=of)
    return list(found.order_by("pk"))


def exclusion(pk: int) -> Exclusion:
    """The exclusion with its component and programme, all locked. Raises NotFound."""
    component_id = Exclusion.objects.filter(pk=pk).values_list("component_id", flat=True).first()
    if component_id is None:
        raise NotFound("There is no such exclusion.")
    component = locks.component(component_id)
    found = Exclusion.objects.select_for_update(of=("self",)).get(pk=pk)
    found.component = component
    return found


def next_number(series: str, *, before_first: int = 0) -> int:
    """The next number of a series, whose row stays locked until the transaction ends."""
    Series.objects.get_or_create(name=series, defaults={"last": before_first})
    held = Series.objects.select_for_update().get(name=series)
    held.last += 1
    held.save(update_fields=["last"])
    return held.last

"""Which requests of a list answer its filters."""

from datetime import datetime

from django.db.models import Q, QuerySet

from projects.board.models import Request


def narrowed(
    rows: QuerySet[Request], *, kind: str = "", state: str = "", party: str = "",
    project: str = "", doe: int | None = None, after: datetime | None = None,
    before: datetime | None = None,
) -> QuerySet[Request]:
    """The requests of a list that answer a filter; what is empty does not narrow. They were
    submitted at `after` or later, and before `before`.
    """
    wanted = {
        "kind": kind, "state": state, "project__party_code": party.upper(), "submitted_by": doe,
        "submitted_at__gte": after, "submitted_at__lt": before,
    }
    found = rows.filter(**{field: value for field, value in wanted.items() if value})
    if project:
        found = found.filter(Q(project__reference=project) | Q(project__number=project))
    return found

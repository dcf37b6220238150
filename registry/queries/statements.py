"""The statement of an account: every movement in or out of it, from its postings."""

from collections.abc import Iterator

from django.db import connection

from registry.models import Posting

STATEMENT_PAGE = 50
LAST = 2**63 - 1

NEWEST = """
SELECT id FROM (
  (SELECT id FROM registry_posting WHERE (dr, id) < (%(account)s, %(before)s) AND dr >= %(account)s
   ORDER BY dr DESC, id DESC LIMIT %(limit)s)
  UNION ALL
  (SELECT id FROM registry_posting WHERE (cr, id) < (%(account)s, %(before)s) AND cr >= %(account)s
   ORDER BY cr DESC, id DESC LIMIT %(limit)s)) AS side
ORDER BY id DESC LIMIT %(limit)s
"""
"""The pairs are compared as pairs so that only the index on (account, id) can answer. With
`dr = … AND id < …` the planner may walk the primary key instead, past every newer posting of
others: 15,000 pages, measured, for an account that once moved much and then rested."""


def statement(
    account_id: int, before: int | None = None, limit: int = STATEMENT_PAGE
) -> list[Posting]:
    """The newest postings of an account, before a posting's number if one is given: a keyset page,
    as quick for the millionth posting as for the first."""
    values = {"account": account_id, "before": LAST if before is None else before, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, values)
        ids = [pk for (pk,) in cursor.fetchall()]
    return list(
        Posting.objects.filter(id__in=ids)
        .select_related("tx", "cancellation", "issuance", "dr", "cr")
        .order_by("-id")
    )


def whole_statement(account_id: int, chunk: int = 2000) -> Iterator[Posting]:
    """Every posting of an account, newest first, page by page: an export holds one page at a
    time."""
    before: int | None = None
    while page := statement(account_id, before, chunk):
        yield from page
        before = page[-1].pk

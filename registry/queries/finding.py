"""Where a serial is, and what somebody meant who typed a part of its number."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from registry import parts
from registry.models import Block, Cancellation, Issuance, Posting, Transaction
from registry.queries.lists import with_origin
from registry.serials import SerialNumber


def block_at(party_code: str, serial: int) -> Block | None:
    """The block that holds a unit, in at most five pages of the database; None if there is none."""
    block = block_upto(party_code, serial).first()
    return block if block is not None and block.hi >= serial else None


def block_upto(party_code: str, serial: int) -> QuerySet[Block]:
    """The last block of a Party that begins at or before a serial: the only one that can hold it,
    by one descent of the index (Party, first serial)."""
    return Block.objects.filter(party_id=party_code, lo__lte=serial).order_by("-lo")[:1]


def issuance_at(party_code: str, serial: int) -> Issuance | None:
    """The issuance that made a unit; None if none did."""
    rows = Issuance.objects.select_related("party").filter(party_id=party_code, lo__lte=serial)
    found = rows.order_by("-lo").first()
    return found if found is not None and found.hi >= serial else None


def unit_or_project(party_code: str, number: int) -> tuple[Issuance | None, list[Issuance]]:
    """What `BR-2569` may mean: the issuance of a Party's unit of that serial, and the issuances of
    its project of that number, newest first. One statement for both."""
    upto = Issuance.objects.filter(party_id=party_code, lo__lte=number).order_by("-lo")
    named = Q(project_number__in=(str(number), f"{party_code}-{number}"), party_id=party_code)
    rows = Issuance.objects.select_related("party", "tx").filter(
        Q(pk__in=upto.values("pk")[:1]) | named
    )
    found = list(rows.order_by("-id")[: parts.MOST_BLOCKS])
    made = [row for row in found if row.lo <= number <= row.hi]
    of_project = (str(number), f"{party_code}-{number}")
    return made[0] if made else None, [row for row in found if row.project_number in of_project]


def issuances_between(party_code: str, first: int, last: int) -> list[Issuance]:
    """The issuances that made these serials of a Party, lowest first."""
    rows = with_origin(Issuance.objects.filter(party_id=party_code, nxt__gt=first, lo__lte=last))
    return list(rows.order_by("nxt")[: parts.MOST_BLOCKS])


def issuances_of_project(project_number: str, limit: int = parts.MOST_BLOCKS) -> list[Issuance]:
    """A project's issuances, newest first."""
    rows = Issuance.objects.filter(project_number=project_number).select_related("party", "tx")
    return list(with_origin(rows).order_by("-id")[:limit])


def blocks_of_project(project_number: str, limit: int = parts.MOST_BLOCKS) -> list[parts.Line]:
    """A project's units as everybody may see them, lowest serial first; held ones in one line."""
    blocks = parts.standing_blocks().filter(issuance__project_number=project_number)
    return parts.lines(parts.of_blocks(blocks[:limit]))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A unit that a bare serial may mean: in which Party, by which issuance."""

    party: str
    serial: SerialNumber


BY_SERIAL = """
SELECT i.id FROM registry_party p CROSS JOIN LATERAL (
  SELECT id, hi FROM registry_issuance
  WHERE party_id = p.code AND lo <= %(first)s ORDER BY lo DESC LIMIT 1) i
WHERE p.next_serial > %(first)s AND i.hi >= %(last)s ORDER BY p.name
"""


def with_serials(first: int, last: int) -> list[Whereabouts]:
    """The Parties in which one issuance made these serials: each Party counts from 1."""
    with connection.cursor() as cursor:
        cursor.execute(BY_SERIAL, {"first": first, "last": last})
        ids = [pk for (pk,) in cursor.fetchall()]
    found = Issuance.objects.filter(pk__in=ids).select_related("party").order_by("party__name")
    return [Whereabouts(row.party.name, row.number(first, last)) for row in found]


def cancellation_quoted(pk: int) -> Cancellation | None:
    """The cancellation that a reference `CX-…-000017` quotes."""
    rows = Cancellation.objects.filter(pk=pk, kind="c").select_related("lot__issuance")
    return rows.first()


def posted_by(tx_id: int) -> SerialNumber | None:
    """What the transaction that a reference `TX-…-000017` quotes issued or cancelled.

    Which units others moved is their holder's to know.
    """
    quoted = Transaction.objects.filter(pk=tx_id, verb__in=("issue", "cancel")).first()
    if quoted is None:
        return None
    if quoted.verb == "cancel":
        gone = Cancellation.objects.filter(lot__tx_id=tx_id, kind="c").select_related(
            "lot__issuance"
        )
        first = gone.order_by("id").first()
        return first.serial if first else None
    posting = Posting.objects.filter(tx_id=tx_id).select_related("issuance").order_by("id").first()
    return posting.issuance.serial if posting else None

"""Who speaks for the seats of the Board in a request: the member, or the alternate in that place.

A seat speaks once in each act: one request for a review, one vote. Its member speaks; the alternate
does while the member is recorded absent, has declared a conflict, or the seat has no member. An
alternate with a conflict of their own is kept out too: then nobody speaks for the seat, and it does
not count among those who may vote. The Chair presides, else the Vice-Chair, each in person, else
the first seat whose member is there. (From general knowledge of decision 3/CMP.1 and of the Board's
rules of procedure, unverified. That an alternate stands in for a member in conflict, and who
presides after the Vice-Chair, is this portal's own reading.)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from cdm_portal import queues
from cdm_portal.identity import queries as identity
from cdm_portal.identity.models import Membership
from projects.board.models import Absence, Recusal, Request

PRECEDENCE = (Membership.Office.CHAIR, Membership.Office.VICE_CHAIR, "")


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of the Board on a day; either place may be vacant."""

    number: int
    member: Membership | None
    alternate: Membership | None

    @property
    def office(self) -> str:
        """What its member is elected to: Chair, Vice-Chair or nothing."""
        return self.member.office if self.member else ""

    @property
    def holders(self) -> list[Membership]:
        """Who sits there: the member, then the alternate."""
        return [held for held in (self.member, self.alternate) if held is not None]


@dataclass(frozen=True, slots=True)
class Bench:
    """The seats as they stand in one request: who declared a conflict, who is absent."""

    seats: list[Seat]
    recused: frozenset[int]
    absent: frozenset[int]

    def speaker(self, seat: Seat) -> Membership | None:
        """Who speaks for the seat: the first of member and alternate who is there."""
        kept_out = self.recused | self.absent
        return next((held for held in seat.holders if held.person_id not in kept_out), None)

    def seat_of(self, person_id: int) -> Seat | None:
        """The seat in which a person sits, as member or alternate."""
        for seat in self.seats:
            if any(held.person_id == person_id for held in seat.holders):
                return seat
        return None

    def speaks(self, person_id: int) -> bool:
        """Whether a person speaks for their seat in this request."""
        seat = self.seat_of(person_id)
        found = self.speaker(seat) if seat else None
        return found is not None and found.person_id == person_id

    @property
    def speaking(self) -> set[int]:
        """The numbers of the seats for which somebody speaks."""
        return {seat.number for seat in self.seats if self.speaker(seat) is not None}

    @property
    def presiding(self) -> Membership | None:
        """Who presides and publishes the ruling; None if no member is there at all."""
        ranked = self.by_precedence()
        return next((s.member for s in ranked if s.member and self.speaker(s) == s.member), None)

    def by_precedence(self) -> list[Seat]:
        """The seats in the order in which their members preside."""
        return sorted(self.seats, key=lambda s: (PRECEDENCE.index(s.office), s.number))


def seats(on: date) -> list[Seat]:
    """The seats of the Board on a day, in order; those in which nobody sits are not there."""
    held = identity.seats(on)
    return [_seat(number, rows) for number, rows in groupby(held, key=lambda row: row.seat_number)]


def _seat(number: int | None, rows: Iterable[Membership]) -> Seat:
    places = {row.alternate: row for row in rows}
    return Seat(number or 0, places.get(False), places.get(True))


def speaks(board: list[Seat], person_id: int) -> Q:
    """`Bench.speaks` over rows of requests: those in which a person speaks for their seat."""
    seat = Bench(board, frozenset(), frozenset()).seat_of(person_id)
    if seat is None:
        return NEVER
    there = ~_kept_out(person_id)
    if seat.member is None or seat.member.person_id == person_id:
        return there
    return there & _kept_out(seat.member.person_id)


def presides(board: list[Seat], person_id: int) -> Q:
    """`Bench.presiding` over rows of requests: those in which a person presides."""
    before = Q()
    for seat in Bench(board, frozenset(), frozenset()).by_precedence():
        if seat.member is not None and seat.member.person_id == person_id:
            return before & ~_kept_out(person_id)
        if seat.member is not None:
            before &= _kept_out(seat.member.person_id)
    return NEVER


NEVER = Q(pk__in=[])


def _kept_out(person_id: int) -> Q:
    mine = {"request": OuterRef("pk"), "person_id": person_id}
    recused, absent = Recusal.objects.filter(**mine), Absence.objects.filter(**mine)
    return Q(Exists(recused)) | Q(Exists(absent))


def kept_out() -> dict[str, ArraySubquery]:
    """Who declared a conflict and who is absent, of rows of requests: the facts for `told`."""
    mine = {"request": OuterRef("pk")}
    return {
        "recused": ArraySubquery(Recusal.objects.filter(**mine).values("person_id")),
        "absent": ArraySubquery(Absence.objects.filter(**mine).values("person_id")),
    }


def told(board: list[Seat], facts: queues.Facts) -> Bench:
    """The seats as they stand in a request, from the facts of a line of the desk."""
    return Bench(board, frozenset(facts["recused"]), frozenset(facts["absent"]))


def bench(request: Request, at: datetime) -> Bench:
    """The seats of the Board as they stand in a request."""
    return Bench(
        seats(at.date()),
        frozenset(request.recusals.values_list("person_id", flat=True)),
        frozenset(request.absences.values_list("person_id", flat=True)),
    )

"""How many rows are booked together, and when PostgreSQL counts its tables anew meanwhile."""

from collections.abc import Iterator, Sequence

from django.db import connection

from registry.importing.reports import Booking

FEW, BATCH = 50, 500
"""Rows that are booked, or not, together: the first, and the most that it grows to. 500 take a
third of a second, and so much work is lost by a kill."""


def parts(rows: Sequence[Booking]) -> Iterator[Sequence[Booking]]:
    """The rows in their order, a few at first; each part is asked for once that before is booked.

    A session keeps the plans that it made while a table was empty, or while the counts of one that
    a killed import left half written said so: every cancellation then reads all the earlier ones.
    So whenever twice as much is booked the tables are counted, which makes the plans anew.
    """
    done, counted, size = 0, 0, FEW
    while done < len(rows):
        yield rows[done : done + size]
        done += size
        size = min(2 * size, BATCH)
        if done >= 2 * counted:
            counted = done
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

"""Who may do what with which object: one table, from which every guard takes its roles.

`matrix.MATRIX` is the table. A page is guarded by `identity.access.may`, a method of the API by
`pages.api_guard.permitted`; both name the cells that they exercise, so that a changed cell changes
page, API and the page on which an auditor reads the table. Rights decide by role alone; whose row
it is (own, involved, engaged, submitted) is asked by the queries of the apps.
"""

from cdm_portal.permissions.matrix import MATRIX
from cdm_portal.permissions.terms import Cell, Column, Exercise, Right, Row, answers
from cdm_portal.values import Role

__all__ = ["MATRIX", "VISITOR", "Cell", "Column", "Exercise", "Right", "Row", "columns", "roles"]

VISITOR = None
"""Stands among roles for whoever has not signed in, or holds no role."""


def columns(row: Row, right: Right) -> list[Column]:
    """The columns that hold a right on an object, in the order of the table."""
    return [column for column, cell in MATRIX[row].items() if answers(cell, right)]


def roles(*exercises: Exercise) -> frozenset[object]:
    """The roles of the portal that hold one of these rights, `VISITOR` among them if the public
    does. What the public sees every role sees. A column without a sign-in (the CMP) adds none.
    """
    found: set[object] = set()
    for row, right in exercises:
        holders = columns(row, right)
        found |= {column.role for column in holders if column.role is not None}
        if Column.PUBLIC in holders:
            found |= {VISITOR, *Role} if right == Right.SEE else {VISITOR}
    return frozenset(found)

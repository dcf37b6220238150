"""The permission matrix as an auditor reads it: every cell, what exercises it, what is missing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cdm_portal.pages.addresses import Use, addresses, uses
from cdm_portal.permissions import MATRIX, Column, Row, outside

LEGEND = (
    ("R", "read all"), ("r", "read what is public, or one's own"), ("C", "create"),
    ("U", "update"), ("A", "approve or decide"), ("X", "execute"), ("–", "nothing"),
)


def permissions(request: HttpRequest) -> HttpResponse:
    """The whole table, then each object with its conditions and the addresses that exercise it."""
    used = uses()
    return render(request, "pages/permissions.html", {
        "columns": list(Column), "rows": [_row(row, used) for row in Row], "legend": LEGEND,
        "outside": [
            (address, outside.reason(address.name)) for address in addresses()
            if not address.exercises and not address.name.startswith(tuple(outside.PREFIXES))
        ],
        "libraries": outside.PREFIXES.items(),
        "missing": sum(len(use.missing) for use in used.values()),
    })


def _row(row: Row, used: dict[tuple[Row, Column], Use]) -> dict[str, Any]:
    """One object: its cells in the order of the columns, and those that allow something."""
    cells = [
        {"column": column, "cell": cell, "use": used[row, column],
         "missing": [str(right) for right in used[row, column].missing],
         "says_something": bool(cell.rights or cell.departs)}
        for column, cell in MATRIX[row].items()
    ]
    return {
        "row": row, "cells": cells, "allowed": [each for each in cells if each["says_something"]],
    }

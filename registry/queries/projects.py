"""What the registry knows of one project: how many of its units are where."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from registry.parts import STATES

STANDING = """
SELECT CASE WHEN a.terminal THEN 'cancelled' WHEN l.id IS NOT NULL THEN 'offered'
            WHEN a.adaptation_fund THEN 'share_of_proceeds'
            WHEN a.kind = 110 THEN 'pending' ELSE 'held' END,
  sum(b.hi - b.lo + 1)::bigint,
  coalesce(sum(l.next_serial - l.lo) FILTER (WHERE NOT a.terminal), 0)::bigint
FROM registry_issuance i
JOIN registry_block b ON b.issuance_id = i.id
JOIN registry_account a ON a.id = b.account_id
LEFT JOIN registry_lot l ON l.block_id = b.id
WHERE i.project_number = %s GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Share:
    """Units of a project in one state."""

    key: str
    quantity: int

    @property
    def state(self) -> str:
        """The state in words."""
        return STATES[self.key][0]

    @property
    def kind(self) -> str:
        """How the tag of the state looks."""
        return STATES[self.key][1]


def standing_of_project(project_number: str) -> list[Share]:
    """How many units of a project are in each state, whoever holds them. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [project_number])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    units = dict.fromkeys(STATES, 0)
    for state, quantity, sold in rows:
        units[state] += quantity - sold
        units["cancelled"] += sold
    return [Share(key, quantity) for key, quantity in units.items() if quantity]

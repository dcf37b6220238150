"""The family of a block: from its issuance, through every split, to where all of it is now.

Four generations, left to right. What is left of the issuance at each one is worked out from the
blocks as they stand, not by subtraction, so that the sum below the picture is a check.
"""

import logging
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cdm_portal import formats
from cdm_portal.drawing.family import Generation, Node, family
from registry.lives import Life, Movement, Standing
from registry.models import Account
from registry.parts import STATES

REST = ("share_of_proceeds", "cancelled", "offered", "pending", "held")
logger = logging.getLogger(__name__)

LOOKS = {"cancelled": "ok", "offered": "warn", "pending": "info", "held": "info"}


@dataclass(frozen=True, slots=True)
class Family:
    """The picture, and its sum: the units of every end of it, and of the issuance."""

    drawing: SafeString
    ends: tuple[int, ...]
    whole: int

    @property
    def adds_up(self) -> bool:
        """Whether no unit is missing and none is counted twice."""
        return sum(self.ends) == self.whole

    @property
    def sum(self) -> str:
        """`1 138 + 13 836 + 12 = 14 986`."""
        parts = " + ".join(formats.tonnes(units) for units in self.ends if units)
        return f"{parts} = {formats.tonnes(self.whole)}"


def family_of(life: Life, *, everything: bool) -> Family:
    """The family of a life's part."""
    standing = life.standing
    path = _path(life, standing, everything=everything)
    generations, ends = [], []
    parent = ""
    for depth, (title, day, node) in enumerate(path, start=1):
        others: list[Node] = []
        if depth > 1:  # what of the generation before went another way
            others = _others(life, standing, depth - 1, parent)
            ends += [other.units for other in others]
        generations.append(Generation(title, day, [*others, node]))
        parent = node.key
    now = _now(life, standing, len(path), parent)
    ends += [node.units for node in now]
    generations.append(Generation(_("Now"), "", now))
    issued = life.issuance.serial
    title = _("%(units)s units issued; this part: %(state)s") % {
        "units": formats.tonnes(issued.quantity), "state": life.part.state,
    }  # fmt: skip
    made = Family(family(generations, title), tuple(ends), issued.quantity)
    if not made.adds_up:
        logger.critical("the parts of %s do not add up: %s", issued, made.sum)
    return made


def _path(life: Life, standing: Standing, *, everything: bool) -> list[tuple[str, str, Node]]:
    """The generations through which this part came: issued, forwarded, offered."""
    issuance = life.issuance
    whole = issuance.serial
    first = Node(
        "issued", whole.quantity, whole.block.first, whole.block.last,
        _("Pending account"), "path", url=reverse("registry:serial", args=[str(whole)]),
    )  # fmt: skip
    path = [(_("Issued"), formats.day(issuance.effective_at), first)]
    if (step := life.forwarded) is not None:
        known = everything or not standing.of(2, "held")
        title = _("Forwarded")
        place = place_of(step.target, life) if known else _("Holding account")
        node = _node("forwarded", step, place, known=known)
        path.append((title, formats.day(step.at), node))
    if (step := life.offered) is not None:
        node = _node("offered", step, _("Offered here"), known=True)
        path.append((_("Offered"), formats.day(step.at), node))
    return [
        (title, day, node if n == 0 else replace(node, parent=path[n - 1][2].key))
        for n, (title, day, node) in enumerate(path)
    ]


def _node(key: str, step: Movement, place: str, *, known: bool) -> Node:
    block = step.block
    first, last = (block.first, block.last) if known else (0, 0)
    return Node(key, block.quantity, first, last, place, "path")


def place_of(account: Account | None, life: Life) -> str:
    """Who held units is told of cancelled ones; of live ones only the kind of account."""
    if account is None:
        return ""
    if account.kind == Account.Kind.SOURCE:
        return _("Executive Board")
    if account.holder_id is None or life.part.key == "cancelled":
        return account.name
    return account.get_kind_display()


def _others(life: Life, standing: Standing, depth: int, parent: str) -> list[Node]:
    """What left the path between two generations: units whose block belongs to the earlier one."""
    level = _level(life, depth)
    return [
        Node(f"{depth}-{key}", units, 0, 0, STATES[key][0], "rest", parent)
        for key in REST
        if (units := standing.of(level, key))
    ]


def _level(life: Life, depth: int) -> int:
    """The number by which `Life.standing` counts a generation of this path."""
    if depth == 1:
        return 1
    return 2 if depth == 2 and life.forwarded is not None else 3


def _now(life: Life, standing: Standing, depth: int, parent: str) -> list[Node]:
    """Where the last generation of the path is: this part, and the others by state."""
    level, part = _level(life, depth), life.part
    units = {key: standing.of(level, key) for key in REST}
    units[part.key] -= part.quantity
    this = Node(
        "this", part.quantity, part.serial.block.first, part.serial.block.last,
        _("This block: %(state)s") % {"state": part.state.lower()}, "now", parent,
    )  # fmt: skip
    nodes = [
        Node(
            key, units[key], 0, 0, _other_words(key, part.key), LOOKS.get(key, "rest"), parent,
            _others_url(life, key),
        )
        for key in REST
        if units[key]
    ]
    return [this, *nodes]


def _others_url(life: Life, key: str) -> str:
    """Where the others are listed: of cancelled ones, the project's cancellations."""
    if key != "cancelled":
        return ""
    return f"{reverse('registry:cancellations')}?project={life.issuance.project_number}"


def _other_words(key: str, own: str) -> str:
    words = STATES[key][0]
    return _("%(state)s, others") % {"state": words} if key == own else words


def sum_line(drawn: Family) -> SafeString:
    """The sum in words: computed from the ledger with each request."""
    verdict = (
        _("No unit is missing and none is counted twice.") if drawn.adds_up
        else _("These figures do not agree: the registry’s books need a check.")
    )  # fmt: skip
    return format_html('<b class="num">{}</b> {}', drawn.sum, verdict)

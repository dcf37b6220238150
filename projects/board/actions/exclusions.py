"""The Board excludes a component that was included in error (domain, 3.9).

The secretariat prepares and a member of the Board decides: two persons; a member may move it first,
and then another decides. An exclusion is final and
public, and the DOE that included the component is to replace the CERs issued for it (unverified,
from general knowledge).
"""

from datetime import datetime

from django.db import transaction

from cdm_portal.identity import queries as people
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from cdm_portal.values import Actor, Role
from projects import components, lifecycle, locks
from projects.board import locks as board_locks
from projects.board import standing
from projects.board.errors import TakesSides
from projects.board.models import Exclusion
from projects.doe import actions as auditors
from projects.doe import entries
from projects.doe.errors import SamePerson
from projects.programmes.models import Component


def move_exclusion(
    *, actor: Actor, at: datetime, component_id: int, reasons: str
) -> Exclusion:
    """A member of the Board moves, with reasons, that a component be excluded; the secretariat
    prepares it and another member decides.

    Raises Forbidden, TakesSides for somebody of the programme or of its DOE, NotFound, Refused,
    Invalid.
    """
    if actor.role != Role.BOARD or actor.person_id is None:
        raise Forbidden("A member of the Executive Board moves this.")
    said = entries.words("reasons", reasons, longest=standing.LONGEST_TEXT, what="the reasons")
    with transaction.atomic():
        component = _excludable(component_id)
        _require_no_side(actor, component, at)
        if component.exclusions.filter(state__in=Exclusion.OPEN).exists():
            raise Refused("The exclusion of this component is under way already.")
        made: Exclusion = Exclusion.objects.create(
            component=component, state=Exclusion.State.MOVED, motion=said,
            moved_by_id=actor.person_id, moved_at=at,
        )
        _record("board.move_exclusion", actor, at, made)
    return made


def propose_exclusion(
    *, actor: Actor, at: datetime, component_id: int, reasons: str, tonnes: int | None
) -> Exclusion:
    """The secretariat proposes to exclude a component; `tonnes` are the CERs issued for it, which
    its DOE would have to replace: none above what was issued for periods that covered it. What a
    member of the Board has moved is prepared by this.

    Raises Forbidden, NotFound, Refused, Invalid by box.
    """
    standing.secretariat_only(actor)
    said = entries.words("reasons", reasons, longest=standing.LONGEST_TEXT, what="the reasons")
    with transaction.atomic():
        component = _excludable(component_id)
        if component.exclusions.filter(state=Exclusion.State.PROPOSED).exists():
            raise Refused("The exclusion of this component is before the Board already.")
        made = board_locks.moved_exclusion(component) or Exclusion(component=component)
        made.tonnes, made.reasons = _debt(component, tonnes), said
        made.prepared_by_id, made.prepared_at = actor.person, at
        if made.state == Exclusion.State.MOVED:
            made.prepare()
        made.save()
        _record("board.propose_exclusion", actor, at, made)
    return made


def decide_exclusion(
    *, actor: Actor, at: datetime, exclusion_id: int, grant: bool, reasons: str
) -> Exclusion:
    """A member of the Board decides, with public reasons.

    Raises Forbidden for another role, SamePerson, TakesSides for somebody of the programme or of
    its DOE, NotFound, Refused once it is decided, Invalid.
    """
    if actor.role != Role.BOARD:
        raise Forbidden("A member of the Executive Board decides this.")
    said = entries.words(
        "reasons", reasons, longest=standing.LONGEST_TEXT, what="the public reasons"
    )
    with transaction.atomic():
        found = board_locks.exclusion(exclusion_id)
        if found.state != Exclusion.State.PROPOSED:
            raise Refused(f"The Board has decided: {found.get_state_display().lower()}.")
        _require_other_side(actor, found, at)
        if grant:
            found.grant()
        else:
            found.refuse()
        found.decision, found.decided_by_id, found.decided_at = said, actor.person_id, at
        found.save(update_fields=["state", "decision", "decided_by", "decided_at"])
        _record("board.decide_exclusion", actor, at, found)
        if grant:
            _exclude(actor, at, found)
    return found


def _excludable(component_id: int) -> Component:
    """The component with its programme, locked. Raises NotFound, Refused."""
    component = locks.component(component_id)
    if not component.is_public:
        raise NotFound("There is no such component.")
    if reason := lifecycle.why_not(component, "exclude"):
        raise Refused(" ".join(reason))
    return component


def _debt(component: Component, tonnes: int | None) -> int:
    issued = components.issued_tonnes(component)
    if tonnes is None or not 0 <= tonnes <= issued:
        raise Invalid.of(
            "tonnes", f"Enter the CERs issued for the component: 0 to {issued}, what was issued "
            "for periods that covered it.",
        )
    return tonnes


def _require_other_side(actor: Actor, found: Exclusion, at: datetime) -> None:
    if actor.person_id == found.prepared_by_id:
        raise SamePerson("Who prepared it does not decide it.")
    if actor.person_id == found.moved_by_id:
        raise SamePerson("Who moved it does not decide it: another member of the Board does.")
    _require_no_side(actor, found.component, at)


def _require_no_side(actor: Actor, component: Component, at: datetime) -> None:
    sides = {component.doe_id or 0, component.programme.owner_id}
    offices = people.memberships(actor.person, at.date()).filter(organisation_id__in=sides)
    if offices.exists():
        raise TakesSides("Who belongs to the programme or to its DOE does not decide on it.")


def _exclude(actor: Actor, at: datetime, found: Exclusion) -> None:
    component = found.component
    lifecycle.ask(component, "exclude", actor)
    component.exclude()
    component.excluded_at, component.debt_tonnes = at, found.tonnes
    component.renewal_doe = component.renewal_last_date = None
    component.save(update_fields=[
        "state", "excluded_at", "debt_tonnes", "renewal_doe", "renewal_last_date",
    ])
    if found.tonnes:
        auditors.open_debt(
            actor=actor, at=at, organisation_id=component.doe_id or 0, quantity=found.tonnes,
            component=component,
        )
    _record("board.exclude_component", actor, at, found)


def _record(verb: str, actor: Actor, at: datetime, found: Exclusion) -> None:
    component = found.component
    record(
        verb, actor=actor, subject=found, at=at, project=component.programme.reference,
        facts={"number": component.number, "tonnes": found.tonnes, "state": found.state},
    )

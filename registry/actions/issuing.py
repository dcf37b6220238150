"""Issuance: a line of the Board's instruction is entered, released by a second person, issued
once."""

from datetime import date, datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.values import SYSTEM, Actor, Role
from registry import access, serials
from registry.errors import refusal
from registry.locks import call, retried
from registry.models import InstructionLine, Issuance


@retried
def instruct(
    *,
    actor: Actor,
    at: datetime,
    project_number: str,
    party_code: str,
    commitment_period: int,
    quantity: int,
    share_of_proceeds: int,
    reference: str,
    unit_type: int = 5,
    expires_on: date | None = None,
) -> InstructionLine:
    """Enter one line of the Board's instruction: units of one project and commitment period.

    The same reference, project and period with the same content answers the same line. The share of
    proceeds for adaptation is part of the quantity (decisions, 5). Raises NotPermitted, KeyReused,
    UnknownParty, Invalid.
    """
    access.only(actor, Role.BOARD, Role.SECRETARIAT, Role.SYSTEM)
    _check_line(project_number, quantity, share_of_proceeds)
    with transaction.atomic():
        pk = call(
            "registry_instruct", project_number, reference, party_code, unit_type,
            commitment_period, quantity, share_of_proceeds, expires_on, access.person(actor), at,
        )  # fmt: skip
        line = InstructionLine.objects.get(pk=pk)
        record(
            "registry.instruct", actor=actor, subject=line, at=at, project=project_number,
            facts={"quantity": quantity, "share_of_proceeds": share_of_proceeds,
                   "commitment_period": commitment_period, "reference": reference},
        )  # fmt: skip
    return line


@retried
def release_instruction(*, actor: Actor, at: datetime, line_id: int) -> InstructionLine:
    """Release a line for issuance, as a second person. Wakes the job that issues.

    Raises NotPermitted, SamePerson, AlreadyDecided, HashMismatch, UnknownInstruction.
    """
    access.only(actor, *access.ADMINISTRATION)
    with transaction.atomic():
        call("registry_release_instruction", line_id, access.person(actor), at)
        line = InstructionLine.objects.get(pk=line_id)
        record(
            "registry.release_instruction", actor=actor, subject=line, at=at,
            project=line.project_number, facts={"quantity": line.quantity},
        )  # fmt: skip
    return line


@retried
def issue(*, at: datetime, line_id: int) -> Issuance:
    """Issue what a released line says: units to the pending account, the share of proceeds to the
    Adaptation Fund's account from the end of the block, in one transaction.

    A line issues once: called again, at the same moment or after a kill, it answers the same
    issuance. Raises NotReleased, Frozen, UnknownInstruction.
    """
    with transaction.atomic():
        pk, new = call("registry_issue", line_id, at)
        issuance = Issuance.objects.get(pk=pk)
        if new:
            record(
                "registry.issue", actor=SYSTEM, subject=issuance, at=at,
                project=issuance.project_number,
                facts={"serial": str(issuance.serial), "quantity": issuance.serial.quantity},
            )  # fmt: skip
    return issuance


def _check_line(project_number: str, quantity: int, share_of_proceeds: int) -> None:
    if serials.PROJECT_NUMBER.fullmatch(project_number) is None:
        raise refusal("R612", field="project_number")
    if not 1 <= quantity <= serials.LARGEST_SERIAL:
        raise refusal("R610", field="quantity")
    if not 0 <= share_of_proceeds <= quantity:
        raise refusal("R611", field="share_of_proceeds")

"""A participant asks for a holding account; the registry looks at the evidence; two of its
administrators open it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from cdm_portal import parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.uploads import kinds
from cdm_portal.values import Actor, Role
from registry import access, queries
from registry.actions.asking import Asked, asked_for, representatives, words
from registry.errors import AccountExists, AlreadyWaiting, OutOfTurn
from registry.locks import call, retried
from registry.models import Account
from registry.opening import evidence, locks, machine
from registry.opening.models import (
    AccountRequest,
    EvidenceFile,
    EvidenceItem,
    EvidenceWord,
    ProposedRepresentative,
)

State, Mark = AccountRequest.State, EvidenceItem.Mark


@dataclass(frozen=True, slots=True)
class Upload:
    """A file for an item of the evidence, as it came in."""

    item: str
    filename: str
    data: bytes


def request_account(
    *, actor: Actor, at: datetime, asked: Asked, people: Sequence[int], files: Sequence[Upload]
) -> AccountRequest:
    """Ask for a holding account of one’s organisation, and show evidence (domain, 5.3).

    `people` are one to three who are to act for the account. Every item but the form has a file.
    Raises NotPermitted, Invalid by box, Unacceptable for a file, AccountExists, AlreadyWaiting.
    """
    access.only(actor, Role.PARTICIPANT)
    said = asked_for(asked)
    seated = representatives(actor.office, people, at)
    typed = [(file, _media_type(file, at)) for file in files]
    _all_are_there(files)
    if queries.account_for(actor.office, asked.party_code) is not None:
        raise AccountExists("Your organisation has an account with this Party.", field="party")
    try:
        with transaction.atomic():
            made = AccountRequest.objects.create(
                **said, holder_id=actor.office, requested_by_id=actor.person, requested_at=at
            )
            ProposedRepresentative.objects.bulk_create(
                ProposedRepresentative(request=made, seat=seat, person_id=person)
                for seat, person in enumerate(seated, start=1)
            )
            EvidenceItem.objects.bulk_create(
                EvidenceItem(request=made, key=item.key) for item in evidence.ITEMS
            )
            for file, media_type in typed:
                _file(actor, at, locks.item(made, file.item), file, media_type)
            _record("registry.request_account", actor, at, made)
    except IntegrityError as error:
        if "kyc_request_once" not in str(error):
            raise
        raise AlreadyWaiting(
            "Your organisation asked for an account with this Party already.", field="party"
        ) from error
    return made


def add_evidence(*, actor: Actor, at: datetime, request_id: int, file: Upload) -> EvidenceFile:
    """Add a file to an item; what was questioned or proven is looked at again.

    Raises UnknownRequest, NotPermitted, OutOfTurn, Invalid, Unacceptable.
    """
    media_type = _media_type(file, at)
    with transaction.atomic():
        request = locks.request(request_id)
        machine.ask(request, actor, "add")
        if EvidenceFile.objects.filter(item__request=request).count() >= evidence.MOST_FILES:
            raise Invalid.of("file", f"A request has at most {evidence.MOST_FILES} files.")
        item = locks.item(request, file.item)
        filed = _file(actor, at, item, file, media_type)
        if item.mark in (Mark.QUESTIONED, Mark.PROVEN):
            _mark(item, Mark.ANSWERED)
        _record("registry.add_evidence", actor, at, request, item=item.key, sha256=filed.sha256)
    return filed


def answer_evidence(
    *, actor: Actor, at: datetime, request_id: int, item: str, text: str
) -> EvidenceWord:
    """Answer what the registry questioned about an item.

    Raises UnknownRequest, NotPermitted, OutOfTurn, Invalid.
    """
    said = words("text", text, longest=4000)
    with transaction.atomic():
        request = locks.request(request_id)
        machine.ask(request, actor, "answer")
        found = locks.item(request, item)
        if found.mark not in (Mark.QUESTIONED, Mark.ANSWERED):
            raise OutOfTurn(f"{found.label}: nothing is asked about it.")
        made = _say(actor, at, found, Mark.ANSWERED, said)
        _record("registry.answer_evidence", actor, at, request, item=item)
    return made


def withdraw_account_request(*, actor: Actor, at: datetime, request_id: int) -> AccountRequest:
    """Take a request back before it is decided. Raises UnknownRequest, NotPermitted, OutOfTurn."""
    with transaction.atomic():
        request = locks.request(request_id)
        machine.ask(request, actor, "withdraw")
        _decide(request, State.WITHDRAWN, actor, at)
        _record("registry.withdraw_account_request", actor, at, request)
    return request


def take_up_account_request(*, actor: Actor, at: datetime, request_id: int) -> AccountRequest:
    """Begin to look at the evidence. Raises UnknownRequest, NotPermitted, OutOfTurn."""
    with transaction.atomic():
        request = locks.request(request_id)
        machine.ask(request, actor, "take_up")
        request.state, request.taken_up_by_id, request.taken_up_at = State.KYC, actor.person, at
        request.save(update_fields=["state", "taken_up_by", "taken_up_at"])
        _record("registry.take_up_account_request", actor, at, request)
    return request


def mark_evidence(
    *, actor: Actor, at: datetime, request_id: int, item: str, mark: str, text: str = ""
) -> EvidenceWord:
    """Mark an item of the evidence as proven, or question it with words.

    A question takes the conclusion back. Raises UnknownRequest, NotPermitted, OutOfTurn, Invalid.
    """
    said = words("text", text, longest=4000, needed=mark == Mark.QUESTIONED)
    with transaction.atomic():
        request = locks.request(request_id)
        machine.ask(request, actor, "mark")
        found = locks.item(request, item)
        if not machine.may_mark(found.mark, mark):
            raise OutOfTurn(f"{found.label} is {found.get_mark_display().lower()} already.")
        if request.concluded_at is not None:
            request.concluded_by_id = request.concluded_at = None
            request.save(update_fields=["concluded_by", "concluded_at"])
        made = _say(actor, at, found, mark, said)
        _record("registry.mark_evidence", actor, at, request, item=item, mark=mark)
    return made


def conclude_evidence(*, actor: Actor, at: datetime, request_id: int) -> AccountRequest:
    """Say that every item is proven; a second administrator then opens the account.

    Raises UnknownRequest, NotPermitted, OutOfTurn.
    """
    with transaction.atomic():
        request = locks.request(request_id)
        machine.ask(request, actor, "conclude")
        left = [item.label for item in request.items.exclude(mark=Mark.PROVEN)]
        if left:
            raise OutOfTurn(f"Not proven yet: {', '.join(left)}.")
        request.concluded_by_id, request.concluded_at = actor.person, at
        request.save(update_fields=["concluded_by", "concluded_at"])
        _record("registry.conclude_evidence", actor, at, request)
    return request


def refuse_account_request(
    *, actor: Actor, at: datetime, request_id: int, reasons: str
) -> AccountRequest:
    """Refuse a request, with reasons. Raises UnknownRequest, NotPermitted, OutOfTurn, Invalid."""
    said = words("reasons", reasons, longest=4000)
    with transaction.atomic():
        request = locks.request(request_id)
        machine.ask(request, actor, "refuse")
        request.reasons = said
        _decide(request, State.REFUSED, actor, at, "reasons")
        _record("registry.refuse_account_request", actor, at, request)
    return request


@retried
def open_requested_account(*, actor: Actor, at: datetime, request_id: int) -> Account:
    """Open the account as a second person, with the representatives that were proposed.

    Raises UnknownRequest, NotPermitted, OutOfTurn, SamePerson, Invalid (a representative has left),
    AccountExists.
    """
    with transaction.atomic():
        request = locks.request(request_id)
        machine.ask(request, actor, "open")
        seated = [each.person_id for each in request.representatives.all()]
        representatives(request.holder_id, seated, at)
        pk = call(
            "registry_open_account", Account.Kind.HOLDING.value, request.party_id,
            request.holder_id, request.account_name, request.concluded_by_id, at, False,
            actor.person,
        )  # fmt: skip
        for person in seated:
            call("registry_represent", pk, person, actor.person, at)
        request.account = account = Account.objects.get(pk=pk)
        _decide(request, State.OPEN, actor, at, "account")
        _record("registry.open_requested_account", actor, at, request, account=account.number)
    return account


def _media_type(file: Upload, at: datetime) -> str:
    if file.item not in evidence.BY_KEY or not evidence.BY_KEY[file.item].files:
        raise Invalid.of("item", "Choose what the file is to prove.")
    most = parameters.number("upload_max_mb", at.date())
    return kinds.media_type(file.filename, file.data, most_mb=most, field=file.item)


def _all_are_there(files: Sequence[Upload]) -> None:
    there = {file.item for file in files}
    lacking = {
        item.key: [f"Upload a file: {item.label.lower()}."]
        for item in evidence.WITH_FILES
        if item.key not in there
    }
    if lacking:
        raise Invalid(lacking)
    if len(files) > evidence.MOST_FILES:
        raise Invalid.of("identity", f"A request has at most {evidence.MOST_FILES} files.")


def _file(
    actor: Actor, at: datetime, item: EvidenceItem, file: Upload, media_type: str
) -> EvidenceFile:
    return EvidenceFile.objects.create(
        item=item, filename=file.filename, media_type=media_type, size=len(file.data),
        sha256=hashlib.sha256(file.data).hexdigest(), data=file.data, filed_by_id=actor.person,
        filed_at=at,
    )  # fmt: skip


def _say(actor: Actor, at: datetime, item: EvidenceItem, mark: str, text: str) -> EvidenceWord:
    made = EvidenceWord.objects.create(
        item=item, mark=mark, text=text, said_by_id=actor.person, said_at=at
    )
    if item.mark != mark:
        _mark(item, mark)
    return made


def _mark(item: EvidenceItem, mark: str) -> None:
    item.mark = mark
    item.save(update_fields=["mark"])


def _decide(
    request: AccountRequest, state: AccountRequest.State, actor: Actor, at: datetime, *more: str
) -> None:
    request.state, request.decided_by_id, request.decided_at = state, actor.person, at
    request.save(update_fields=["state", "decided_by", "decided_at", *more])


def _record(verb: str, actor: Actor, at: datetime, request: AccountRequest, **facts: str) -> None:
    record(verb, actor=actor, subject=request, at=at,
           facts={"reference": request.reference, **facts})  # fmt: skip

"""A DOE includes the components of a programme, returns or renews them; the coordinating/managing
entity asks it to (domain, 3.9).

The rules of this row are unverified, from secondary sources.
"""

from datetime import date, datetime

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.identity import queries as people
from cdm_portal.identity.models import Organisation
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects import components, lifecycle, locks
from projects.actions import file_document
from projects.doe import entries, standing
from projects.doe.actions.proceedings import TEXT_LIMIT
from projects.doe.errors import AlreadyEngaged, NotAccredited
from projects.models import Document
from projects.participant import queries as participant
from projects.programmes.models import Component


def submit_component(
    *, actor: Actor, at: datetime, component_id: int, organisation_id: int, checked: bool
) -> Component:
    """The coordinating/managing entity submits a draft to a DOE, with the criteria of the design
    document in force, every one of which it has answered and checked.

    Raises Forbidden, NotFound, NotNow, NotAccredited with every reason, Invalid by box.
    """
    with transaction.atomic():
        found = locks.component(component_id)
        programme = found.programme
        standing.require_participant(actor, programme, at.date())
        if found.state == Component.State.DRAFT:
            _freeze_criteria(found)
            if not checked:
                raise Invalid.of("checked", "Declare that you checked every criterion.")
            _require_complete(found, at.date())
            found.checked_at = at
        lifecycle.ask(found, "submit", actor)
        found.doe = _accredited(organisation_id, found, at.date())
        found.submit()
        found.submitted_at = at
        found.save(update_fields=[
            "state", "criteria", "design_version", "checked_at", "doe", "submitted_at",
        ])
        _record("doe.submit_component", actor, at, found, doe=found.doe_id)
    return found


def return_component(
    *, actor: Actor, at: datetime, component_id: int, reasons: str
) -> Component:
    """The DOE returns a component with reasons; it is a draft again.

    Raises Forbidden, NotFound, NotNow, Invalid without reasons.
    """
    with transaction.atomic():
        found = locks.component(component_id)
        standing.require_doe(actor, found.programme, found.doe_id, at.date())
        lifecycle.ask(found, "give_back", actor)
        said = entries.words("reasons", reasons, longest=TEXT_LIMIT, what="the reasons")
        found.give_back()
        found.returned_at, found.return_reasons, found.checked_at = at, said, None
        found.save(update_fields=["state", "returned_at", "return_reasons", "checked_at"])
        _record("doe.return_component", actor, at, found, reasons=said)
    return found


def include_component(
    *, actor: Actor, at: datetime, component_id: int, no_conflict: bool, filename: str, data: bytes
) -> Component:
    """The DOE includes a component by uploading its statement: it gets its number and is public.

    Asked on this day: its accreditation, that the programme is registered, that it declares no
    conflict. Raises Forbidden, NotFound, NotNow, NotAccredited, Invalid, Unacceptable.
    """
    with transaction.atomic():
        found = locks.component(component_id)
        programme = found.programme
        standing.require_doe(actor, programme, found.doe_id, at.date())
        lifecycle.ask(found, "include", actor)
        _require_no_conflict(no_conflict=no_conflict)
        _accredited(found.doe_id or 0, found, at.date())
        _require_complete(found, at.date())
        found.number = components.next_number(programme)
        found.statement = _statement(actor, at, found, "Inclusion", filename, data)
        found.include()
        found.included_at = found.no_conflict_at = at
        found.programme_last_date = programme.crediting_last_date
        found.save(update_fields=[
            "state", "number", "statement", "included_at", "no_conflict_at", "programme_last_date",
        ])
        _record("doe.include_component", actor, at, found, sha256=found.statement.blob_id)
    return found


def ask_component_renewal(
    *, actor: Actor, at: datetime, component_id: int, organisation_id: int, last_date: date | None
) -> Component:
    """The coordinating/managing entity asks a DOE to confirm that a component's crediting period
    goes on to a later day, after the programme's period was renewed.

    Raises Forbidden, NotFound, NotNow, AlreadyEngaged, NotAccredited, Invalid at the last day.
    """
    with transaction.atomic():
        found = locks.component(component_id)
        programme, day = found.programme, at.date()
        standing.require_participant(actor, programme, day)
        if reasons := lifecycle.why_not(found, "renew"):
            raise lifecycle.NotNow(" ".join(reasons))
        if found.renewal_doe_id is not None:
            raise AlreadyEngaged("A DOE has been asked to confirm the renewal.")
        _require_renewable(found, last_date, day)
        found.renewal_doe = _accredited(organisation_id, found, day)
        found.renewal_last_date = last_date
        found.save(update_fields=["renewal_doe", "renewal_last_date"])
        _record(
            "doe.ask_component_renewal", actor, at, found, doe=found.renewal_doe_id,
            last=str(last_date),
        )
    return found


def renew_component(
    *, actor: Actor, at: datetime, component_id: int, no_conflict: bool, filename: str, data: bytes
) -> Component:
    """The DOE that was asked confirms the renewal by uploading its statement.

    Raises Forbidden, NotFound, NotNow unless the programme is renewed, NotAccredited, Invalid,
    Unacceptable.
    """
    with transaction.atomic():
        found = locks.component(component_id)
        standing.require_doe(actor, found.programme, found.renewal_doe_id, at.date())
        lifecycle.ask(found, "renew", actor)
        _require_no_conflict(no_conflict=no_conflict)
        _accredited(found.renewal_doe_id or 0, found, at.date())
        _require_renewable(found, found.renewal_last_date, at.date())
        statement = _statement(actor, at, found, "Renewal", filename, data)
        found.renew()
        found.renewals += 1
        found.crediting_last_date, found.renewed_at = found.renewal_last_date, at
        found.programme_last_date = found.programme.crediting_last_date
        found.renewal_doe = found.renewal_last_date = None
        found.save(update_fields=[
            "state", "renewals", "crediting_last_date", "renewed_at", "programme_last_date",
            "renewal_doe", "renewal_last_date",
        ])
        _record(
            "doe.renew_component", actor, at, found, sha256=statement.blob_id,
            last=str(found.crediting_last_date),
        )
    return found


def _freeze_criteria(found: Component) -> None:
    version = participant.latest_version(found.programme)
    found.criteria = participant.criteria(found.programme)
    found.design_version = version.number if version else None


def _require_complete(found: Component, on: date) -> None:
    """Pass when everything that a component needs is said. Raises Invalid with all that is not."""
    if lacking := components.lacking(found):
        raise Invalid({"": lacking})
    faults = components.crediting_faults(
        found.programme, found.crediting_first_date, found.crediting_last_date
    )
    if faults:
        raise Invalid({"": [said for each in faults.values() for said in each]})
    _require_before_end(found, found.crediting_last_date, on, "")


def _require_renewable(found: Component, last_date: date | None, on: date) -> None:
    if last_date is None or found.crediting_last_date is None:
        raise Invalid.of("last_date", "Enter the new last day.")
    if last_date <= found.crediting_last_date:
        raise Invalid.of(
            "last_date", f"Enter a day after {found.crediting_last_date:%-d %B %Y}."
        )
    most = parameters.number("renewable_crediting_periods", on)
    if found.renewals + 1 >= most:
        raise Invalid.of("last_date", f"A component has at most {most} crediting periods.")
    whole = found.programme.crediting_period
    if whole is not None and last_date > whole.last:
        raise Invalid.of(
            "last_date", f"The programme's period ends on {whole.last:%-d %B %Y}."
        )
    _require_before_end(found, last_date, on, "last_date")


def _require_before_end(found: Component, last: date | None, on: date, box: str) -> None:
    """Pass when the last day lies in the programme's longest life. Raises Invalid."""
    ends = components.last_day_of(found.programme, on)
    if ends is not None and last is not None and last > ends:
        raise Invalid.of(
            box, f"The programme ends on {ends:%-d %B %Y} (unverified); nothing is credited later."
        )


def _require_no_conflict(*, no_conflict: bool) -> None:
    if not no_conflict:
        raise Invalid.of("no_conflict", "Declare that there is no conflict of interest.")


def _accredited(organisation_id: int, found: Component, on: date) -> Organisation:
    doe = people.organisation(organisation_id)
    if reasons := standing.component_obstacles(doe, found.programme, on):
        raise NotAccredited.because(doe.name, reasons)
    return doe


def _statement(
    actor: Actor, at: datetime, found: Component, what: str, filename: str, data: bytes
) -> Document:
    """File the DOE's statement, which is public. Raises Unacceptable, Invalid."""
    media_type = entries.media_type("file", filename, data, at.date())
    return file_document(
        actor=actor, at=at, project=found.programme, component=found,
        kind=Document.Kind.INCLUSION,
        title=f"{what} of {found.name}: the DOE's statement", filename=filename,
        media_type=media_type, data=data, public=True,
    )


def _record(
    verb: str, actor: Actor, at: datetime, found: Component, **facts: str | int | None
) -> None:
    told = {"order": found.order, "number": found.number, "title": found.title}
    record(
        verb, actor=actor, subject=found, at=at, project=found.programme.reference,
        facts=told | facts,
    )

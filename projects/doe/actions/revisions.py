"""The DOE's part in renewals and post-registration changes: asked, at work, its opinion."""

from datetime import datetime

from django.db import transaction

from cdm_portal.identity import queries as people
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor, Role
from projects import actions as filing
from projects import lifecycle, locks
from projects.doe import entries, papers, revisions, standing
from projects.doe.errors import NotAccredited, NotYet
from projects.doe.standing import Act
from projects.models import Document
from projects.participant import actions as participant
from projects.participant import revised
from projects.revisions.machine import State
from projects.revisions.models import Revision

REASON_LIMIT = 2_000
TEXT_LIMIT = 20_000


def offer_revision(
    *, actor: Actor, at: datetime, revision_id: int, organisation_id: int
) -> Revision:
    """The participant freezes the revised design document and asks a DOE to validate it.

    Raises NotFound, Forbidden, BothSides, NotNow, Incomplete and Invalid for the document,
    NotAccredited with every reason.
    """
    with transaction.atomic():
        revision = locks.revision(revision_id)
        standing.require_participant(actor, revision.project, at.date())
        lifecycle.ask(revision, "offer", actor)
        if revision.is_renewal and (late := revised.why_not_renew(revision.project, at)):
            raise NotYet([late])
        doe = people.organisation(organisation_id)
        if reasons := revisions.obstacles(doe, revision.project, at.date()):
            raise NotAccredited.because(doe.name, reasons)
        participant.freeze_for_doe(actor=actor, at=at, revision=revision)
        revision.doe, revision.no_conflict_at, revision.returned_reason = doe, None, ""
        _save_frozen(revision)
        revision.offer()
        revision.save(update_fields=["state"])
        _record("doe.offer_revision", revision, actor, at, doe=doe.pk)
    return revision


def _save_frozen(revision: Revision) -> None:
    """What was frozen is written while the revision is a draft: later the database refuses it."""
    revision.save(update_fields=[
        "doe", "no_conflict_at", "returned_reason", "design_version", "effective_date",
    ])


def accept_revision(
    *, actor: Actor, at: datetime, revision_id: int, no_conflict: bool
) -> Revision:
    """The DOE takes the validation on, and declares that it has no conflict of interest.

    Raises NotFound, BothSides, NotNow, NotAccredited, Invalid without the declaration.
    """
    with transaction.atomic():
        revision = _mine(actor, at, revision_id)
        if not no_conflict:
            raise Invalid.of(
                "no_conflict", "Declare that there is no conflict of interest, or decline."
            )
        assert revision.doe is not None  # _mine has seen that the DOE was asked
        if reasons := revisions.obstacles(revision.doe, revision.project, at.date()):
            raise NotAccredited.because(revision.doe.name, reasons)
        revision.no_conflict_at = at
        lifecycle.ask(revision, "accept", actor)
        revision.accept()
        revision.save(update_fields=["state", "no_conflict_at"])
        _record("doe.accept_revision", revision, actor, at)
    return revision


def return_revision(*, actor: Actor, at: datetime, revision_id: int, reason: str) -> Revision:
    """The DOE declines, or asks for corrections before its opinion: the document is a draft again.

    Raises NotFound, BothSides, NotNow, Invalid without a reason.
    """
    said = entries.words("reason", reason, longest=REASON_LIMIT, what="the reason")
    with transaction.atomic():
        revision = _mine(actor, at, revision_id)
        declined = revision.state == State.OFFERED
        lifecycle.ask(revision, "decline" if declined else "send_back", actor)
        if declined:
            revision.decline()
        else:
            revision.send_back()
        revision.returned_reason = said
        revision.save(update_fields=["state", "returned_reason"])
        verb = "doe.decline_revision" if declined else "doe.return_revision"
        _record(verb, revision, actor, at, reason=said)
    return revision


def give_revision_opinion(
    *, actor: Actor, at: datetime, revision_id: int, positive: bool, conclusion: str
) -> Revision:
    """The DOE's opinion with its report. A negative one ends the revision.

    Of a renewal it says whether the baseline is still valid or has been updated; additionality is
    not assessed again (domain, 2.7). Raises NotFound, BothSides, NotNow, NotInStanding, Invalid.
    """
    said = entries.words("conclusion", conclusion, longest=TEXT_LIMIT, what="the conclusion")
    with transaction.atomic():
        revision = _mine(actor, at, revision_id)
        revisions.require_standing(Act.REVISION_OPINION, revision, at.date())
        if revision.state == State.OPINION:
            revision.report = _file_report(
                actor, at, revision, positive=positive, conclusion=said
            )
        lifecycle.ask(revision, "conclude_positive" if positive else "conclude_negative", actor)
        revision.conclusion, revision.opinion_at = said, at
        if positive:
            revision.conclude_positive()
        else:
            revision.conclude_negative()
            revision.decided_at = at
        revision.save(
            update_fields=["state", "report", "conclusion", "opinion_at", "decided_at"]
        )
        opinion = "positive" if positive else "negative"
        _record("doe.give_revision_opinion", revision, actor, at, opinion=opinion)
    return revision


def _file_report(
    actor: Actor, at: datetime, revision: Revision, *, positive: bool, conclusion: str
) -> Document:
    return filing.file_document(
        actor=actor, at=at, project=revision.project, kind=Document.Kind.VALIDATION,
        title=f"Validation report: {revision.get_kind_display().lower()}",
        filename=f"{revision.project.name}-revision-{revision.number}-opinion.pdf",
        media_type="application/pdf", public=True,
        data=papers.revision_report(
            revision, positive=positive, conclusion=conclusion, signer=actor.name, at=at
        ),
    )


def _mine(actor: Actor, at: datetime, revision_id: int) -> Revision:
    """The revision, locked, for the DOE that was asked. Raises NotFound, BothSides."""
    revision = locks.revision(revision_id)
    if actor.role != Role.DOE or revision.doe_id != actor.organisation_id:
        raise NotFound("There is no such revision.")
    standing.refuse_both_sides(actor, revision.project, at.date())
    return revision


def _record(verb: str, revision: Revision, actor: Actor, at: datetime, **facts: object) -> None:
    record(
        verb, actor=actor, subject=revision, at=at, project=revision.project.reference,
        facts={"revision": revision.number, "state": State(revision.state).value, **facts},
    )

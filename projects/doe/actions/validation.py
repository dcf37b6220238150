"""Stage 3: publishing the design document, public comments, the opinion (domain, 2.3 and 3.1)."""

from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import NotFound
from cdm_portal.values import SYSTEM, Actor
from projects import actions as filing
from projects import lifecycle, locks
from projects.doe import entries, papers, queries, standing
from projects.doe import locks as doe_locks
from projects.doe.actions.engagement import end_engagement
from projects.doe.errors import CaseClosed, NotYet, WindowClosed
from projects.doe.models import Comment, Validation
from projects.doe.standing import Act
from projects.lifecycle import Stage
from projects.models import Document, Project
from projects.participant import prior, stating
from projects.participant import queries as designs

COMMENT_LIMIT = 5000
TEXT_LIMIT = 20_000
PUBLISHED_WITH_IT = [Document.Kind.DESIGN, Document.Kind.LETTER]
"""A letter about a document that is not public waits for its publication."""


def publish_design(*, actor: Actor, at: datetime, project_id: int) -> Validation:
    """Publish the frozen design document: validation begins, anyone may comment (domain, 2.3).

    The window (parameter `gsc_days`) is counted from the day after and closes at 24:00 UTC of its
    last day. A DOE that takes a validation over publishes again: the window stays as it was while
    the document is the same, and a new one opens when it has changed (domain, 3.1).

    Raises NotNow with what is missing, NotInStanding, Forbidden, NotFound, BothSides.
    """
    with transaction.atomic():
        project = locks.project(project_id)
        doe_id = standing.require_doe(actor, project, project.validator_id, at.date())
        standing.require_standing(Act.PUBLISH_DESIGN, project, at.date())
        last = doe_locks.latest_validation(project)
        former = last if last is not None and last.state == Validation.State.REPLACED else None
        if former is None:
            lifecycle.ask(project, "begin_validation", actor)
            _state_anew(project)
            project.begin_validation()
            _require_prior_notice(project, at)
            project.validation_began_at = project.validation_began_at or at
            project.save()
        validation = Validation.objects.create(
            project=project, organisation_id=doe_id, published_at=at,
            number=last.number + 1 if last else 1, published_version=project.design_version,
            comments_close_at=_window(project, former, at),
        )
        project.documents.filter(kind__in=PUBLISHED_WITH_IT, public=False).update(public=True)
        published = designs.version(project, project.design_version or 0)
        designs.attachments_to_publish(published.content).update(public=True)
        _record("doe.publish_design", actor, at, validation, version=project.design_version)
    return validation


def _state_anew(project: Project) -> None:
    """In another attempt, what the new document says becomes public with it (saved by the caller).
    """
    if stating.attempts_again(project):
        stating.copy_facts(project, designs.version(project, project.design_version or 0))


def _require_prior_notice(project: Project, at: datetime) -> None:
    """The start date may have come to lie before the publication since the design was frozen."""
    if reason := prior.obstacle(project, project.start_date, at):
        raise NotYet([reason])


def _window(project: Project, former: Validation | None, at: datetime) -> datetime:
    if former is not None and former.published_version == project.design_version:
        return former.comments_close_at
    return queries.window_closes(at, queries.comment_days(at.date()))


def comment(
    *, at: datetime, project_id: int, name: str, email: str, affiliation: str, text: str
) -> Comment:
    """Anyone comments on a published design document, inside the window only.

    Raises Invalid beside the field, WindowClosed with the reason, NotFound.
    """
    said = entries.words("text", text, longest=COMMENT_LIMIT, what="your comment")
    who = entries.words("name", name, longest=200, what="your name")
    address = entries.email("email", email)
    known = bool(affiliation.strip())
    office = entries.words("affiliation", affiliation, longest=200, what="") if known else ""
    with transaction.atomic():
        project = locks.project(project_id)
        validation = doe_locks.latest_validation(project)
        if validation is None:
            raise NotFound("There is no published design document.")
        if reason := queries.why_no_comment(validation, at):
            raise WindowClosed(reason)
        made = Comment.objects.create(
            validation=validation, number=queries.comments_of(project).count() + 1, name=who,
            affiliation=office, email=address, text=said, at=at,
        )
        _record("doe.comment", SYSTEM, at, validation, comment=made.number)
    return made


def respond_to_comment(*, actor: Actor, at: datetime, comment_id: int, text: str) -> Comment:
    """The DOE says how account was taken of a comment; it may be reworded until the opinion.

    Raises CaseClosed, NotInStanding, Invalid, Forbidden, NotFound, BothSides.
    """
    said = entries.words("text", text, longest=COMMENT_LIMIT, what="the response")
    with transaction.atomic():
        made, validation = doe_locks.comment(comment_id)
        standing.require_doe(actor, validation.project, validation.organisation_id, at.date())
        standing.require_standing(Act.RESPOND, validation.project, at.date())
        _require_open(validation)
        made.response, made.responded_at = said, at
        made.save(update_fields=["response", "responded_at"])
        _record("doe.respond_to_comment", actor, at, validation, comment=made.number)
    return made


def give_opinion(
    *, actor: Actor, at: datetime, project_id: int, positive: bool, conclusion: str
) -> Validation:
    """Close the validation with an opinion and its report, which becomes public.

    A negative opinion ends the project here; a positive one lets the DOE request registration.
    Raises NotYet with every reason, CaseClosed, Invalid, Forbidden, NotFound, BothSides.
    """
    said = entries.words("conclusion", conclusion, longest=TEXT_LIMIT, what="the conclusion")
    with transaction.atomic():
        project, validation = _mine(actor, at, project_id)
        reasons = queries.opinion_obstacles(project, validation, at, positive=positive)
        if reasons:
            raise NotYet(reasons)
        validation.document = _file_report(
            actor, at, project, validation, positive=positive, conclusion=said
        )
        validation.design_version = project.design_version
        _conclude(validation, at, said, positive=positive)
        project.opinion = "positive" if positive else "negative"
        project.opinion_at = at
        if not positive:
            lifecycle.ask(project, "end_negative", actor)
            project.end_negative()
            project.ended_at = at
            end_engagement(actor=actor, at=at, project=project)
        project.save(update_fields=["stage", "opinion", "opinion_at", "ended_at"])
        _record("doe.give_opinion", actor, at, validation, opinion=project.opinion)
    return validation


def _conclude(validation: Validation, at: datetime, said: str, *, positive: bool) -> None:
    if positive:
        validation.conclude_positive()
    else:
        validation.conclude_negative()
    validation.conclusion, validation.decided_at = said, at
    validation.save(
        update_fields=["state", "conclusion", "decided_at", "document", "design_version"]
    )


def _file_report(
    actor: Actor,
    at: datetime,
    project: Project,
    validation: Validation,
    *,
    positive: bool,
    conclusion: str,
) -> Document:
    data = papers.validation_report(
        validation, project, positive=positive, conclusion=conclusion, signer=actor.name, at=at
    )
    return filing.file_document(
        actor=actor, at=at, project=project, kind=Document.Kind.VALIDATION,
        title="Validation report and opinion", filename=f"{project.reference}-validation.pdf",
        media_type="application/pdf", data=data, public=True,
    )


def terminate_validation(*, actor: Actor, at: datetime, project_id: int, reason: str) -> Validation:
    """End the validation without an opinion; the reason is public.

    Raises NotNow, CaseClosed, Invalid, Forbidden, NotFound, BothSides.
    """
    said = entries.words("reason", reason, longest=TEXT_LIMIT, what="the reason")
    with transaction.atomic():
        project, validation = _mine(actor, at, project_id)
        lifecycle.ask(project, "terminate_validation", actor)
        project.terminate_validation()
        project.ended_at = at
        project.save(update_fields=["stage", "ended_at"])
        validation.terminate()
        validation.conclusion, validation.decided_at = said, at
        validation.save(update_fields=["state", "conclusion", "decided_at"])
        end_engagement(actor=actor, at=at, project=project)
        _record("doe.terminate_validation", actor, at, validation, reason=said)
    return validation


def _mine(actor: Actor, at: datetime, project_id: int) -> tuple[Project, Validation]:
    """The project and its open validation, locked, for the DOE in charge."""
    project = locks.project(project_id)
    standing.require_doe(actor, project, project.validator_id, at.date())
    try:
        validation = doe_locks.validation(project)
    except NotFound:
        raise CaseClosed("Publish the design document first.") from None
    _require_open(validation)
    return project, validation


def _require_open(validation: Validation) -> None:
    if validation.state != Validation.State.OPEN:
        raise CaseClosed(f"The validation is over: {validation.get_state_display().lower()}.")
    if validation.project.stage != Stage.VALIDATION:
        raise CaseClosed(f"The project is {validation.project.get_stage_display().lower()}.")


def _record(verb: str, actor: Actor, at: datetime, validation: Validation, **facts: object) -> None:
    record(
        verb, actor=actor, subject=validation, at=at, project=validation.project.reference,
        facts=dict(facts),
    )

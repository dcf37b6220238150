"""What waits for an auditor, and for a participant who needs a DOE; until when, and why not yet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from cdm_portal import deadlines
from cdm_portal.values import Actor, Role
from projects.doe.models import (
    Engagement,
    Proceeding,
    Validation,
    Verification,
    VerificationRun,
)
from projects.doe.queries.components import waiting_components
from projects.doe.queries.findings import findings
from projects.doe.queries.obstacles import (
    certification_obstacles,
    last_run,
    opinion_obstacles,
    unanswered,
)
from projects.doe.queries.proceedings import decision_obstacles
from projects.lifecycle import EIGHT, Stage
from projects.models import Finding, MonitoringPeriod, Project

Item = dict[str, Any]
AUDITOR = "You (auditor)"
PARTICIPANT = "You (participant)"


def waiting(actor: Actor, at: datetime) -> list[Item]:
    """What waits for the actor in the work of DOEs, for the desk."""
    if actor.role == Role.DOE:
        return [
            *_asked(actor), *_heard(actor, at), *_validations(actor, at),
            *_verifications(actor, at), *waiting_components(actor),
        ]
    if actor.role == Role.PARTICIPANT:
        return [
            *_to_engage(actor), *_to_engage_for_periods(actor), *waiting_components(actor)
        ]
    if actor.role in {Role.SECRETARIAT, Role.BOARD}:
        return list(_to_decide(actor, at))
    return []


def _proceeding(found: Proceeding, /, **more: Any) -> Item:
    """A line about an accreditation: it belongs to no project and no stage."""
    url = reverse("doe:proceeding", args=[found.pk])
    return {
        "title": found.organisation.name, "url": url, "reference": "",
        "project": found.get_kind_display(), "stage": 0, "stage_label": "", "waiting_for": "You",
        "until": None, "tag": "", "tag_kind": "", "action_url": url, "why_not": "", **more,
    }


def _last_moment(found: Proceeding) -> datetime | None:
    """The last second in which the entity may answer: it belongs to the day that pages name."""
    return deadlines.last_moment(found.answer_until) if found.answer_until else None


def _heard(actor: Actor, at: datetime) -> list[Item]:
    """Hearings in which the actor's DOE may still answer."""
    mine = Proceeding.objects.filter(
        organisation_id=actor.office, state=Proceeding.State.HEARING, answer_until__gt=at
    ).select_related("organisation")
    return [
        _proceeding(
            each, what="You may answer what is proposed.", action_label="Answer",
            waiting_for=AUDITOR, until=_last_moment(each),
        )
        for each in mine
    ]


def _to_decide(actor: Actor, at: datetime) -> Iterator[Item]:
    """What the secretariat prepares, and what a member of the Board decides."""
    live = Proceeding.objects.filter(decided_at=None).select_related("organisation")
    if actor.role == Role.SECRETARIAT:
        for each in live.filter(state=Proceeding.State.ASKED):
            yield _proceeding(each, what="Prepare it for the Board.", action_label="Prepare")
        return
    for each in live.exclude(state=Proceeding.State.ASKED):
        waits = decision_obstacles(each, at)
        yield _proceeding(
            each, what="A member of the Board decides.", action_label="Decide",
            waiting_for=each.organisation.name if waits else "You",
            until=_last_moment(each) if waits else None, why_not=" ".join(waits),
        )


def _item(case: Project, stage: Stage, url: str, /, **more: Any) -> Item:
    demonstration = case.get_rules_display() if case.is_demonstration else ""
    return {
        "title": case.title, "url": url, "reference": case.name, "project": "",
        "stage": EIGHT.index(stage) + 1, "stage_label": stage.label, "waiting_for": AUDITOR,
        "until": None, "tag": demonstration, "tag_kind": "plum", "action_url": url, "why_not": "",
        **more,
    }


def _asked(actor: Actor) -> list[Item]:
    asked = Engagement.objects.filter(
        organisation_id=actor.organisation_id or 0, state=Engagement.State.OFFERED
    ).select_related("project", "period")
    return [
        _item(
            each.project,
            Stage.VALIDATION if each.period is None else Stage.VERIFICATION,
            reverse("doe:engagement", args=[each.pk]),
            what="You are asked to " + (
                "validate the project." if each.period is None
                else f"verify monitoring period {each.period.number}."
            ),
            action_label="Answer",
        )
        for each in asked
    ]


def _validations(actor: Actor, at: datetime) -> list[Item]:
    mine = Project.objects.filter(validator_id=actor.organisation_id)
    unpublished = [
        _item(
            project, Stage.VALIDATION, reverse("doe:validation", args=[project.name]),
            what="Publish the design document: public comments open with it.",
            action_label="Publish",
        )
        for project in mine.filter(
            stage__in=[Stage.NATIONAL_APPROVAL, Stage.VALIDATION]
        ).exclude(validations__state__in=[Validation.State.OPEN, Validation.State.POSITIVE])
    ]
    running = Validation.objects.filter(
        project__in=mine.filter(stage=Stage.VALIDATION), state=Validation.State.OPEN
    ).select_related("project")
    return [*unpublished, *(_validation(each, at) for each in running)]


def _validation(validation: Validation, at: datetime) -> Item:
    project = validation.project
    answered = _answered(project, None)
    comments = unanswered(validation).count()
    blocked = opinion_obstacles(project, validation, at, positive=True)
    if answered:
        what, label = _to_assess(answered), "Assess"
    elif comments:
        what, label = _to_respond(comments), "Respond"
    else:
        what, label = "Opinion on the project.", "Give the opinion"
    closes = validation.comments_close_at
    until = deadlines.last_moment(closes) if at < closes else None
    return _item(
        project, Stage.VALIDATION, reverse("doe:validation", args=[project.name]),
        what=what, action_label=label, until=until,
        waiting_for=AUDITOR if answered or comments or not blocked else "Others",
        why_not="" if answered or comments else " ".join(blocked),
    )


def _to_assess(answered: int) -> str:
    return ngettext(
        "%(n)s answered finding to assess.", "%(n)s answered findings to assess.", answered
    ) % {"n": answered}


def _to_respond(comments: int) -> str:
    return ngettext(
        "%(n)s public comment without a response.",
        "%(n)s public comments without a response.", comments,
    ) % {"n": comments}  # fmt: skip


def _answered(project: Project, period: MonitoringPeriod | None) -> int:
    return findings(project, period).filter(state=Finding.State.ANSWERED).count()


def _verifications(actor: Actor, at: datetime) -> list[Item]:
    mine = MonitoringPeriod.objects.filter(
        verifier_id=actor.organisation_id, stage=Stage.VERIFICATION
    ).select_related("project", "verification")
    return [_verification(period, at) for period in mine]


def _verification(period: MonitoringPeriod, at: datetime) -> Item:
    url = reverse("doe:verification", args=[period.project.name, period.number])
    case = Verification.objects.filter(period=period).first()
    named = {"project": f"Monitoring period {period.number}"}
    if case is None:
        return _item(
            period.project, Stage.VERIFICATION, url, **named, action_label="Publish",
            what="Publish the monitoring report: the recalculation starts with it.",
        )
    if answered := _answered(period.project, period):
        return _item(
            period.project, Stage.VERIFICATION, url, **named, action_label="Assess",
            what=_to_assess(answered),
        )
    run = last_run(case)
    blocked = certification_obstacles(period, case, at.date())
    busy = run is not None and run.state in {
        VerificationRun.State.QUEUED, VerificationRun.State.RUNNING,
    }
    return _item(
        period.project, Stage.VERIFICATION, url, **named, action_label="Certify",
        what="Independent recalculation under way." if busy else "Certification of the amount.",
        waiting_for="Others" if blocked else AUDITOR, why_not=" ".join(blocked),
    )


def _to_engage(actor: Actor) -> list[Item]:
    projects = Project.objects.filter(
        owner_id=actor.organisation_id, stage=Stage.NATIONAL_APPROVAL, validator=None
    )
    return [
        _item(
            project, Stage.VALIDATION, reverse("doe:offer", args=[project.name]),
            what="Engage a DOE for the validation.", action_label="Choose a DOE",
            **_ball(project, None),
        )
        for project in projects
    ]


def _to_engage_for_periods(actor: Actor) -> list[Item]:
    periods = MonitoringPeriod.objects.filter(
        project__owner_id=actor.organisation_id, stage=Stage.VERIFICATION, verifier=None
    ).select_related("project")
    return [
        _item(
            period.project, Stage.VERIFICATION,
            reverse("doe:offer_period", args=[period.project.name, period.number]),
            project=f"Monitoring period {period.number}",
            what="Engage a DOE for the verification.", action_label="Choose a DOE",
            **_ball(period.project, period),
        )
        for period in periods
    ]


def _ball(project: Project, period: MonitoringPeriod | None) -> Item:
    asked = Engagement.objects.filter(
        project=project, period=period, state=Engagement.State.OFFERED
    ).select_related("organisation").first()
    if asked is None:
        return {"waiting_for": PARTICIPANT}
    name = asked.organisation.name
    return {"waiting_for": name, "why_not": f"{name} has been asked and has not answered yet."}

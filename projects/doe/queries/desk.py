"""What waits for an auditor, and for a participant who needs a DOE; until when, and why not yet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import ngettext

from cdm_portal import deadlines
from cdm_portal.queues import Line
from cdm_portal.values import Actor, Role
from projects.doe.models import Engagement, Proceeding, Validation
from projects.doe.queries import components, debts
from projects.doe.queries.facts import Case, of_periods, of_validations
from projects.doe.queries.obstacles import (
    UNDER_WAY,
    certification_obstacles,
    opinion_obstacles,
)
from projects.doe.queries.proceedings import decision_obstacles
from projects.lifecycle import EIGHT, SIDE_ENDS, Stage
from projects.models import MonitoringPeriod, Project

Item = dict[str, Any]
AUDITOR = "You (auditor)"
PARTICIPANT = "You (participant)"


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """What waits for the actor in the work of DOEs."""
    if actor.role == Role.DOE:
        yield from _asked(actor)
        yield from _heard(actor, at)
        yield from _validations(actor, at)
        yield from _verifications(actor, at)
        yield from components.queue(actor)
    if actor.role == Role.PARTICIPANT:
        yield from _to_engage(actor)
        yield from components.queue(actor)
    if actor.role in {Role.SECRETARIAT, Role.BOARD}:
        yield from _to_decide(actor, at)
    yield from debts.queue(actor, at)


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


def _heard(actor: Actor, at: datetime) -> Iterator[Line]:
    """Hearings in which the actor's DOE may still answer."""
    mine = Proceeding.objects.filter(
        organisation_id=actor.office, state=Proceeding.State.HEARING, answer_until__gt=at
    )
    yield Line(
        "doe.hearing", mine,
        lambda each, _: _proceeding(
            each, what="You may answer what is proposed.", action_label="Answer",
            waiting_for=AUDITOR, until=_last_moment(each),
        ),
        related=("organisation",), until="answer_until",
    )


def _to_decide(actor: Actor, at: datetime) -> Iterator[Line]:
    """What the secretariat prepares, and what a member of the Board decides.

    A hearing that runs waits until its end; what can be decided waits for the Board, undated.
    """
    live = Proceeding.objects.filter(decided_at=None)
    if actor.role == Role.SECRETARIAT:
        yield Line(
            "doe.prepare", live.filter(state=Proceeding.State.ASKED),
            lambda each, _: _proceeding(
                each, what="Prepare it for the Board.", action_label="Prepare"
            ),
            related=("organisation",),
        )
        return
    prepared = live.exclude(state=Proceeding.State.ASKED)
    heard = Q(state=Proceeding.State.HEARING, answer_until__gt=at)
    for kind, rows, until in (
        ("doe.running", prepared.filter(heard), "answer_until"),
        ("doe.decide", prepared.exclude(heard), ""),
    ):
        yield Line(
            kind, rows, lambda each, _: _decide(each, at), related=("organisation",), until=until
        )


def _decide(found: Proceeding, at: datetime) -> Item:
    waits = decision_obstacles(found, at)
    return _proceeding(
        found, what="A member of the Board decides.", action_label="Decide",
        waiting_for=found.organisation.name if waits else "You",
        until=_last_moment(found) if waits else None, why_not=" ".join(waits),
    )


def _item(case: Project, stage: Stage, url: str, /, **more: Any) -> Item:
    demonstration = case.get_rules_display() if case.is_demonstration else ""
    return {
        "title": case.title, "url": url, "reference": case.name, "project": "",
        "stage": EIGHT.index(stage) + 1, "stage_label": stage.label, "waiting_for": AUDITOR,
        "until": None, "tag": demonstration, "tag_kind": "plum", "action_url": url, "why_not": "",
        **more,
    }


def _asked(actor: Actor) -> Iterator[Line]:
    asked = Engagement.objects.filter(
        organisation_id=actor.organisation_id or 0, state=Engagement.State.OFFERED
    ).exclude(project__stage__in=SIDE_ENDS)
    yield Line(
        "doe.asked", asked,
        lambda each, _: _item(
            each.project,
            Stage.VALIDATION if each.period is None else Stage.VERIFICATION,
            reverse("doe:engagement", args=[each.pk]),
            what="You are asked to " + (
                "validate the project." if each.period is None
                else f"verify monitoring period {each.period.number}."
            ),
            action_label="Answer",
        ),
        related=("project", "period"),
    )


def _validations(actor: Actor, at: datetime) -> Iterator[Line]:
    """Validations to begin, and those that run: until their comment window closes, then undated."""
    begun = Validation.objects.filter(
        project=OuterRef("pk"), state__in=[Validation.State.OPEN, Validation.State.POSITIVE]
    )
    yield Line(
        "doe.unpublished",
        Project.objects.filter(
            ~Exists(begun), validator_id=actor.organisation_id,
            stage__in=[Stage.NATIONAL_APPROVAL, Stage.VALIDATION],
        ),
        lambda project, _: _item(
            project, Stage.VALIDATION, reverse("doe:validation", args=[project.name]),
            what="Publish the design document: public comments open with it.",
            action_label="Publish",
        ),
        newest_first=True,
    )
    running = Validation.objects.filter(
        project__validator_id=actor.organisation_id, project__stage=Stage.VALIDATION,
        state=Validation.State.OPEN,
    )
    for kind, rows, until in (
        ("doe.comments", running.filter(comments_close_at__gt=at), "comments_close_at"),
        ("doe.validation", running.filter(comments_close_at__lte=at), ""),
    ):
        yield Line(
            kind, rows, lambda each, facts: _validation(each, Case.told(facts), at),
            related=("project", "project__validator"), until=until, facts=of_validations(),
        )


def _validation(validation: Validation, case: Case, at: datetime) -> Item:
    project = validation.project
    blocked = opinion_obstacles(project, validation, at, positive=True, case=case)
    if case.answered:
        what, label = _to_assess(case.answered), "Assess"
    elif case.comments:
        what, label = _to_respond(case.comments), "Respond"
    else:
        what, label = "Opinion on the project.", "Give the opinion"
    closes = validation.comments_close_at
    to_do = case.answered or case.comments
    return _item(
        project, Stage.VALIDATION, reverse("doe:validation", args=[project.name]),
        what=what, action_label=label,
        until=deadlines.last_moment(closes) if at < closes else None,
        waiting_for=AUDITOR if to_do or not blocked else "Others",
        why_not="" if to_do else " ".join(blocked),
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


def _verifications(actor: Actor, at: datetime) -> Iterator[Line]:
    mine = MonitoringPeriod.objects.filter(
        verifier_id=actor.organisation_id, stage=Stage.VERIFICATION,
        project__stage=Stage.MONITORING,
    )
    yield Line(
        "doe.verification", mine,
        lambda period, facts: _verification(period, Case.told(facts), at),
        related=("project", "verifier", "verification"), facts=of_periods(),
    )


def _verification(period: MonitoringPeriod, case: Case, at: datetime) -> Item:
    url = reverse("doe:verification", args=[period.project.name, period.number])
    named = {"project": f"Monitoring period {period.number}"}
    if getattr(period, "verification", None) is None:
        return _item(
            period.project, Stage.VERIFICATION, url, **named, action_label="Publish",
            what="Publish the monitoring report: the recalculation starts with it.",
        )
    if case.answered:
        return _item(
            period.project, Stage.VERIFICATION, url, **named, action_label="Assess",
            what=_to_assess(case.answered),
        )
    blocked = certification_obstacles(period, at.date(), case=case)
    if case.unsettled and blocked == case.unsettled:
        return _item(
            period.project, Stage.VERIFICATION, url, **named, action_label="Check",
            what=" ".join(case.unsettled),
        )
    busy = case.run is not None and case.run.state in UNDER_WAY
    return _item(
        period.project, Stage.VERIFICATION, url, **named, action_label="Certify",
        what="Independent recalculation under way." if busy else "Certification of the amount.",
        waiting_for="Others" if blocked else AUDITOR, why_not=" ".join(blocked),
    )


def _to_engage(actor: Actor) -> Iterator[Line]:
    """Projects and monitoring periods without a DOE, with the DOE that was asked, if one was."""
    offered = Engagement.objects.filter(state=Engagement.State.OFFERED)
    asked = offered.filter(project=OuterRef("pk"), period=None)
    yield Line(
        "doe.engage",
        Project.objects.filter(
            owner_id=actor.organisation_id, stage=Stage.NATIONAL_APPROVAL, validator=None
        ),
        lambda project, facts: _item(
            project, Stage.VALIDATION, reverse("doe:offer", args=[project.name]),
            what="Engage a DOE for the validation.", action_label="Choose a DOE",
            **_ball(facts["asked"]),
        ),
        facts={"asked": _name(asked)}, newest_first=True,
    )
    asked = offered.filter(period=OuterRef("pk"))
    yield Line(
        "doe.engage_for_period",
        MonitoringPeriod.objects.filter(
            project__owner_id=actor.organisation_id, project__stage=Stage.MONITORING,
            stage=Stage.VERIFICATION, verifier=None,
        ),
        lambda period, facts: _item(
            period.project, Stage.VERIFICATION,
            reverse("doe:offer_period", args=[period.project.name, period.number]),
            project=f"Monitoring period {period.number}",
            what="Engage a DOE for the verification.", action_label="Choose a DOE",
            **_ball(facts["asked"]),
        ),
        related=("project",), facts={"asked": _name(asked)},
    )


def _name(asked: QuerySet[Engagement]) -> Subquery:
    return Subquery(asked.values("organisation__name")[:1])


def _ball(name: str | None) -> Item:
    if name is None:
        return {"waiting_for": PARTICIPANT}
    return {"waiting_for": name, "why_not": f"{name} has been asked and has not answered yet."}

"""Report, amend, withdraw: the three acts of the published tool (domain, 7), and what the
secretariat and the host Party's authority do with a report.

Every act holds the project's lock; `machine` is the law that it asks.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor, Role
from cobenefits import criteria, indicators, queries
from cobenefits.actions import drafting
from cobenefits.actions.drafting import Statement
from cobenefits.machine import OPEN_CHECKS, State
from cobenefits.models import Check, Comment, Line, Report
from projects import lifecycle, locks
from projects.doe import entries
from projects.lifecycle import NotNow
from projects.models import Document, Project

LONGEST_REASON, LONGEST_TEXT = 500, 4000
NOTHING_WAITS = "No co-benefit report of this project waits for the secretariat."
NOT_SEEN = "This is no longer what was handed in. Read it again."


def keep(
    *, actor: Actor, at: datetime, project_id: int, statements: Mapping[str, Statement]
) -> Report:
    """Keep a draft, of a first report or of an amendment; it need not be complete.

    Raises Forbidden for anybody but who speaks for the participants, NotNow for an ended project
    and while a report is with the secretariat, Invalid for nothing at all or an unknown criterion.
    """
    with transaction.atomic():
        draft = drafting.draft(actor, at, project_id)
        _check(statements, complete=False)
        _write(draft, at, statements)
        _record("cobenefits.keep", actor, at, draft)
    return draft


def hand_in(
    *, actor: Actor, at: datetime, project_id: int,
    statements: Mapping[str, Statement] | None = None,
) -> Report:
    """Hand a report in to the secretariat: the draft as it is kept, or with these statements.

    Raises as `keep` does; NotNow for a project that is not public, Invalid for a criterion without
    level or words, and for an indicator that applies without words, level or its criterion.
    """
    with transaction.atomic():
        draft = drafting.draft(actor, at, project_id)
        said = drafting.stated(draft) if statements is None else statements
        _check(said, complete=True)
        lifecycle.ask(draft, "hand_in", actor)
        if statements is None:
            drafting.begin(draft, at)
        else:
            _write(draft, at, said)
        _check_indicators(draft)
        draft.hand_in()
        draft.submitted_at, draft.turn = at, draft.turn + 1
        draft.returned_at, draft.return_reason = None, ""
        draft.save(update_fields=[
            "state", "submitted_at", "turn", "returned_at", "return_reason",
        ])
        _record("cobenefits.submit", actor, at, draft)
    return draft


def publish(*, actor: Actor, at: datetime, project_id: int, turn: int) -> Report:
    """The secretariat, which looked at the form alone, publishes what was handed in; the version in
    view, if there is one, is amended by it. `turn` says what the secretariat looked at.

    Raises Forbidden, NotNow.
    """
    with transaction.atomic():
        found = _handed_in(actor, project_id, turn)
        lifecycle.ask(found, "publish", actor)
        before = queries.standing(found.project)
        if before is not None:
            lifecycle.ask(before, "give_way", actor)
            before.give_way()
            before.ended_at = at
            before.save(update_fields=["state", "ended_at"])
            _end_checks(actor, at, before, "Its version was amended.")
        found.publish()
        found.published_at = at
        found.save(update_fields=["state", "published_at"])
        _publish_evidence(found)
        _record("cobenefits.publish_amended" if before else "cobenefits.publish", actor, at, found)
    return found


def give_back(
    *, actor: Actor, at: datetime, project_id: int, turn: int, reason: str
) -> Report:
    """The secretariat sends back what was handed in: a draft again, with all that was typed.

    Raises Forbidden, NotNow, Invalid without a reason.
    """
    with transaction.atomic():
        found = _handed_in(actor, project_id, turn)
        said = entries.words(
            "reason", reason, longest=LONGEST_TEXT, what="what is wrong with the form"
        )
        lifecycle.ask(found, "give_back", actor)
        found.give_back()
        found.returned_at, found.return_reason = at, said
        found.save(update_fields=["state", "returned_at", "return_reason"])
        _record("cobenefits.return", actor, at, found)
    return found


def withdraw(*, actor: Actor, at: datetime, project_id: int, reason: str) -> Report:
    """Withdraw the report in view; its versions stay on record. An amendment that waits for the
    secretariat is a draft again.

    Raises Forbidden, Invalid without a reason, and NotNow when no report is in view.
    """
    with transaction.atomic():
        case = drafting.spoken_for(actor, project_id)
        found = queries.standing(case)
        if found is None:
            raise NotNow("No co-benefit report of this project is in view.")
        said = entries.words(
            "reason", reason, longest=LONGEST_REASON, what="why the report is withdrawn"
        )
        lifecycle.ask(found, "withdraw", actor)
        found.withdraw()
        found.ended_at, found.reason = at, said
        found.save(update_fields=["state", "ended_at", "reason"])
        _end_checks(actor, at, found, "Its version was withdrawn.")
        _record("cobenefits.withdraw", actor, at, found)
        _take_back(actor, at, case)
    return found


def comment(
    *, actor: Actor, at: datetime, project_id: int, version: int, text: str
) -> Comment:
    """The host Party's authority comments on the version in view, once it has read it.

    Raises Forbidden for anybody else, NotNow when that version is not in view, Invalid.
    """
    with transaction.atomic():
        case = locks.project(project_id)
        if not queries.is_host(actor, case):
            raise Forbidden("The designated national authority of the host Party comments.")
        found = queries.standing(case)
        if found is None or found.version != version:
            raise NotNow("This version of the report is not in view. Read the one that is.")
        made: Comment = Comment.objects.create(
            report=found, organisation_id=actor.office, at=at,
            text=entries.words("text", text, longest=LONGEST_TEXT, what="the comment"),
        )
        _record("cobenefits.comment", actor, at, found)
    return made


def _write(draft: Report, at: datetime, statements: Mapping[str, Statement]) -> None:
    """The lines that the draft has, in place of those it had; what was said indicator by indicator
    of a criterion that has no line any more goes with it.
    """
    drafting.begin(draft, at)
    draft.lines.all().delete()
    Line.objects.bulk_create(
        drafting.line(draft, key, said) for key, said in statements.items()
    )
    extras = [extra.key for extra in indicators.EXTRAS]
    draft.indicators.exclude(section__in=[*statements, *extras]).delete()


def _check_indicators(draft: Report) -> None:
    reported = set(draft.lines.values_list("criterion", flat=True))
    lacking = [
        words for each in draft.indicators.all() if (words := drafting.lacking(each, reported))
    ]
    if lacking:
        raise Invalid({"": lacking})


def _publish_evidence(report: Report) -> None:
    """The files that a published version names are public with it."""
    Document.objects.filter(
        pk__in=report.indicators.exclude(document=None).values("document_id"),
        kind=Document.Kind.BENEFIT, public=False,
    ).update(public=True)


def _end_checks(actor: Actor, at: datetime, report: Report, why: str) -> None:
    """Whatever check of the version is open ends with it."""
    for check in Check.objects.filter(report=report, state__in=OPEN_CHECKS):
        lifecycle.ask(check, "end", actor)
        check.end()
        check.reason = why
        check.save(update_fields=["state", "reason"])
        record(
            "cobenefits.end_check", actor=actor, subject=check, at=at,
            project=report.project.reference, facts={"version": report.version, "reason": why},
        )


def _handed_in(actor: Actor, project_id: int, turn: int) -> Report:
    case = locks.project(project_id)
    if actor.role != Role.SECRETARIAT:
        raise Forbidden("The secretariat publishes co-benefit reports.")
    found = queries.under_way(case)
    if found is None or found.state != State.SUBMITTED:
        raise NotNow(NOTHING_WAITS)
    if found.turn != turn:
        raise NotNow(NOT_SEEN)
    return found


def _take_back(actor: Actor, at: datetime, case: Project) -> None:
    waiting = queries.under_way(case)
    if waiting is None or waiting.state != State.SUBMITTED:
        return
    lifecycle.ask(waiting, "fall_back", actor)
    waiting.fall_back()
    waiting.save(update_fields=["state"])
    _record("cobenefits.take_back", actor, at, waiting)


def _record(verb: str, actor: Actor, at: datetime, report: Report) -> None:
    facts: dict[str, Any] = {"version": report.version, "turn": report.turn}
    if report.is_under_way:
        facts["criteria"] = sorted(report.lines.values_list("criterion", flat=True))
    record(
        verb, actor=actor, subject=report, at=at, project=report.project.reference, facts=facts
    )


def _check(statements: Mapping[str, Statement], *, complete: bool) -> None:
    if not statements:
        raise Invalid.of("", "Say something about at least one criterion.")
    errors: dict[str, list[str]] = {}
    for key, said in statements.items():
        if key not in criteria.BY_KEY:
            errors.setdefault("", []).append(f"“{key}” is not one of the 12 criteria.")
        elif said.level and said.level not in Line.Level.values:
            errors[f"{key}_level"] = ["Choose slight, moderate or high."]
        elif complete and not said.level:
            errors[f"{key}_level"] = ["Choose a level, or clear the other boxes."]
        elif complete and not said.text.strip():
            errors[f"{key}_text"] = ["Say in words what the benefit is."]
    if errors:
        raise Invalid(errors)

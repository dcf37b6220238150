"""The project activity against table 3.1 of the domain, transcribed here by hand.

Every legal (state, event, role) is done on its page and has its side effects; every other is
refused on its page, with a reason for whoever may know of the case, and writes nothing. What no
person does is walked beside it: the closed window, and the decision that nobody opposed. Pairs of
stages that the table does not have are refused by the database (test_lifecycle).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from cdm_portal import clock
from projects.board import actions as board
from projects.board.models import Deregistration, Request, Withdrawal
from projects.doe import actions as doe
from projects.models import Project
from projects.participant import actions as participant
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import fresh
from tests.projects.doe import story as audits
from tests.projects.participant.designs import filled
from tests.walker import Walker
from tests.world import as_if

pytestmark = pytest.mark.django_db

STATES = {
    "draft": ("DRAFT", "design"),
    "notified": ("PRIOR_NOTIFIED", "design"),
    "complete": ("PDD_COMPLETE", "national_approval"),
    "open": ("AT_VALIDATION", "validation"),
    "asked": ("AT_VALIDATION", "validation"),
    "over": ("AT_VALIDATION (GSC closed)", "validation"),
    "validated": ("VALIDATED", "validation"),
    "terminated": ("VALIDATION_TERMINATED", "validation_terminated"),
    "negative": ("VALIDATION_NEGATIVE", "validation_negative"),
    "requested": ("REGISTRATION_REQUESTED", "registration"),
    "published": ("REGISTRATION_REQUESTED", "registration"),
    "review": ("REVIEW_REQUESTED", "registration"),
    "under_review": ("UNDER_REVIEW", "registration"),
    "vote_register": ("UNDER_REVIEW", "registration"),
    "vote_correct": ("UNDER_REVIEW", "registration"),
    "vote_reject": ("UNDER_REVIEW", "registration"),
    "proposed": ("UNDER_REVIEW", "registration"),
    "corrections": ("CORRECTIONS", "registration"),
    "corrected": ("CORRECTIONS", "registration"),
    "registered": ("REGISTERED", "monitoring"),
    "deregistration": ("REGISTERED", "monitoring"),
    "rejected": ("REJECTED", "rejected"),
    "withdrawn": ("WITHDRAWN", "withdrawn"),
    "deregistered": ("DEREGISTERED", "deregistered"),
}
"""What the walk calls a state: its name in the domain, and the stage that the law has for it."""

ALONE = ("draft", "notified", "complete")
THROUGH = (
    "open", "over", "validated", "requested", "published", "review", "under_review", "corrections",
)
LEGAL: dict[tuple[str, str], tuple[str, str]] = {
    ("draft", "notify"): ("participant", "design"),
    ("complete", "notify"): ("participant", "national_approval"),  # before it is published
    ("draft", "freeze"): ("participant", "national_approval"),
    ("notified", "freeze"): ("participant", "national_approval"),
    ("complete", "publish"): ("doe", "validation"),
    ("open", "terminate"): ("doe", "validation_terminated"),
    ("asked", "terminate"): ("doe", "validation_terminated"),
    ("over", "terminate"): ("doe", "validation_terminated"),
    ("over", "negative"): ("doe", "validation_negative"),
    ("over", "positive"): ("doe", "validation"),
    ("validated", "request"): ("doe", "registration"),
    ("vote_register", "rule"): ("board", "monitoring"),
    ("vote_correct", "rule"): ("board", "registration"),
    ("vote_reject", "rule"): ("board", "rejected"),
    ("corrections", "correct"): ("doe", "registration"),
    ("corrected", "accept"): ("secretariat", "monitoring"),
    **{(state, "withdraw"): ("participant", "withdrawn") for state in ALONE},
    **{(state, "ask withdrawal"): ("participant", STATES[state][1]) for state in THROUGH},
    ("asked", "take back"): ("participant", "validation"),
    ("asked", "file withdrawal"): ("doe", "withdrawn"),
    ("registered", "ask deregistration"): ("participant", "monitoring"),
    ("deregistration", "deregister"): ("board", "deregistered"),
    ("deregistration", "keep"): ("board", "monitoring"),
    ("rejected", "revise"): ("participant", "design"),
}
EVENTS = (
    "notify", "freeze", "publish", "positive", "negative", "terminate", "request", "rule",
    "correct", "accept", "withdraw", "ask withdrawal", "take back", "file withdrawal",
    "ask deregistration", "deregister", "keep", "revise",
)
SHARED = {
    "ask withdrawal": {"doe": "file withdrawal"}, "file withdrawal": {"participant": "ask"},
    "ask deregistration": {"board": "deregister"},
    "deregister": {"participant": "ask deregistration"}, "keep": {"participant": "ask"},
}
"""Pages that two roles use: the other one's form is another event, walked as such."""


def of_design(cast: Cast, state: str) -> Project:
    """A project before its publication, on today's rules."""
    project = filled(cast)
    if state == "notified":
        notify(cast, project)
    if state == "complete":
        participant.submit_design(actor=cast.participant, at=clock.now(), project_id=project.pk)
        made = doe.offer_engagement(
            actor=cast.participant, at=clock.now(), project_id=project.pk,
            organisation_id=cast.doe.office,
        )
        doe.accept_engagement(
            actor=cast.doe, at=clock.now(), engagement_id=made.pk, no_conflict=True
        )
    return fresh(project)


def notify(cast: Cast, project: Project) -> None:
    participant.notify_prior_consideration(
        actor=cast.participant, at=clock.now(), project_id=project.pk, start_date=clock.today(),
        location="Nakuru", latitude=Decimal(1), longitude=Decimal(36),
        description="Sun.",
    )


def of_validation(cast: Cast, state: str, project: Project) -> Project:
    """A project with its DOE, to the end of the validation."""
    given: dict[str, Any] = {"actor": cast.doe, "at": clock.now(), "project_id": project.pk}
    opened = clock.now() if state in {"open", "asked"} else audits.PUBLISHED
    doe.publish_design(**given | {"at": opened})
    if state == "asked":
        board.ask_withdrawal(**given | {"actor": cast.participant}, reason="Sold.")
    elif state == "terminated":
        doe.terminate_validation(**given, reason="The contract has ended.")
    elif state in {"validated", "negative"}:
        doe.give_opinion(**given, positive=state == "validated", conclusion="So it is.")
    elif state == "withdrawn":
        story.withdrawn(cast, project, clock.now())
    return fresh(project)


def of_vote(cast: Cast, state: str, request: Request) -> Project:
    """A project whose request the Board votes on, and what followed."""
    outcome = state.partition("_")[2] or "correct"
    request = story.at_the_vote(cast, request)
    story.voted(cast, request, **{outcome: 10})
    if not state.startswith("vote_"):
        board.rule(
            actor=cast.board[0], at=on(2013, 12, 3), request_id=request.pk, reasons="So."
        )
    if state == "corrected":
        board.resubmit(
            actor=cast.doe, at=on(2013, 12, 9), request_id=request.pk, note="Put right."
        )
    return fresh(request.project)


def of_registration(cast: Cast, state: str, request: Request) -> Project:
    """A project whose request is in its review window, to its end."""
    if state in {"vote_register", "vote_correct", "vote_reject", "corrections", "corrected"}:
        return of_vote(cast, state, request)
    if state == "rejected":
        return of_vote(cast, "_reject", request)
    if state == "review":
        story.asks(request, cast.dna)
    elif state == "under_review":
        story.under_review(cast, request)
    elif state == "proposed":
        story.proposed(cast, "register", request)
    elif state != "published":
        of_registered(cast, state, request.project)
    return fresh(request.project)


def of_registered(cast: Cast, state: str, project: Project) -> None:
    """The closed window registers it; then it may be deregistered."""
    assert board.close_windows(at=story.CLOSES) == 1
    given: dict[str, Any] = {"at": clock.now(), "project_id": project.pk}
    if state != "registered":
        board.ask_deregistration(actor=cast.participant, reason="It moves.", **given)
    if state == "deregistered":
        board.decide_deregistration(actor=cast.board[0], grant=True, reasons="Asked.", **given)


BASES: dict[str, tuple[Callable[[Cast], Any], Callable[..., Project]]] = {
    "design": (lambda _cast: None, lambda cast, state, _base: of_design(cast, state)),
    "validation": (lambda cast: audits.approved(cast, audits.engaged(cast)), of_validation),
    "requested": (story.requested, lambda _cast, _state, base: fresh(base.project)),
    "registration": (story.published, of_registration),
}
"""Where the states of a group begin, made once; and how each is reached from there."""


def group(state: str) -> str:
    """The group of a state."""
    stage = STATES[state][1]
    if state in ALONE:
        return "design"
    if stage.startswith("validation") or state == "withdrawn":
        return "validation"
    return "requested" if state == "requested" else "registration"


def sent(project: Project) -> dict[str, tuple[str, dict[str, Any]]]:
    """Where each event is sent to, with a form that is complete."""
    name = project.name
    request = Request.objects.filter(project=project).first()
    reference = request.reference if request else "REG-NONE"

    def act(slug: str, **values: str) -> tuple[str, dict[str, Any]]:
        form = {f"{slug}-{box}": value for box, value in values.items()}
        return reverse("board:act", args=[reference, slug]), form or {"do": slug}

    ends, why = "board:withdrawal", {"reason": "Sold.", "statement": "The contract has ended."}
    off = reverse("board:deregistration", args=[name])
    decided = {"grant": "grant", "reasons": "Asked.", "reason": "It moves."}
    notice = {
        "start_date": clock.today().isoformat(), "location": "Nakuru", "latitude": "1",
        "longitude": "36", "description": "Sun.",
    }
    return {
        "notify": (reverse("participant:prior", args=[name]), notice),
        "freeze": (reverse("participant:submit", args=[name]), {}),
        "publish": (reverse("doe:publish", args=[name]), {}),
        "positive": (reverse("doe:opinion", args=[name]),
                     {"opinion": "positive", "conclusion": "Good."}),
        "negative": (reverse("doe:opinion", args=[name]),
                     {"opinion": "negative", "conclusion": "Bad."}),
        "terminate": (reverse("doe:terminate", args=[name]), {"reason": "It has ended."}),
        "request": (reverse("board:request_registration", args=[name]), {"do": "it"}),
        "rule": act("rule", reasons="So it is."),
        "correct": act("resubmit", note="Put right."),
        "accept": act("accept"),
        "withdraw": (reverse("participant:withdraw", args=[name]), {"reason": "Sold."}),
        "ask withdrawal": (reverse(ends, args=[name]), why),
        "take back": (reverse("board:take_back", args=[name]), {"do": "it"}),
        "file withdrawal": (reverse(ends, args=[name]), why),
        "ask deregistration": (off, decided),
        "deregister": (off, decided),
        "keep": (off, decided | {"grant": "refuse"}),
        "revise": (reverse("board:again", args=[name]), {"do": "it"}),
    }


def test_a_project_follows_the_table(walker: Walker, cast: Cast) -> None:
    by_itself = 0
    for name, (begin, reach) in BASES.items():
        with as_if():
            base = begin(cast)
            for state in filter(lambda each: group(each) == name, STATES):
                with as_if():
                    project = reach(cast, state, base and fresh(base))
                    walk_everything(walker, project, state)
                    by_itself += portal(project, state)
    print(f"\n3.1 on pages: {walker.legal} legal, {walker.refused} refused")
    print(f"3.1 by the portal: {by_itself} legal, {2 * len(STATES) - by_itself} without effect")
    assert walker.legal == len(LEGAL)
    roles = len(walker.clients)
    shared = len(STATES) * sum(len(others) for others in SHARED.values())
    assert walker.refused == len(STATES) * len(EVENTS) * roles - walker.legal - shared


def walk_everything(walker: Walker, project: Project, state: str) -> None:
    """Every event by everybody upon a project in a state."""
    assert project.stage == STATES[state][1], state
    for event, (page, values) in sent(project).items():
        walk(walker, project, (state, event), page, values)


def walk(
    walker: Walker, project: Project, cell: tuple[str, str], page: str, values: dict[str, Any]
) -> None:
    """One state × event by everybody."""
    owner, target = LEGAL.get(cell, ("", ""))
    for who in walker.clients:
        if who == owner:
            with walker.done(who, page, values):
                now = fresh(project)
                assert now.stage == target, cell
                effects(now, cell)
        elif who not in SHARED.get(cell[1], {}):
            walker.denied(who, page, values)


def effects(project: Project, cell: tuple[str, str]) -> None:
    """The column of side effects."""
    _state, event = cell
    if event in {"notify", "freeze", "publish"}:
        effects_of_a_design(project, event)
    elif event in {"withdraw", "file withdrawal", "deregister"}:
        assert project.ended_at is not None
        assert not Request.objects.filter(project=project, state="published").exists()
    if event == "file withdrawal":
        assert Withdrawal.objects.get(project=project).filed_by_id == project.validator_id
    elif event in {"deregister", "keep"}:
        assert Deregistration.objects.get(project=project).decision == "Asked."
    elif project.stage == "monitoring" and event in {"rule", "accept"}:
        assert (project.number, project.decision) == ("95001", "register")
    elif event == "revise":
        assert (project.validator, project.opinion, project.decision) == (None, "", "")
        assert project.requests.get().ruling.outcome == "reject"
        assert project.validations.get().state == "positive"


def effects_of_a_design(project: Project, event: str) -> None:
    if event == "notify":
        assert project.prior_notices.get().due_at > clock.now()
    elif event == "freeze":
        assert len(project.design_versions.get().sha256) == 64
    else:
        closes = project.validations.get().comments_close_at
        assert closes - clock.now() > timedelta(days=30)


def portal(project: Project, state: str) -> int:
    """The closed window, and the decision that nobody opposed: each legal in one state alone."""
    closed, adopted = board.close_windows(at=on(2014, 6, 1)), 0
    if not closed:
        adopted = board.adopt_unopposed(at=on(2014, 6, 1))
    acts = {"published": (1, 0), "proposed": (0, 1)}.get(state, (0, 0))
    assert (closed, adopted) == acts, state
    assert fresh(project).stage == ("monitoring" if sum(acts) else STATES[state][1]), state
    return sum(acts)

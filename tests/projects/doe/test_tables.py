"""The tables of the domain, walked cell by cell: 3.8, the validation rows of 3.1, and 3.4.

What is legal is transcribed by hand. Every legal cell is done on its page and has its side effects;
every other (state, event, role) is refused on its page, with a reason for whoever may know of the
case, and leaves no entry in the journal. What the database knows: test_ways.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.demonstration import audits
from projects.doe import actions
from projects.doe.models import Accreditation, Proceeding, Verification
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.walker import Walker
from tests.world import as_if

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"doe:{name}", args=args)


# 3.8 Accreditation

PAIR = {"scopes": ["1"], "functions": ["validation"]}
PROPOSALS = ("suspend", "reinstate", "withdraw")
REQUESTS = ("accredit", "extend", "renew", "reinstate")
# (state of the accreditation, what is proposed or asked): the rest is refused
ABOUT = {
    ("none", "ask accredit"), ("none", "ask extend"),
    ("active", "propose suspend"), ("active", "propose withdraw"), ("active", "ask renew"),
    ("active", "relinquish"),
    ("suspended", "propose reinstate"), ("suspended", "propose withdraw"),
    ("suspended", "ask reinstate"), ("suspended", "ask renew"), ("suspended", "relinquish"),
    ("withdrawn", "ask accredit"), ("withdrawn", "ask extend"),
    ("relinquished", "ask accredit"), ("relinquished", "ask extend"),
}
DOES = {"propose": "secretariat", "ask": "doe", "relinquish": "doe"}
# (state of the proceeding, event) → (who, next state)
PROCEEDING = {
    ("asked", "prepare"): ("secretariat", "proposed"),
    ("hearing", "answer"): ("doe", "proposed"),
    ("heard", "grant"): ("board", "granted"), ("heard", "refuse"): ("board", "refused"),
    ("proposed", "grant"): ("board", "granted"), ("proposed", "refuse"): ("board", "refused"),
}
SAYS = {
    "prepare": {"reasons": "Assessed."}, "answer": {"text": "We train."},
    "grant": {"outcome": "grant", "reasons": "So."},
    "refuse": {"outcome": "refuse", "reasons": "No."},
}


def held_as(cast: Cast, state: str) -> None:
    """The DOE's accreditation for validation in scope 1 is brought to a state, with an end."""
    rows = Accreditation.objects.filter(
        organisation_id=cast.doe.office, function="validation", scope=1
    )
    today = clock.today()
    if state == "none":
        rows.delete()
        return
    rows.update(valid_to=today + timedelta(days=100))
    if state == "relinquished":
        actions.relinquish_accreditation(
            actor=cast.doe, at=clock.now(), scopes=(1,), functions=("validation",), reason="So."
        )
    elif state != "active":
        kind = {"suspended": "suspend", "withdrawn": "withdraw"}[state]
        story.decided(cast, kind, at=clock.now())


def begins(cast: Cast, event: str) -> tuple[str, dict[str, Any]]:
    """The page on which a proceeding begins, or accreditations are given back, and its form."""
    act, _, kind = event.partition(" ")
    values: dict[str, Any] = {"kind": kind, **PAIR}
    if act == "propose":
        values |= {"organisation": cast.doe.office, "months": "6", "reasons": "Gaps."}
    elif act == "ask":
        values |= {"statement": "Auditors."}
    else:
        values |= {"reason": "We close."}
    return url(act), values


def test_accreditations_follow_the_table(walker: Walker, cast: Cast) -> None:
    events = [
        *(f"propose {kind}" for kind in PROPOSALS), *(f"ask {kind}" for kind in REQUESTS),
        "relinquish",
    ]
    for state in ("none", *Accreditation.State.values):
        with as_if():
            held_as(cast, state)
            for event in events:
                page, values = begins(cast, event)
                owner = DOES[event.split(" ")[0]]
                for who in walker.clients:
                    if who not in {owner, "other doe"}:  # another DOE acts on what is its own
                        walker.denied(who, page, values)
                if (state, event) not in ABOUT:
                    walker.denied(owner, page, values)
                    continue
                with walker.done(owner, page, values):
                    if event == "relinquish":
                        row = Accreditation.objects.get(
                            organisation_id=cast.doe.office, function="validation", scope=1
                        )
                        assert row.state == "relinquished"
                    else:
                        made = Proceeding.objects.latest("pk")
                        heard = event in {"propose suspend", "propose withdraw"}
                        begun = "hearing" if heard else "proposed"
                        assert made.state == ("asked" if event.startswith("ask") else begun)
    decide_every_proceeding(walker, cast)
    print(f"\n3.8 on pages: {walker.legal} legal, {walker.refused} refused")
    assert walker.legal == len(ABOUT) + len(PROCEEDING)


def proceeding_as(cast: Cast, state: str) -> Proceeding:
    """A suspension or, where the table wants one, a request of the DOE, brought to a state."""
    at = clock.now()
    if state in {"asked", "proposed"}:
        made = actions.ask_accreditation(
            actor=cast.doe, at=at, kind="extend", scopes=(2,), functions=("validation",),
            statement="Auditors.",
        )
        if state == "proposed":
            actions.prepare_proceeding(
                actor=cast.second_secretariat, at=at, proceeding_id=made.pk, reasons="Assessed."
            )
    elif state == "heard":  # nobody answered in time
        made = story.proposed(cast, "suspend", at=at - timedelta(days=60))
    elif state == "hearing":
        made = story.proposed(cast, "suspend", at=at)
    else:
        made = story.decided(cast, "suspend", at=at, grant=state == "granted")
    return made


def decide_every_proceeding(walker: Walker, cast: Cast) -> None:
    """State of the proceeding × event × everybody: the role says which act its form is."""
    for state in ("asked", "hearing", "heard", "proposed", "granted", "refused"):
        with as_if():
            page = url("proceeding", proceeding_as(cast, state).pk)
            for event, values in SAYS.items():
                owner, target = PROCEEDING.get((state, event), ("", ""))
                for who in walker.clients:
                    if who == owner:
                        with walker.done(who, page, values):
                            assert Proceeding.objects.latest("pk").state == target
                    elif (state, who) != ("asked", "secretariat"):
                        walker.denied(who, page, values)


# 3.1 The validation

# (state of the case, event) → (who, stage, opinion, states of the validations); the rest is refused
VALIDATION = {
    ("engaged", "publish"): ("doe", "validation", "", ["open"]),
    ("engaged", "replace"): ("participant", "national_approval", "", []),
    ("commented", "finding"): ("doe", "validation", "", ["open"]),
    ("commented", "terminate"): ("doe", "validation_terminated", "", ["terminated"]),
    ("commented", "replace"): ("participant", "validation", "", ["open"]),
    ("over", "finding"): ("doe", "validation", "", ["open"]),
    ("over", "positive"): ("doe", "validation", "positive", ["positive"]),
    ("over", "negative"): ("doe", "validation_negative", "negative", ["negative"]),
    ("over", "terminate"): ("doe", "validation_terminated", "", ["terminated"]),
    ("over", "replace"): ("participant", "validation", "", ["open"]),
    ("replaced", "publish"): ("other doe", "validation", "", ["replaced", "open"]),
    ("replaced", "replace"): ("participant", "validation", "", ["replaced"]),
}
CASES = (
    "engaged", "commented", "over", "replaced", "positive", "negative", "terminated",
)


def validation_as(cast: Cast, state: str) -> Any:
    """The validation brought to a state; "over" means that the window has closed."""
    now = clock.now()
    project = story.approved(cast, story.engaged(cast))
    if state == "engaged":
        return project
    published_at = now if state == "commented" else story.PUBLISHED
    actions.publish_design(actor=cast.doe, at=published_at, project_id=project.pk)
    given: dict[str, Any] = {"actor": cast.doe, "at": now, "project_id": project.pk}
    if state in {"positive", "negative"}:
        actions.give_opinion(**given, positive=state == "positive", conclusion="So it is.")
    elif state == "terminated":
        actions.terminate_validation(**given, reason="The contract has ended.")
    elif state == "replaced":
        engagement = actions.offer_engagement(
            actor=cast.participant, at=now, project_id=project.pk, notice="No auditors left.",
            organisation_id=cast.other_doe.office,
        )
        actions.accept_engagement(
            actor=cast.other_doe, at=now, engagement_id=engagement.pk, no_conflict=True
        )
    return story.fresh(project)


def test_a_validation_follows_the_table(walker: Walker, cast: Cast) -> None:
    for state in CASES:
        with as_if():
            project = validation_as(cast, state)
            name = project.name
            to_ask = cast.doe if state == "replaced" else cast.other_doe
            events: dict[str, tuple[str, dict[str, Any]]] = {
                "publish": (url("publish", name), {}),
                "finding": (url("raise", name), {
                    "kind": "CAR", "section": "parameters", "subject": "Year", "text": "Which?",
                }),
                "positive": (url("opinion", name), {"opinion": "positive", "conclusion": "Good."}),
                "negative": (url("opinion", name), {"opinion": "negative", "conclusion": "Bad."}),
                "terminate": (url("terminate", name), {"reason": "The contract has ended."}),
                "replace": (url("offer", name), {
                    "organisation": to_ask.office, "notice": "No auditors left.",
                }),
            }
            for event, (page, values) in events.items():
                owner, *expected = VALIDATION.get((state, event), ("", "", "", []))
                for who in walker.clients:
                    if who != owner:
                        walker.denied(who, page, values)
                        continue
                    with walker.done(who, page, values):
                        now = story.fresh(project)
                        ends = [v.state for v in now.validations.order_by("number")]
                        assert [now.stage, now.opinion, ends] == expected, (state, event)
                        effects_of_a_validation(now, event)
    print(f"\n3.1 on pages: {walker.legal} legal, {walker.refused} refused")
    assert walker.legal == len(VALIDATION)
    assert walker.refused == len(CASES) * 6 * len(walker.clients) - walker.legal


def effects_of_a_validation(project: Any, event: str) -> None:
    """What an event leaves behind besides the states (the column of side effects)."""
    public = project.documents.filter(public=True)
    if event == "publish":
        assert public.filter(kind="design").exists()
        assert project.validations.last().comments_close_at is not None
    elif event in {"positive", "negative"}:
        assert public.filter(kind="validation").count() == 1
        assert project.engagements.latest("pk").state == (
            "accepted" if event == "positive" else "ended"
        )
    elif event == "terminate":
        assert project.validations.get().conclusion == "The contract has ended."
        assert project.engagements.get().state == "ended"
    elif event == "replace":
        assert project.engagements.latest("pk").state == "offered"
    else:
        assert project.findings.get().blocks


# 3.4 The verification

VERIFICATION = {
    ("reported", "publish"): ("verification", ["verifying"]),
    ("verifying", "finding"): ("verification", ["verifying"]),
    ("verifying", "negative"): ("not_verified", ["negative"]),
    ("recalculated", "finding"): ("verification", ["verifying"]),
    ("recalculated", "recalculate"): ("verification", ["verifying"]),
    ("recalculated", "certify"): ("issuance", ["certified"]),
    ("recalculated", "negative"): ("not_verified", ["negative"]),
}
PERIODS = ("reported", "verifying", "recalculated", "certified", "negative")


def verification_as(cast: Cast, period: Any, state: str) -> None:
    """The verification of a reported period, engaged by the other DOE, brought to a state."""
    if state == "reported":
        return
    at = on(2015, 1, 10)
    given: dict[str, Any] = {"actor": cast.other_doe, "at": at, "period_id": period.pk}
    run = actions.open_verification(**given).runs.get()
    if state != "verifying":
        actions.recompute(run_id=run.pk, at=at)
        audits.settle(cast.other_doe, at, period)
    if state == "certified":
        actions.certify(**given, tonnes_by_period={2: story.CLAIM}, statement="I certify it.")
    elif state == "negative":
        actions.conclude_negative(**given, conclusion="No meter.")


def test_a_verification_follows_the_table(walker: Walker, cast: Cast) -> None:
    period = story.reported(cast)
    engagement = story.offered(cast, period.project, cast.other_doe, period, on(2015, 1, 8))
    actions.accept_engagement(
        actor=cast.other_doe, at=on(2015, 1, 9), engagement_id=engagement.pk, no_conflict=True
    )
    name = period.project.name
    events: dict[str, tuple[str, dict[str, Any]]] = {
        "publish": (url("publish_report", name, 1), {}),
        "finding": (url("raise_in_period", name, 1), {
            "kind": "CAR", "section": "calculation", "subject": "Sum", "text": "Which?",
        }),
        "recalculate": (url("recompute", name, 1), {}),
        "certify": (url("certify", name, 1), {
            "tonnes_2": str(story.CLAIM), "statement": "I certify it.",
        }),
        "negative": (url("negative", name, 1), {"conclusion": "No meter."}),
    }
    for state in PERIODS:
        with as_if():
            verification_as(cast, period, state)
            for event, (page, values) in events.items():
                expected = VERIFICATION.get((state, event))
                for who in walker.clients:
                    if who != "other doe" or expected is None:
                        walker.denied(who, page, values)
                        continue
                    with walker.done(who, page, values):
                        now = story.fresh(period)
                        cases = Verification.objects.filter(period=now)
                        assert (now.stage, [v.state for v in cases]) == expected
                        assert (now.certified_tonnes == story.CLAIM) == (event == "certify")
    print(f"\n3.4 on pages: {walker.legal} legal, {walker.refused} refused")
    assert walker.legal == len(VERIFICATION)
    assert walker.refused == len(PERIODS) * len(events) * len(walker.clients) - walker.legal

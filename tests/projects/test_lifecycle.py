"""The law: every transition × every stage × everybody, against a table written out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cdm_portal.identity.models import Organisation
from cdm_portal.refusals import Forbidden
from cdm_portal.values import SYSTEM, Actor, Role
from projects import lifecycle
from projects.lifecycle import EIGHT, SIDE_ENDS, NotNow, Stage
from projects.models import MonitoringPeriod, Project

AT = datetime(2024, 3, 4, tzinfo=UTC)

# Transcribed by hand from the state tables of the domain (sections 3.1 and 3.4).
PROJECT = {
    "submit_design": ({"design"}, "national_approval", {"participant"}),
    "begin_validation": ({"national_approval"}, "validation", {"doe"}),
    "request_registration": ({"validation"}, "registration", {"doe"}),
    "replace_validation": ({"validation"}, "validation", {"doe"}),
    "register": ({"registration"}, "monitoring", {"board", "secretariat", "system"}),
    "reject": ({"registration"}, "rejected", {"board", "secretariat", "system"}),
    "end_negative": ({"validation"}, "validation_negative", {"doe"}),
    "terminate_validation": ({"validation"}, "validation_terminated", {"doe"}),
    "withdraw": ({"design", "national_approval"}, "withdrawn", {"participant"}),
    "withdraw_published": ({"validation", "registration"}, "withdrawn", {"doe"}),
    "take_up_again": ({"rejected"}, "design", {"participant"}),
    "deregister": ({"monitoring"}, "deregistered", {"board", "secretariat", "system"}),
}
PERIOD = {
    "report": ({"monitoring"}, "verification", {"participant"}),
    "certify": ({"verification"}, "issuance", {"verifier"}),
    "end_unverified": ({"verification"}, "not_verified", {"verifier"}),
    "reject": ({"issuance"}, "rejected", {"board", "secretariat", "system"}),
    "issue": ({"issuance"}, "offsetting", {"system"}),
}
CAST = {
    "participant": Actor(1, "P", Role.PARTICIPANT, 10),
    "rival": Actor(2, "R", Role.PARTICIPANT, 11),
    "dna": Actor(3, "N", Role.DNA, 20, party="KE"),
    "doe": Actor(4, "D", Role.DOE, 30),
    "verifier": Actor(5, "V", Role.DOE, 31),
    "board": Actor(6, "B", Role.BOARD, 40),
    "secretariat": Actor(7, "S", Role.SECRETARIAT, 50),
    "registry": Actor(8, "G", Role.REGISTRY, 60),
    "buyer": Actor(9, "Y", Role.BUYER, 70),
    "auditor": Actor(10, "A", Role.AUDITOR, 80),
    "rit": Actor(11, "T", Role.RIT, 90),
    "system": SYSTEM,
}


def project(stage: str, *, ready: bool, opinion: str = "", decision: str = "") -> Project:
    facts: dict[str, Any] = {}
    if ready:
        facts = {
            "design_submitted_at": AT, "validator_id": 30, "host_approved_at": AT,
            "opinion": opinion, "decision": decision,
        }
    return Project(stage=stage, owner_id=10, **facts)


def period(stage: str, *, ready: bool, outcome: str = "", decision: str = "") -> MonitoringPeriod:
    facts: dict[str, Any] = {}
    if ready:
        facts = {
            "reported_at": AT, "certified_tonnes": 5, "issued_tonnes": 5,
            "verification_outcome": outcome, "decision": decision,
        }
    return MonitoringPeriod(
        stage=stage, project=Project(owner_id=10, stage="monitoring"), verifier_id=31, **facts
    )


def ready_for(name: str, stage: str, *, is_project: bool) -> Any:
    """The case with every fact that the transition needs."""
    negative = name in {"end_negative", "end_unverified"}
    decision = {"reject": "reject", "register": "register"}.get(name, "")
    sign = "negative" if negative else "" if name == "replace_validation" else "positive"
    if is_project:
        return project(stage, ready=True, opinion=sign, decision=decision)
    return period(stage, ready=True, outcome=sign, decision=decision)


@pytest.mark.parametrize("stage", Stage.values)
@pytest.mark.parametrize(("name", "is_project"), [
    *((name, True) for name in PROJECT), *((name, False) for name in PERIOD),
])
def test_who_may_make_which_transition_from_where(
    name: str, is_project: bool, stage: str
) -> None:
    sources, target, allowed = (PROJECT if is_project else PERIOD)[name]
    for who, actor in CAST.items():
        case = ready_for(name, stage, is_project=is_project)
        if stage in sources and who in allowed:
            lifecycle.ask(case, name, actor)
            getattr(case, name)()
            assert case.stage == target
        else:
            refusal = NotNow if stage not in sources else Forbidden
            with pytest.raises(refusal):
                lifecycle.ask(case, name, actor)
            assert case.stage == stage


@pytest.mark.parametrize("name", sorted(
    set(PROJECT) - {
        "terminate_validation", "withdraw", "withdraw_published", "take_up_again", "deregister",
        "replace_validation",
    }
))
def test_a_transition_without_its_facts_names_what_is_missing(name: str) -> None:
    stage = sorted(PROJECT[name][0])[0]
    reasons = lifecycle.why_not(project(stage, ready=False), name)
    assert reasons
    assert all(reason.endswith(".") for reason in reasons)


def test_registration_needs_the_letter_even_with_a_positive_opinion() -> None:
    case = project("validation", ready=True, opinion="positive")
    case.host_approved_at = None
    assert lifecycle.why_not(case, "request_registration") == [
        "The host Party's letter of approval is missing."
    ]


def test_the_eight_stages_have_their_names_and_order() -> None:
    assert [str(stage.label) for stage in EIGHT] == [
        "Project design", "National approval", "Validation", "Registration", "Monitoring",
        "Verification", "CER issuance", "Offsetting",
    ]
    assert len(SIDE_ENDS) == 6


def test_no_other_transition_exists() -> None:
    def names(model: Any) -> set[str]:
        return {t.name for t in model(stage="design").get_all_stage_transitions()}

    assert names(Project) == set(PROJECT)
    assert names(MonitoringPeriod) == set(PERIOD)


def _row(owner: Organisation, stage: str = "design", reference: str = "PDD-1") -> Project:
    return Project.objects.create(
        reference=reference, title="x", owner=owner, party_code="KE", created_at=AT,
        rules="historic", stage=stage,
    )


@pytest.mark.django_db
def test_the_database_knows_the_same_ways_between_stages() -> None:
    owner = Organisation.objects.create(name="Owner", kind="participant")
    allowed = {(s, t) for sources, t, _ in PROJECT.values() for s in sources if s != t}
    found = set()
    for source in Stage.values:
        for target in Stage.values:
            if source == target:
                continue
            with transaction.atomic():
                case = _row(owner)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("ALTER TABLE projects_project DISABLE TRIGGER guard_end")
                    cursor.execute("ALTER TABLE projects_project DISABLE TRIGGER guard_stage")
                    cursor.execute(
                        "UPDATE projects_project SET stage = %s, number = 'n', registered_at = "
                        "now() WHERE id = %s", [source, case.pk]
                    )
                    cursor.execute("ALTER TABLE projects_project ENABLE TRIGGER guard_stage")
                try:
                    with transaction.atomic():
                        Project.objects.filter(pk=case.pk).update(stage=target)
                    found.add((source, target))
                except IntegrityError as error:
                    assert "no way from" in str(error)
                transaction.set_rollback(True)
    assert found == allowed


@pytest.mark.django_db
def test_a_case_cannot_be_born_beyond_its_first_stage() -> None:
    owner = Organisation.objects.create(name="Owner", kind="participant")
    with pytest.raises(IntegrityError, match="begins in the stage design"), transaction.atomic():
        _row(owner, stage="registration")
    assert Project.objects.count() == 0

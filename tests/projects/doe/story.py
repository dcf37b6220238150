"""Cases brought to the DOE's desk by everybody's own actions, on dates of 2013 to 2015."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

from cdm_portal.demonstration import audits, voice
from cdm_portal.values import Actor
from projects.board import actions as board
from projects.dna import actions as dna
from projects.doe import actions as doe
from projects.doe.models import Engagement, Proceeding, Verification, VerificationRun
from projects.models import Finding, MonitoringPeriod, Project
from projects.participant import actions as participant
from tests.cast import Cast
from tests.journeys import cdm9851
from tests.journeys.cdm9851 import on

Nothing = Callable[[], AbstractContextManager[None]]

OFFERED, RAISED, ANSWERED = on(2013, 5, 2), on(2013, 5, 10), on(2013, 5, 12)
PUBLISHED = on(2013, 5, 4)
LAST_MOMENT = datetime(2013, 6, 3, 23, 59, 59, tzinfo=UTC)
CLOSED = datetime(2013, 6, 4, tzinfo=UTC)
AFTER = on(2013, 7, 1)
MONTHS = tuple(f"2014-{month:02}-01" for month in range(7, 13))
FIRST, LAST = date(2014, 7, 1), date(2014, 12, 31)
EXPORTS = ("1300", "1250", "1200", "1100", "1000.5", "900.25")
CLAIM = 6_075  # ⌊(6750.75 − 0.6) × (0.75 × 1.0021 + 0.25 × 0.5940)⌋
GRID_FACTOR = "0.900075"


def designed(cast: Cast, *, large: bool  =  False, fuel: bool  =  False) -> Project:
    """A frozen design document of Ziwa Sun Limited in Kenya."""
    owner = cast.participant
    project = participant.start_design(
        actor=owner, at=on(2013, 2, 1), title="Ziwa solar", party_code="KE",
        rules=Project.Rules.HISTORIC,
    )
    for name, values in _sections(owner, large=large, fuel=fuel).items():
        participant.save_section(
            actor=owner, at=on(2013, 3, 1), project_id=project.pk, section=name, values=values
        )
    participant.submit_design(actor=owner, at=on(2013, 4, 10), project_id=project.pk)
    return fresh(project)


def _sections(owner: Actor, *, large: bool, fuel: bool) -> dict[str, dict[str, Any]]:
    found = cdm9851.sections(owner.organisation_id or 0)
    if large:
        found["general"]["installed_mw"] = "20"
        found["methodology"] |= {"code": "ACM0002", "version": "13.0.0", "scale": "large"}
    if fuel:
        found["methodology"]["fuels"] = "diesel"
        found["parameters"]["fixed"] |= {
            "NCV_diesel": {"value": "43", "unit": "MJ/kg", "source": "unverified"},
            "EF_CO2_diesel": {"value": "74.1", "unit": "tCO2/TJ", "source": "unverified"},
        }
        found["reductions"]["years"]["1"]["FC_diesel"] = "2"
    return found


def asked(cast: Cast, **design: bool) -> Engagement:
    """The DOE is asked to validate."""
    project = designed(cast, **design)
    return offered(cast, project)


def offered(
    cast: Cast, project: Project, doe_actor: Actor | None  =  None,
    period: MonitoringPeriod | None  =  None, at: datetime = OFFERED,
) -> Engagement:
    """A DOE is asked for the project, or for a period."""
    wanted = doe_actor or cast.doe
    return doe.offer_engagement(
        actor=cast.participant, at=at, project_id=project.pk,
        organisation_id=wanted.organisation_id or 0, period_id=period.pk if period else None,
    )


def engaged(cast: Cast, **design: bool) -> Project:
    """The DOE accepted to validate."""
    engagement = asked(cast, **design)
    doe.accept_engagement(
        actor=cast.doe, at=on(2013, 5, 3), engagement_id=engagement.pk, no_conflict=True,
    )
    return fresh(engagement.project)


def published(cast: Cast, **design: bool) -> Project:
    """The design document is public and takes comments."""
    project = engaged(cast, **design)
    doe.publish_design(actor=cast.doe, at=PUBLISHED, project_id=project.pk)
    return fresh(project)


def approved(cast: Cast, project: Project) -> Project:
    """The host Party's letter of approval is issued; the participant says who speaks for it."""
    letter = dna.request_letter(
        actor=cast.participant, at=on(2013, 5, 5), project_id=project.pk
    )
    dna.issue_letter(
        actor=cast.dna, at=on(2013, 5, 20), letter_id=letter.pk, ratified=True, voluntary=True,
        sustainable_development=True, organisation_ids=[cast.participant.organisation_id or 0],
    )
    voice.settle(cast.participant, on(2013, 5, 20), project)
    return fresh(project)


def commented(project: Project, at: datetime  =  PUBLISHED, **said: str) -> Any:
    """Somebody comments."""
    given = {
        "name": "Amina Otieno", "email": "amina@example.org", "affiliation": "Lake Watch",
        "text": "How will the panels be disposed of?",
    }
    return doe.comment(at=at, project_id=project.pk, **(given | said))


def raised(
    cast: Cast, project: Project, kind: str  =  "CAR", period: MonitoringPeriod | None  =  None,
    at: datetime = RAISED, actor: Actor | None  =  None,
) -> Finding:
    """The DOE raises a finding."""
    return doe.raise_finding(
        actor=actor or (cast.doe if period is None else cast.other_doe), at=at,
        project_id=project.pk, period_id=period.pk if period else None, kind=kind,
        subject="The margins are of an older year",
        section="parameters" if period is None else "calculation",
        text="State the year of the operating margin and its source.",
    )


def answered(
    cast: Cast, finding: Finding, at: datetime = ANSWERED
) -> Finding:
    """The participant answers it."""
    return doe.answer_finding(
        actor=cast.participant, at=at, finding_id=finding.pk, text="The year is 2012; see the file."
    )


def validated(cast: Cast, **design: bool) -> Project:
    """The opinion is positive."""
    project = approved(cast, published(cast, **design))
    doe.give_opinion(
        actor=cast.doe, at=AFTER, project_id=project.pk, positive=True,
        conclusion="The design meets the requirements.",
    )
    return fresh(project)


def registered(cast: Cast, **design: bool) -> Project:
    """Registered when the Board's window closed."""
    project = validated(cast, **design)
    request = board.request_registration(actor=cast.doe, at=on(2013, 7, 2), project_id=project.pk)
    for part, conclude, more in (
        ("completeness", board.conclude_completeness, {}),
        ("information", board.conclude_information, {"note": "Complete."}),
    ):
        for check in request.checks.filter(stage=part):
            board.check_item(
                actor=cast.secretariat, at=on(2013, 7, 4), request_id=request.pk, code=check.code,
                met=True,
            )
        conclude(actor=cast.secretariat, at=on(2013, 7, 5), request_id=request.pk, **more)
    board.close_windows(at=on(2013, 9, 1))
    return fresh(project)


def proposed(
    cast: Cast, kind: str, *, who: Actor | None  =  None, scopes: tuple[int, ...] = (1,),
    functions: tuple[str, ...] = ("validation",), at: datetime = OFFERED, months: int = 6,
) -> Proceeding:
    """The secretariat proposes something about the validating DOE, or another."""
    return doe.propose_proceeding(
        actor=cast.secretariat, at=at, kind=kind, scopes=scopes, functions=functions,
        organisation_id=(who or cast.doe).office, reasons="A spot-check found gaps.",
        months=months if kind == "suspend" else None,
    )


def decided(cast: Cast, kind: str, *, grant: bool = True, **proposal: Any) -> Proceeding:
    """What was proposed is decided by a member of the Board, on the day of the DOE's answer."""
    made = proposed(cast, kind, **proposal)
    if made.state == Proceeding.State.HEARING:
        doe.answer_proceeding(
            actor=proposal.get("who") or cast.doe, at=made.opened_at, proceeding_id=made.pk,
            text="We are training our staff.",
        )
    return doe.decide_proceeding(
        actor=cast.board[0], at=made.opened_at, proceeding_id=made.pk, grant=grant,
        reasons="The gaps are serious.",
    )


def table(
    exports: Mapping[str, str] | None  =  None, *, unit: str  =  "MWh", fuel: bool  =  False
) -> bytes:
    """Monthly readings; a month that is not given is missing."""
    given = dict(zip(MONTHS, EXPORTS, strict=True)) if exports is None else exports
    header = f"timestamp,EG_export [{unit}],EG_import [MWh]" + (",FC_diesel [kg]" if fuel else "")
    rows = [f"{month},{given.get(month, '')},0.1" + (",1000" if fuel else "") for month in MONTHS]
    return "\n".join([header, *rows]).encode() + b"\n"


def opened(cast: Cast, project: Project | None  =  None, **design: bool) -> MonitoringPeriod:
    """The second half of 2014 is being monitored."""
    project = project or registered(cast, **design)
    return participant.open_period(
        actor=cast.participant, at=on(2015, 1, 5), project_id=project.pk, first=FIRST, last=LAST
    )


def reported(
    cast: Cast, project: Project | None  =  None, data: bytes | None  =  None, **design: bool
) -> MonitoringPeriod:
    """The monitoring report is frozen; gaps are accepted."""
    period = opened(cast, project, **design)
    file = participant.upload_readings(
        actor=cast.participant, at=on(2015, 1, 6), period_id=period.pk, filename="year.csv",
        data=data or table(fuel=design.get("fuel", False)), resolution="month",
    )
    if file.gaps:
        participant.accept_gaps(
            actor=cast.participant, at=on(2015, 1, 6), period_id=period.pk,
            keys=[gap["key"] for gap in file.gaps], reason="The meter failed.",
        )
    participant.report_monitoring(
        actor=cast.participant, at=on(2015, 1, 7), period_id=period.pk
    )
    return fresh(period)


def verifying(cast: Cast, **more: Any) -> Verification:
    """Another DOE has published the report; its recomputation is queued."""
    period = reported(cast, **more)
    engagement = offered(cast, period.project, cast.other_doe, period, on(2015, 1, 8))
    doe.accept_engagement(
        actor=cast.other_doe, at=on(2015, 1, 9), engagement_id=engagement.pk, no_conflict=True,
    )
    return doe.open_verification(actor=cast.other_doe, at=on(2015, 1, 10), period_id=period.pk)


def recomputed(
    cast: Cast, *, settled: bool = True, **more: Any
) -> tuple[Verification, VerificationRun]:
    """The recomputation is done, and the DOE has checked what it sampled."""
    verification = verifying(cast, **more)
    run = doe.recompute(run_id=verification.runs.get().pk, at=on(2015, 1, 10))
    if settled:
        audits.settle(cast.other_doe, on(2015, 1, 10), verification.period)
    return fresh(verification), run


def fresh(row: Any) -> Any:
    """The row as the database has it now."""
    return type(row).objects.get(pk=row.pk)

"""The demonstration's co-benefit reports: lines for many projects; for one, indicators too and the
check of a DOE.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from cdm_portal.demonstration.people import People
from cdm_portal.values import Actor
from cobenefits import actions
from cobenefits.actions import Found, Statement, Told
from projects.models import Project

Levels = dict[str, tuple[str, str, str]]
IN_FULL = "ziwa-solar"


def _measured(level: str, quantity: str, unit: str, text: str, evidence: str) -> Told:
    return Told(
        applicable=True, level=level, quantity=Decimal(quantity), unit=unit, text=text,
        monitored=True, evidence=evidence,
    )


INDICATORS: dict[str, dict[str, Told]] = {
    "air": {
        "sox": _measured("moderate", "18.5", "t a year", "not emitted by oil-fired sets",
                         "Fuel records of the utility"),
        "noise": Told(applicable=False),
    },
    "education": {
        "training": _measured("slight", "14", "people", "apprentices with a county certificate",
                              "Register of the polytechnic"),
    },
    "jobs": {
        "long_term": _measured("moderate", "22", "jobs", "in upkeep and security", "Payroll"),
        "short_term": _measured("slight", "140", "jobs", "during the eleven months of building",
                                "Payroll of the builder"),
    },
    "energy": {
        "availability": _measured("high", "21900", "MWh a year", "at noon, when load was shed",
                                  "Main meter, monthly readings"),
        "affordability": Told(applicable=False, text="The tariff is the same everywhere."),
    },
    "safeguards": {
        "resettlement": Told(applicable=True, text="The land was leased; nobody lived on it."),
        "nature": Told(applicable=True, text="No protected area within ten kilometres."),
    },
    "engagement": {
        "heard": Told(applicable=True, text="Answers were read out at the second meeting."),
        "reports": Told(applicable=False, text="Planned from next year on."),
    },
}  # fmt: skip
FINDINGS = {
    "air": Found("confirmed", "Fuel records of two years fit the figure."),
    "education": Found("confirmed", "Twelve of fourteen apprentices were spoken with."),
    "jobs": Found("confirmed", "Payroll and contracts were seen."),
    "welfare": Found("confirmed", "The clinic's receipts were seen."),
    "energy": Found("confirmed", "The main meter's readings were summed."),
    "technology": Found("refuted", "The trackers are assembled abroad; only upkeep is local."),
}
STATEMENT = (
    "We visited the site for two days and looked at the evidence named in the report. Five of six "
    "criteria are carried by it; one is not. This is a look at one version, not a certification."
)


def declare(
    people: People, owner: Actor, project: Project, key: str, benefits: Levels, at: datetime
) -> None:
    """The participant's voluntary report and its publication; for one project the check besides."""
    said = {
        each: Statement(level=level, figure=figure, text=text)
        for each, (level, figure, text) in benefits.items()
    }
    if key == IN_FULL:
        for section, told in INDICATORS.items():
            actions.save_section(
                actor=owner, at=at, project_id=project.pk, section=section,
                statement=said.get(section), told=told,
            )
    made = actions.hand_in(actor=owner, at=at, project_id=project.pk, statements=said)
    actions.publish(
        actor=people.actor("secretariat"), at=at + timedelta(days=5), project_id=project.pk,
        turn=made.turn,
    )


def check(people: People, owner: Actor, project: Project, key: str, at: datetime) -> None:
    """A DOE other than the validator checks the report that is told in full."""
    if key != IN_FULL:
        return
    checker = people.actor("doe2")
    case = {"project_id": project.pk}
    actions.ask_check(actor=owner, at=at, organisation_id=checker.office, **case)
    actions.accept_check(actor=checker, at=at + timedelta(days=2), no_conflict=True, **case)
    actions.conclude_check(
        actor=checker, at=at + timedelta(days=20), findings=FINDINGS, statement=STATEMENT, **case
    )

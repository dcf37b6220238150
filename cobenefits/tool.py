"""What the published tool asks, and where this form asks it, or why it does not.

The tool's flow is known from secondary sources (domain, 7, S33); its indicators are unverified,
from general knowledge. The last part lists what critics of the tool miss.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the tool, and what this form does about it."""

    asks: str
    here: str
    reason: str = ""
    known: str = "from secondary sources"


UNVERIFIED = "unverified, from general knowledge"

QUESTIONS: tuple[Question, ...] = (
    Question("Language of the description", "Not asked",
             "Text is shown as it was written, in any language and direction of writing."),
    Question("Name and type of the activity", "Taken from the project",
             "The registered title, sector and scale stand on every page; typed again, they could "
             "differ."),
    Question("Action: create, amend or withdraw",
             "Handing in a first report, handing in an amendment, “Withdraw the report”"),
    Question("Level of co-benefits along 12 criteria",
             "“Level of the benefit” of each criterion: slight, moderate or high"),
    Question("Whether an indicator applies", "“Does it apply?” of each indicator",
             known=UNVERIFIED),
    Question("How strongly an indicator is affected",
             "“Level” of each indicator: slight, moderate, high or n/a", known=UNVERIFIED),
    Question("A quantity with its unit", "“Quantity” and “Unit”, optional; kept as exact decimals",
             known=UNVERIFIED),
    Question("A description", "“In words”", known=UNVERIFIED),
    Question("Whether it is monitored", "“Is it monitored?”", known=UNVERIFIED),
    Question("Evidence", "“Evidence in words” and “Evidence as a document” of the project",
             known=UNVERIFIED),
    Question("Publication", "The secretariat looks at the form alone and publishes"),
)
CRITICS: tuple[Question, ...] = (
    Question("Only the participants speak; others cannot comment",
             "The host Party's authority comments; its comment is no part of the report"),
    Question("No third party checks", "Optional: a DOE checks a version criterion by criterion; a "
             "badge beside “self-declared, voluntary, not verified”"),
    Question("No monitoring", "“Is it monitored?” of each indicator; nobody is made to monitor",
             "Monitoring of co-benefits would be a rule of the CDM; this portal cannot make it."),
    Question("No safeguards against harm (an early draft had them)",
             "Voluntary extra section “No-harm safeguards”"),
    Question("No question on stakeholders (an early draft had them)",
             "Voluntary extra section “Stakeholder engagement”",
             "The local stakeholder consultation itself is part of the design document."),
)  # fmt: skip

"""What a DOE still has to settle of a recomputation before it can certify. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from projects.doe.audit.checks import Check

Result = Mapping[str, Any]
RECORDS = "records"


class Word(Protocol):
    """What a DOE said of one record or check; see `models.Observation`."""

    kind: str
    version: int
    key: str
    outcome: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """The last word on each record of a file, by key, and on each check of a report, by code."""

    records: Mapping[str, Any] = field(default_factory=dict)
    checks: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Iterable[Word], *, upload: int, report: int) -> Self:
        """Those about one upload of readings and one version of the report."""
        found = list(words)
        return cls(
            {each.key: each for each in found if each.kind == "record" and each.version == upload},
            {each.key: each for each in found if each.kind == "check" and each.version == report},
        )

    def differing(self, sample: Result) -> list[str]:
        """The keys of sampled records that differ from their evidence."""
        return [
            each["key"] for each in sample.get("records", ())
            if (word := self.records.get(each["key"])) is not None and word.outcome == "differs"
        ]

    def unchecked(self, sample: Result) -> list[str]:
        """The keys of sampled records of which nothing was said yet."""
        return [
            each["key"] for each in sample.get("records", ()) if each["key"] not in self.records
        ]


def records_check(sample: Result, said: Said) -> Check:
    """Whether the sampled records agree with their evidence, as far as they were checked."""
    total = len(sample.get("records", ()))
    waiting, differing = len(said.unchecked(sample)), said.differing(sample)
    done = f"{total - waiting} of {total} records are checked"
    if differing:
        verb = "differs" if len(differing) == 1 else "differ"
        return Check(RECORDS, False, f"{done}; {len(differing)} {verb}.")
    return Check(RECORDS, None if waiting else True, f"{done}; none differs.")


def checks_now(result: Result, said: Said) -> list[dict[str, Any]]:
    """The checks of a run with that of its sample, each with the reason given for it."""
    rows = [dict(each) for each in result.get("checks", ())]
    if "sample" in result:
        rows.append(records_check(result["sample"], said).as_row())
    for each in rows:
        each["word"] = said.checks.get(each["code"])
    return rows


def unsettled(result: Result, said: Said) -> list[str]:
    """Why a certification has to wait, in words. Forward action requests are asked by themselves.
    """
    reasons = []
    if waiting := said.unchecked(result.get("sample", {})):
        count = len(waiting)
        are = "record is" if count == 1 else "records are"
        reasons.append(f"{count} sampled {are} not checked against the evidence.")
    for each in checks_now(result, said):
        if each["met"] is not False or each["code"] == "forward":
            continue
        if each["demand"] == "bars":
            reasons.append(f"{each['title']}: not met. {each['said']}")
        elif each["demand"] == "asks" and each["word"] is None:
            reasons.append(f"{each['title']}: not met, and not explained.")
    return reasons

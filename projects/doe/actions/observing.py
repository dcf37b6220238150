"""What a DOE says of the sample and of the checks before it certifies (domain, 2.5 and 10)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects.doe import entries, queries
from projects.doe.actions.verification import own_open
from projects.doe.audit import settling
from projects.doe.errors import NotYet
from projects.doe.models import Observation, Verification, VerificationRun

NOTE_LIMIT = 1000
REASON_LIMIT = 5000


def check_records(
    *, actor: Actor, at: datetime, period_id: int, notes: Mapping[str, str]
) -> list[Observation]:
    """Say of sampled records, by key, that they agree with their evidence (an empty note) or how
    they differ. A later word on a record takes the place of an earlier one; both are kept.

    Raises Invalid at a note or for a record that is not in the sample, NotYet before the
    recalculation is done, CaseClosed, Forbidden, NotFound, BothSides.
    """
    with transaction.atomic():
        _, verification = own_open(actor, at, period_id)
        run = _done(verification)
        said = queries.said(verification, run)
        sample = run.result.get("sample", {})
        texts = _notes(notes, {each["key"] for each in sample.get("records", ())})
        before = {key: word.text for key, word in said.records.items()}
        new = {key: text for key, text in texts.items() if before.get(key) != text}
        if not new:
            raise Invalid.of("", "Mark at least one record as checked, or say how it differs.")
        made = Observation.objects.bulk_create(
            Observation(
                verification=verification, kind=Observation.Kind.RECORD, version=sample["upload"],
                key=key, text=text, author_name=actor.name, at=at,
                outcome=Observation.Outcome.DIFFERS if text else Observation.Outcome.AGREES,
            )
            for key, text in new.items()
        )
        differing = sorted(key for key, text in new.items() if text)
        _settle(verification)
        record(
            "doe.check_records", actor=actor, subject=verification, at=at,
            project=verification.period.project.reference,
            facts={"period": verification.period.number, "checked": len(new),
                   "differing": differing},
        )
    return made


def _notes(notes: Mapping[str, str], known: set[str]) -> dict[str, str]:
    errors: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for key, text in notes.items():
        if key not in known:
            errors[""] = ["A record is not in the sample any more: look at the sample again."]
            continue
        try:
            texts[key] = text.strip() and entries.words(
                key, text, longest=NOTE_LIMIT, what="how it differs"
            )
        except Invalid as refusal:
            errors |= refusal.errors
    if errors:
        raise Invalid(errors)
    return texts


def explain_check(
    *, actor: Actor, at: datetime, period_id: int, code: str, text: str
) -> Observation:
    """Say why a check that is not met does not stand in the way.

    Raises Invalid without a reason and for a check that is met or cannot be explained, NotYet
    before the recalculation is done, CaseClosed, Forbidden, NotFound, BothSides.
    """
    said = entries.words("text", text, longest=REASON_LIMIT, what="the reason")
    with transaction.atomic():
        _, verification = own_open(actor, at, period_id)
        run = _done(verification)
        rows = settling.checks_now(run.result, queries.said(verification, run))
        found = next((each for each in rows if each["code"] == code), None)
        if found is None or found["met"] is not False or found["demand"] != "asks":
            raise Invalid.of("text", "This check asks for no reason.")
        made: Observation = Observation.objects.create(
            verification=verification, kind=Observation.Kind.CHECK, version=run.report_version,
            key=code, outcome=Observation.Outcome.EXPLAINED, text=said, author_name=actor.name,
            at=at,
        )
        _settle(verification)
        record(
            "doe.explain_check", actor=actor, subject=verification, at=at,
            project=verification.period.project.reference,
            facts={"period": verification.period.number, "check": code},
        )
    return made


def _done(verification: Verification) -> VerificationRun:
    """The recomputation that is spoken of: the last one, done and of the report in force."""
    run = queries.last_run(verification)
    if run is None or run.state != VerificationRun.State.DONE:
        raise NotYet(["The independent recalculation is not done yet."])
    version = verification.period.report_version
    if run.report_version != version:
        raise NotYet([f"Recalculate version {version} of the monitoring report."])
    return run


def _settle(verification: Verification) -> None:
    """Note what is still to be settled."""
    verification.unsettled = queries.unsettled(verification)
    verification.save(update_fields=["unsettled"])

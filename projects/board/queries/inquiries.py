"""Inquiries after an issuance: one, whom it can concern, who decides, what waits."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse

from cdm_portal import deadlines, formats
from cdm_portal.identity.models import Membership, Organisation
from cdm_portal.queues import Line
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects.board.models import Inquiry
from projects.board.queries.bench import Bench, seats
from projects.doe.models import Accreditation
from projects.lifecycle import EIGHT, Stage
from projects.models import MonitoringPeriod

READERS = (Role.BOARD, Role.SECRETARIAT, Role.AUDITOR)
LOST = [Accreditation.State.SUSPENDED, Accreditation.State.WITHDRAWN]


def inquiries() -> QuerySet[Inquiry]:
    """Every inquiry, newest first."""
    return Inquiry.objects.select_related(
        "period__project", "doe", "prepared_by", "answered_by", "decided_by", "debt"
    )


def inquiries_for(actor: Actor) -> QuerySet[Inquiry]:
    """Those that an actor may know of: all for who decides and reads all, for a DOE its own and the
    decided ones, for everybody else the decided ones.
    """
    if actor.role in READERS:
        return inquiries()
    own = Q(doe_id=actor.office) if actor.role == Role.DOE else Q(pk__in=[])
    return inquiries().filter(own | Q(decided_at__isnull=False))


def inquiry(actor: Actor, pk: int) -> Inquiry:
    """One inquiry that the actor may know of. Raises NotFound."""
    one = inquiries_for(actor).filter(pk=pk).first()
    if one is None:
        raise NotFound("There is no such inquiry.")
    return one


def issued_periods() -> QuerySet[MonitoringPeriod]:
    """The monitoring periods into whose issuance there can be an inquiry, newest first."""
    lost = Accreditation.objects.filter(state__in=LOST)
    verified = lost.filter(organisation=OuterRef("verifier"))
    validated = lost.filter(organisation=OuterRef("project__validator"))
    asked = Inquiry.objects.filter(period=OuterRef("pk"), state=Inquiry.State.PROPOSED)
    return MonitoringPeriod.objects.filter(
        ~Exists(asked), Exists(verified) | Exists(validated), issued_tonnes__gt=0
    ).select_related("project").order_by("-pk")


def without_standing() -> QuerySet[Organisation]:
    """The DOEs that have lost an accreditation, for a time or for good."""
    lost = Accreditation.objects.filter(organisation=OuterRef("pk"), state__in=LOST)
    return Organisation.objects.filter(Exists(lost)).order_by("name")


def answerable(period: MonitoringPeriod) -> list[Organisation]:
    """The DOEs that verified a period or validated its project and have lost an accreditation."""
    sides = [pk for pk in (period.verifier_id, period.project.validator_id) if pk]
    return list(without_standing().filter(pk__in=sides))


def not_in_excess(period: MonitoringPeriod) -> int:
    """What was issued for a period, less what inquiries have found to be in excess."""
    decided = period.inquiries.aggregate(total=Sum("excess"))["total"]
    return (period.issued_tonnes or 0) - (decided or 0)


def why_no_inquiry(period: MonitoringPeriod) -> str:
    """Why no inquiry into a period's issuance can be opened now; empty when one can."""
    if not period.issued_tonnes:
        return "Nothing was issued for this monitoring period."
    if period.inquiries.filter(state=Inquiry.State.PROPOSED).exists():
        return "An inquiry into this issuance is before the Board already."
    if not answerable(period):
        return "No DOE of this case is suspended or withdrawn."
    return ""


def partial_to(found: Inquiry) -> frozenset[int]:
    """The persons who belong, or belonged, to the DOE, the verifier or a participant of the case.
    """
    project = found.period.project
    sides = {found.doe_id, found.period.verifier_id, project.validator_id, project.owner_id}
    sides |= set(project.participations.values_list("organisation_id", flat=True))
    held = Membership.objects.filter(organisation_id__in=[pk for pk in sides if pk])
    return frozenset(held.values_list("person_id", flat=True))


def presiding_over(found: Inquiry, at: datetime) -> Membership | None:
    """Who presides over the Board in an inquiry: the Chair, unless on a side of it; then the next.
    """
    return Bench(seats(at.date()), partial_to(found), frozenset()).presiding


def why_no_answer(found: Inquiry, at: datetime) -> str:
    """Why the DOE cannot answer now; empty while it is heard."""
    if found.state != Inquiry.State.PROPOSED:
        return _decided(found)
    if found.answered_at is not None:
        return f"The answer was given on {formats.moment(found.answered_at)}."
    if found.hearing_ends(at):
        return f"The time to answer ended on {_last_moment(found)}."
    return ""


def decision_waits(found: Inquiry, at: datetime) -> str:
    """What a decision waits for, whoever decides: whom, until when; empty when for nothing."""
    if found.state != Inquiry.State.PROPOSED:
        return _decided(found)
    if not found.hearing_ends(at):
        return f"{found.doe.name} may answer until {_last_moment(found)}; then the Board decides."
    return ""


def _decided(found: Inquiry) -> str:
    return f"The Board has decided: {found.get_state_display().lower()}."


def _last_moment(found: Inquiry) -> str:
    return f"{formats.day(found.answer_last_day)}, 24:00 UTC" if found.answer_last_day else ""


def why_no_decision(found: Inquiry, actor: Actor, at: datetime) -> str:
    """Why the actor cannot decide an inquiry now; empty when the actor can."""
    if reason := decision_waits(found, at):
        return reason
    chair = presiding_over(found, at)
    if chair is None or actor.person_id != chair.person_id:
        return f"Who presides decides: {chair.person.name if chair else 'nobody is there'}."
    return ""


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """The inquiries in which the actor's DOE may still answer; for the Board those that wait for
    such an answer, until its end, and then those it can decide, undated.
    """
    live = Inquiry.objects.filter(state=Inquiry.State.PROPOSED)
    heard = Q(answered_at=None, answer_until__gt=at)
    case = ("period", "period__project", "doe")
    if actor.role == Role.DOE:
        yield Line(
            "board.inquiry_answer", live.filter(heard, doe_id=actor.office),
            lambda found, _: _item(
                found, what="CERs of which you answer for the issuance may be in excess: you may "
                "answer.", action_label="Answer", waiting_for="You (auditor)",
                until=_due(found),
            ),
            related=case, until="answer_until",
        )
    if actor.role == Role.BOARD:
        yield Line(
            "board.inquiry_heard", live.filter(heard),
            lambda found, _: _item(
                found, waiting_for=found.doe.name, until=_due(found),
                why_not=decision_waits(found, at),
            ),
            related=case, until="answer_until",
        )
        yield Line(
            "board.inquiry", live.exclude(heard), lambda found, _: _item(found), related=case
        )


def _due(found: Inquiry) -> datetime | None:
    return deadlines.last_moment(found.answer_until) if found.answer_until else None


def _item(found: Inquiry, **more: Any) -> dict[str, Any]:
    url = reverse("board:inquiry", args=[found.pk])
    project = found.period.project
    return {
        "title": project.title, "url": url, "reference": project.name,
        "project": f"Monitoring period {found.period.number}",
        "stage": EIGHT.index(Stage.ISSUANCE) + 1, "stage_label": Stage.ISSUANCE.label,
        "waiting_for": "The Chair", "until": None, "tag": "", "tag_kind": "",
        "what": f"CERs that may have been issued in excess ({found.doe.name}).",
        "action_label": "Look at it", "action_url": url, "why_not": "", **more,
    }

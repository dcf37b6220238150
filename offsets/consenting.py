"""Whether an offer needs the consent of a focal point for forwarding, whose, and what was said."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats
from cdm_portal.identity.models import Organisation
from cdm_portal.queues import Line
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from offsets.models import ConsentSignature, OfferConsent
from projects.lifecycle import EIGHT, Stage
from projects.models import Project
from projects.participant import speaking
from projects.participant.communication.models import (
    FocalPoint,
    Scope,
    Statement,
    unsigned_points,
)

State = OfferConsent.State


def who_consents(project: Project, seller_id: int) -> list[Organisation]:
    """The focal points of scope (a) whose consent an offer of this seller needs: none where nobody
    is named, or where the seller alone may sign; a seller consents by offering.
    """
    found = speaking.in_force(project)
    return unsigned_points(found, Scope.FORWARDING, {seller_id}) if found else []


def missing(consent: OfferConsent) -> list[Organisation]:
    """The focal points who have not consented yet."""
    signed = set(consent.signatures.values_list("organisation_id", flat=True))
    return unsigned_points(consent.statement, Scope.FORWARDING, signed | {consent.seller_id})


def usable(
    project: Project, seller_id: int, commitment_period: int, quantity: int, price: Decimal
) -> QuerySet[OfferConsent]:
    """The consents that serve for such an offer, oldest first."""
    given: QuerySet[OfferConsent] = OfferConsent.objects.filter(
        project=project, state=State.GIVEN, offer=None, statement__state=Statement.State.IN_FORCE,
        seller_id=seller_id, commitment_period=commitment_period, quantity__gte=quantity,
        lowest_price__lte=price,
    )
    return given.order_by("pk")


def consents_of(project: Project, seller_id: int) -> QuerySet[OfferConsent]:
    """What a seller asked about a project, newest first."""
    found: QuerySet[OfferConsent] = OfferConsent.objects.filter(
        project=project, seller_id=seller_id
    )
    return found.select_related("offer")


def consent(actor: Actor, pk: int) -> OfferConsent:
    """A consent that the actor asked for, or may give. Raises NotFound."""
    found = (
        OfferConsent.objects.select_related("project", "statement", "seller", "asked_by")
        .filter(pk=pk).first()
    )
    if found is None or actor.role != Role.PARTICIPANT:
        raise NotFound("There is no such consent.")
    points = {point.organisation_id for point in found.statement.points(Scope.FORWARDING)}
    if actor.organisation_id not in points | {found.seller_id}:
        raise NotFound("There is no such consent.")
    return found


def why_not_sign(found: OfferConsent, actor: Actor, at: datetime) -> str:
    """Why the actor cannot consent or refuse now; empty when the actor can."""
    if found.state != State.ASKED:
        return f"{found.get_state_display()}."
    if found.statement.state != Statement.State.IN_FORCE:
        return "Who speaks for the project has changed since. The seller has to ask anew."
    if actor.organisation_id not in {each.pk for each in missing(found)}:
        return "Your consent is not needed here."
    if not speaking.signs_in(found.statement, actor, Scope.FORWARDING, at):
        return "A signatory of the focal point for forwarding consents."
    return ""


def queue(actor: Actor) -> Iterator[Line]:
    """The offers to which the actor may consent as a signatory of a focal point of scope (a)."""
    if actor.role != Role.PARTICIPANT or actor.organisation_id is None:
        return
    signed = ConsentSignature.objects.filter(
        consent=OuterRef("pk"), organisation_id=actor.organisation_id
    )
    named = FocalPoint.objects.filter(
        Q(primary_id=actor.person_id) | Q(alternate_id=actor.person_id),
        statement=OuterRef("statement"), organisation_id=actor.organisation_id,
        scopes__contains=Scope.FORWARDING,
    )
    asked = OfferConsent.objects.filter(
        ~Exists(signed), Exists(named), state=State.ASKED,
        statement__state=Statement.State.IN_FORCE,
    ).exclude(seller_id=actor.organisation_id)
    yield Line(
        "offsets.consent", asked, lambda each, _told: _item(each), related=("project", "seller")
    )


def _item(each: OfferConsent) -> dict[str, Any]:
    url = reverse("offsets:consent", args=[each.pk])
    said = _("%(seller)s wants to offer %(n)s CERs, at US$%(price)s or more.") % {
        "seller": each.seller.name, "n": formats.grouped(each.quantity),
        "price": each.lowest_price,
    }
    return {
        "title": each.project.title, "url": url, "reference": each.project.name, "project": "",
        "stage": EIGHT.index(Stage.OFFSETTING) + 1, "stage_label": Stage.OFFSETTING.label,
        "waiting_for": "You", "until": None, "tag": "", "tag_kind": "", "what": said,
        "action_label": _("Consent or refuse"), "action_url": url, "why_not": "",
    }

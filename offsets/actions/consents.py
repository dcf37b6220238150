"""The focal points for forwarding consent to an offer before it is listed, or refuse."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, Refused
from cdm_portal.values import Actor
from offsets import consenting, locks
from offsets.errors import NeedsConsent, NotYourUnits
from offsets.models import ConsentSignature, Offer, OfferConsent
from projects import access
from projects import locks as landing
from projects.models import Project
from projects.participant import speaking

LONGEST = 2000
State = OfferConsent.State


def ask_consent(
    *, actor: Actor, at: datetime, project: Project, commitment_period: int, quantity: int,
    lowest_price: Decimal,
) -> OfferConsent:
    """The seller asks the focal points of scope (a) to consent to an offer of so many units at
    most, at no lower price than this.

    Raises NotYourUnits, Refused where nobody's consent is needed or the same is asked already,
    Invalid.
    """
    if not access.owns(actor, project) or actor.person_id is None:
        raise NotYourUnits("Only the project's participant offers its units.")
    if quantity < 1:
        raise Invalid.of("quantity", "Offer at least 1 whole tonne.")
    with transaction.atomic():
        held = landing.project(project.pk)
        statement = speaking.in_force(held)
        if statement is None or not consenting.who_consents(held, actor.office):
            raise Refused("Nobody else has to consent: you can offer at once.")
        asked = OfferConsent.objects.filter(
            project=held, state=State.ASKED, seller_id=actor.office,
            commitment_period=commitment_period,
        )
        if asked.exists():
            raise Refused("The focal points have been asked and have not answered yet.")
        made: OfferConsent = OfferConsent.objects.create(
            project=held, statement=statement, seller_id=actor.office,
            commitment_period=commitment_period, quantity=quantity, lowest_price=lowest_price,
            asked_by_id=actor.person_id, asked_at=at,
        )
        _record("offsets.ask_consent", actor, made, at)
    return made


def give_consent(*, actor: Actor, at: datetime, consent_id: int) -> OfferConsent:
    """A signatory of a focal point consents; it is given when every one who must has signed.

    Raises NotFound, Forbidden for whose consent is not needed, Refused once it is decided.
    """
    with transaction.atomic():
        found = _to_answer(actor, at, consent_id)
        ConsentSignature.objects.create(
            consent=found, organisation_id=actor.office, person_id=actor.person, at=at
        )
        if not consenting.missing(found):
            found.give()
            found.decided_at = at
            found.save(update_fields=["state", "decided_at"])
        _record("offsets.give_consent", actor, found, at)
    return found


def refuse_consent(
    *, actor: Actor, at: datetime, consent_id: int, reason: str
) -> OfferConsent:
    """A signatory of a focal point whose consent is needed refuses, with a reason.

    Raises NotFound, Forbidden, Refused, Invalid without a reason.
    """
    said = reason.strip()
    if not said or len(said) > LONGEST:
        raise Invalid.of("reason", f"Say why, in at most {LONGEST} characters.")
    with transaction.atomic():
        found = _to_answer(actor, at, consent_id)
        found.refuse()
        found.reason, found.decided_at = said, at
        found.save(update_fields=["state", "reason", "decided_at"])
        _record("offsets.refuse_consent", actor, found, at)
    return found


def take_back_consent(*, actor: Actor, at: datetime, consent_id: int) -> OfferConsent:
    """The seller asks no longer. Raises NotFound, Forbidden, Refused once it is decided."""
    with transaction.atomic():
        consenting.consent(actor, consent_id)
        found = locks.consent(consent_id)
        if actor.organisation_id != found.seller_id:
            raise Forbidden("Only the seller takes its question back.")
        if found.state != State.ASKED:
            raise Refused(f"{found.get_state_display()}.")
        found.take_back()
        found.decided_at = at
        found.save(update_fields=["state", "decided_at"])
        _record("offsets.take_back_consent", actor, found, at)
    return found


def needed(
    project: Project, seller_id: int, commitment_period: int, quantity: int, price: Decimal
) -> OfferConsent | None:
    """The consent that serves for such an offer, locked; None where none is needed. Inside the
    transaction that lists the offer, before the registry is asked.

    Raises NeedsConsent with the names of those who have to consent.
    """
    named = consenting.who_consents(project, seller_id)
    if not named:
        return None
    found = locks.consents(consenting.usable(
        project, seller_id, commitment_period, quantity, price
    ))
    if found is None:
        names = ", ".join(each.name for each in named)
        raise NeedsConsent(
            f"{names} has to consent to this offer, as focal point for forwarding: ask first, for "
            "so many CERs and at this price or a lower one."
        )
    return found


def bind(found: OfferConsent | None, offer: Offer) -> None:
    """Let a consent that is locked serve for this offer, and for no other."""
    if found is not None:
        found.offer = offer
        found.save(update_fields=["offer"])


def _to_answer(actor: Actor, at: datetime, consent_id: int) -> OfferConsent:
    consenting.consent(actor, consent_id)
    found = locks.consent(consent_id)
    if reason := consenting.why_not_sign(found, actor, at):
        raise Refused(reason) if found.state != State.ASKED else Forbidden(reason)
    return found


def _record(verb: str, actor: Actor, found: OfferConsent, at: datetime) -> None:
    record(
        verb, actor=actor, subject=found, at=at, project=found.project.reference,
        facts={"quantity": found.quantity, "lowest_price": str(found.lowest_price),
               "state": found.state},
    )

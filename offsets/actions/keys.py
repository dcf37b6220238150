"""Keys of programs: made, counted in, revoked."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from cdm_portal import parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor
from offsets import keys, locks
from offsets.models import ApiKey
from offsets.program_errors import KeyUnknown, TooManyRequests

LABEL_ROOM = 60
MINUTE = 60


def make_key(
    *, actor: Actor, at: datetime, label: str, test: bool, may_order: bool, days: int
) -> tuple[ApiKey, str]:
    """Make a key for the acting organisation; answers its row and the key, which is not kept.

    It may read, and order if `may_order`. Raises Invalid by field, Forbidden for who may not buy.
    """
    if actor.role not in keys.BUYERS or not actor.office or not actor.person:
        raise Forbidden("Only who may buy has keys.")
    most = parameters.number("api_key_days", at.date())
    if not 1 <= days <= most:
        raise Invalid.of("days", f"A key lives 1 to {most} days.")
    if not label.strip() or len(label.strip()) > LABEL_ROOM or not label.strip().isprintable():
        raise Invalid.of("label", f"Name the key, in at most {LABEL_ROOM} printable characters.")
    token = keys.fresh(test=test)
    with transaction.atomic():
        made = ApiKey.objects.create(
            digest=keys.digest(token), shown=token[:keys.SHOWN], label=label.strip(),
            person_id=actor.person, organisation_id=actor.office, role=actor.role.value,
            test=test, may_order=may_order, made_at=at, expires_at=at + timedelta(days=days),
        )
        record("offsets.make_key", actor=actor, subject=made, at=at,
               facts={"test": test, "may_order": may_order, "days": days})
    return made, token


def revoke_key(*, actor: Actor, at: datetime, key_id: int) -> ApiKey:
    """End a key of the acting organisation at once; a revoked one stays so. Raises NotFound."""
    with transaction.atomic():
        key = locks.api_key(key_id, actor.office)
        if key.revoked_at is None:
            key.revoked_at = at
            key.save(update_fields=["revoked_at"])
            record("offsets.revoke_key", actor=actor, subject=key, at=at)
    return key


def use_key(*, at: datetime, token: str) -> keys.Holder:
    """Who acts with a key, counted in the present minute; one statement, so that however many ask
    at once no more get through than may. Raises KeyUnknown, TooManyRequests.
    """
    digest, minute = keys.digest(token), at.replace(second=0, microsecond=0)
    most = parameters.number("api_requests_per_minute", at.date())
    valid = ApiKey.objects.filter(digest=digest, revoked_at=None, expires_at__gt=at)
    with transaction.atomic():
        counted = valid.filter(~Q(minute=minute) | Q(minute=None) | Q(requests__lt=most)).update(
            requests=Case(When(minute=minute, then=F("requests") + 1), default=Value(1)),
            minute=minute, last_used_at=at,
        )
        found = valid.first()
        if found is None:
            raise KeyUnknown("This key is unknown, has run out or was revoked.")
        if not counted:
            raise TooManyRequests(
                f"A key may ask {most} times a minute.", wait=MINUTE - at.second
            )
        return keys.holder(found, at)

"""The signer's task: beat rings every few seconds, the signer's own worker answers.

No other worker listens to its queue, and no other process is told where the key is.
"""

from celery import shared_task
from django.conf import settings

from cdm_portal import clock
from registry.transparency import actions, publishing, signing


@shared_task
def seal() -> list[int]:
    """Seal, sign, and keep the new heads in the file outside the database."""
    key = signing.read_key(settings.SIGNING_KEY_FILE)
    signed = actions.seal(at=clock.now(), key=key)
    if settings.HEADS_FILE:
        publishing.keep(settings.HEADS_FILE)
    return signed

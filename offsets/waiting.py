"""What the shop has for a participant's desk: issued CERs that are not on offer yet, and offers
that wait for the consent of a focal point.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Subquery
from django.urls import reverse

from cdm_portal import queues
from cdm_portal.queues import Item, Line
from cdm_portal.values import Actor, Role
from offsets import consenting
from offsets.offerable import OF_BLOCK, all_free, first_blocks, holding_accounts
from projects.lifecycle import Stage
from projects.models import Project
from registry.models import Block


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """Offers to consent to, and issued CERs that are not on offer yet.

    One item for each account, project and commitment period: it stands for the oldest block.
    """
    del at  # units wait for no moment
    yield from consenting.queue(actor)
    if actor.role != Role.PARTICIPANT or actor.organisation_id is None:
        return
    for account_id in holding_accounts(actor.organisation_id):
        own, total = Project.objects.filter(OF_BLOCK, owner_id=actor.organisation_id), all_free()
        yield Line(
            "offsets.offerable", first_blocks([account_id], actor.organisation_id), _item,
            related=("issuance", "account"),
            facts={"free": Subquery(total), "project": queues.rows(own)},
        )


def _item(block: Block, facts: queues.Facts) -> Item:
    (project,) = queues.revive(Project, facts["project"])
    url = reverse("offsets:offer_new", args=[project.reference])
    return {
        "title": f"{facts['free']} CERs are ready to be offered",
        "url": url,
        "reference": project.name,
        "what": f"Commitment period {block.issuance.applicable_cp}, "
        f"account {block.account.number}",
        "project": project.title,
        "stage": 8,
        "stage_label": Stage.OFFSETTING.label,
        "waiting_for": "You",
        "until": None,
        "tag": "",
        "tag_kind": "",
        "action_label": "Offer them",
        "action_url": url,
        "why_not": "",
    }

"""What the shop has for a desk: issued CERs that are not on offer yet, offers that wait for the
consent of a focal point, payments that went back, payouts, and what the bank account brings.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from cdm_portal import queues
from cdm_portal.formats import tonnes
from cdm_portal.queues import Item, Line
from cdm_portal.values import Actor, Role
from offsets import consenting, disputes, payouts
from offsets.banking import desk
from offsets.offerable import SIZE_OF_ALL, free_of_project, holding_accounts
from projects.lifecycle import Stage
from projects.models import Project


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """Offers to consent to, disputes about payments, and issued CERs that are not on offer yet: one
    item a project, for all its units in all accounts stand behind the same form.
    """
    yield from consenting.queue(actor)
    yield from desk.queue(actor)
    yield from disputes.queue(actor, at)
    yield from payouts.queue(actor)
    if actor.role != Role.PARTICIPANT or actor.organisation_id is None:
        return
    accounts = holding_accounts(actor.organisation_id)
    if not accounts:
        return
    free = free_of_project(accounts)
    registered = Project.objects.filter(owner_id=actor.organisation_id, number__isnull=False)
    # Asked for one block, each project is looked at alone and in its turn; asked whether there are
    # any, PostgreSQL would rather look at the blocks of all projects once.
    own = registered.alias(one=Subquery(free.values("pk")[:1])).filter(one__isnull=False)
    kind = ("issuance__applicable_cp", "account__number")
    kinds = free.order_by(*kind).values(*kind).annotate(found=SIZE_OF_ALL)
    told = JSONObject(cp=F(kind[0]), account=F(kind[1]), found=SIZE_OF_ALL)
    yield Line(
        "offsets.offerable", own, _item, facts={"free": ArraySubquery(kinds.values(told=told))}
    )


def _item(project: Project, facts: queues.Facts) -> Item:
    kinds = facts["free"]
    url = reverse("offsets:offer_new", args=[project.reference])
    return {
        "title": f"{tonnes(sum(each['found'] for each in kinds))} CERs are ready to be offered",
        "url": url,
        "reference": project.name,
        "what": "; ".join(_named(each) for each in kinds),
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


def _named(kind: dict[str, Any]) -> str:
    period, account = kind["cp"], kind["account"]
    return f"{tonnes(kind['found'])} of commitment period {period} in account {account}"
